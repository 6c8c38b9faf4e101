"""Pages of who gives time: the hours of every week, and the days that differ."""

from scheduler.hours.views import away as _away
from scheduler.hours.views import week as _week
from scheduler.hours.views.blueprint import pages

__all__ = ["pages"]

del _away, _week  # imported for their routes
