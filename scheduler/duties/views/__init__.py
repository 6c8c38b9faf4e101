"""Pages of the rota, of moderators, and of rooms."""

from scheduler.duties.views import mine as _mine
from scheduler.duties.views import one as _one
from scheduler.duties.views import rooms as _rooms
from scheduler.duties.views import rota as _rota
from scheduler.duties.views.blueprint import pages

__all__ = ["pages"]

del _mine, _one, _rooms, _rota  # imported for their routes
