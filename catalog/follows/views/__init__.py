"""The page of what is new, and the forms that follow and unfollow."""

from catalog.follows.views import following as _following
from catalog.follows.views.blueprint import pages

__all__ = ["pages"]

del _following  # imported for its routes
