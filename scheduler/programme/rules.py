"""Which state of a livestream takes time, and how firmly. Pure."""

from collections.abc import Mapping
from typing import Final

from catalog.enums import LivestreamState as L
from scheduler.enums import ReservationState as R

TAKES: Final[Mapping[L, R]] = {
    L.PROPOSED: R.PENDING,
    L.SCHEDULED: R.CONFIRMED,
    L.LIVE: R.CONFIRMED,
}
"""A livestream in one of these states has a reservation; in any other it has none."""


def after(old: L, new: L) -> R | None:
    """Return what becomes of the reservation when a livestream goes from ``old`` to ``new``.

    None: it stays as it is, or there is none. Who was on air has used the time up to now and gets
    the rest back; who never was gets all of it back.
    """
    if TAKES.get(new) is TAKES.get(old):
        return None
    if new in TAKES:
        return TAKES[new]
    return R.USED if old is L.LIVE else R.RELEASED
