"""Writes of the reservation grid. The primary key of the cells is what refuses a double booking.

Every write locks its resources in sorted order first, gives back expired holds on them, and either
has all cells or changes nothing. Services flush and never commit.

Locks are taken in one order, so that rivals wait and do not deadlock: the subject's own row (the
livestream, by the caller), the resources, the reservation, its cells.
"""

from scheduler.grid.services.cells import lock_resources
from scheduler.grid.services.releasing import change_state, forget_past_cells, release_expired
from scheduler.grid.services.reserving import move, reserve

__all__ = [
    "change_state",
    "forget_past_cells",
    "lock_resources",
    "move",
    "release_expired",
    "reserve",
]
