"""Every page of an account: importing this module gives the blueprint its routes."""

from web.account import leaving as _leaving
from web.account import own as _own
from web.account import privacy as _privacy
from web.account import ways_in as _ways_in
from web.account.blueprint import pages

__all__ = ["pages"]

del _leaving, _own, _privacy, _ways_in  # imported for their routes
