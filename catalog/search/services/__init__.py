"""Keeping the index current: idempotent, only what changed, a portion at a time."""

from catalog.search.services.keeping import catch_up, check_all, empty

__all__ = ["catch_up", "check_all", "empty"]
