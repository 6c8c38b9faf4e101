"""How a talk fits into the time that is kept for it. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

GRACE: Final = timedelta(minutes=1)
"""A talk that is longer by less is not worth a word."""


class Fit(StrEnum):
    """What a host is told of the length of the talk."""

    FITS = "fits"
    SHORTER = "shorter"  # the rest of the time is for questions
    LONGER = "longer"  # it runs past the planned end
    COLLIDES = "collides"  # it would be cut short by what its host does next


@dataclass(frozen=True, slots=True)
class Slot:
    """The time that is kept; ``next_at`` is when its host's next reservation begins, if any."""

    starts_at: datetime
    ends_at: datetime
    next_at: datetime | None = None


def fit_of(length: timedelta, slot: Slot) -> Fit:
    """Return how a talk of ``length`` that starts on time fits."""
    ends_at = slot.starts_at + length
    if slot.next_at is not None and ends_at > max(slot.next_at, slot.ends_at):
        return Fit.COLLIDES
    if ends_at > slot.ends_at + GRACE:
        return Fit.LONGER
    return Fit.SHORTER if ends_at + GRACE < slot.ends_at else Fit.FITS
