"""Pages on which hosts and editors agree on time."""

from streams.planning.views import moving as _moving
from streams.planning.views import series as _series
from streams.planning.views.blueprint import pages

__all__ = ["pages"]

del _moving, _series  # imported for their routes
