"""Pages of what people want to be told, and of stopping it."""

from accounts.notices.views import choices as _choices
from accounts.notices.views import unsubscribe as _unsubscribe
from accounts.notices.views.blueprint import pages

__all__ = ["pages"]

del _choices, _unsubscribe  # imported for their routes
