"""Pages of the studio, and the host's notes."""

from streams.studio.views import encoder as _encoder
from streams.studio.views import notes as _notes
from streams.studio.views import page as _page
from streams.studio.views.blueprint import pages

__all__ = ["pages"]

del _encoder, _notes, _page  # imported for their routes
