"""Pages of the question desk, what they ask again and again, and the host's part of it."""

from streams.moderation.views import acts as _acts
from streams.moderation.views import desk as _desk
from streams.moderation.views import host as _host
from streams.moderation.views import state as _state
from streams.moderation.views.blueprint import pages

__all__ = ["pages"]

del _acts, _desk, _host, _state  # imported for their routes
