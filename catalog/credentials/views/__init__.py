"""Pages of licences: the application, the licence of a host."""

from catalog.credentials.views import apply, apply_status, licence  # noqa: F401 -- routes
from catalog.credentials.views.blueprint import pages

__all__ = ["pages"]
