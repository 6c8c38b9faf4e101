"""The calendar under a secret address, and the page on which its owner finds it."""

from scheduler.calendars.views import feed as _feed
from scheduler.calendars.views import page as _page
from scheduler.calendars.views.blueprint import pages

__all__ = ["pages"]

del _feed, _page  # imported for their routes
