"""Pages on which hosts and editors agree on time."""

from streams.planning.views import claims as _claims
from streams.planning.views import matching as _matching
from streams.planning.views import moving as _moving
from streams.planning.views import offers as _offers
from streams.planning.views import proposals as _proposals
from streams.planning.views import searches as _searches
from streams.planning.views import series as _series
from streams.planning.views import slots as _slots
from streams.planning.views.blueprint import pages

__all__ = ["pages"]

del (
    _claims,
    _matching,
    _moving,
    _offers,
    _proposals,
    _searches,
    _series,
    _slots,
)  # imported for their routes
