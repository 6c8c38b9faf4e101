"""Pages on which editors offer times to hosts."""

from scheduler.slots.views import offering as _offering
from scheduler.slots.views import week as _week
from scheduler.slots.views.blueprint import pages

__all__ = ["pages"]

del _offering, _week  # imported for their routes
