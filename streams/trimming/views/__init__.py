"""The page on which a replay is cut and its chapters are edited."""

from streams.trimming.views import chapters as _chapters
from streams.trimming.views import page as _page
from streams.trimming.views.blueprint import pages

__all__ = ["pages"]

del _chapters, _page  # imported for their routes
