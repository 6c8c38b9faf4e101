"""Pages for who puts livestreams on air: the list, the form, the desk."""

from streams.hosting.views import desk as _desk
from streams.hosting.views import livestreams as _livestreams
from streams.hosting.views.blueprint import pages

__all__ = ["pages"]

del _desk, _livestreams  # imported for their routes
