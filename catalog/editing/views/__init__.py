"""The editors' pages."""

from catalog.editing.views import creating, editing, history, lists, previews  # noqa: F401 -- routes
from catalog.editing.views.blueprint import pages

__all__ = ["pages"]
