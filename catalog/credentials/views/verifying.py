"""Pages of verification: importing this module registers their routes."""

from catalog.credentials.views import rosters, verification  # noqa: F401 -- routes
from catalog.credentials.views.joining import pages as join_pages
from catalog.credentials.views.verification_blueprint import pages

__all__ = ["join_pages", "pages"]
