"""The pages of the board."""

from scheduler.board.views import days as _days
from scheduler.board.views.blueprint import pages

__all__ = ["pages"]

del _days  # imported for its routes
