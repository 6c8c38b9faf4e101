"""How many hosts are asked at once, and how long they have: less the nearer the start is. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

STOP: Final = timedelta(minutes=5)
"""So long before the start nobody is asked any more: nobody could get ready."""
AGAIN: Final = timedelta(minutes=5)
"""When nobody could be asked, it is tried again after this: people change their hours."""
SHORT_NOTICE: Final = timedelta(hours=72)
"""A host whose licence lapsed may renew it; so long before the start another one is looked for."""


@dataclass(frozen=True, slots=True)
class Wave:
    """So many hosts are asked at once and have until ``expires_at`` to answer."""

    size: int
    expires_at: datetime


TIERS: Final = (
    (timedelta(hours=1), 8, timedelta(minutes=3)),
    (timedelta(days=1), 5, timedelta(minutes=30)),
)
"""Below this time to the start: so many at once, so long."""
FAR: Final = (3, timedelta(hours=12))


def next_wave(*, starts_at: datetime, now: datetime) -> Wave | None:
    """Return the wave that is asked at ``now``; None when it is too late to ask anybody."""
    last = starts_at - STOP
    if now >= last:
        return None
    size, window = next(
        ((size, window) for limit, size, window in TIERS if starts_at - now < limit), FAR
    )
    return Wave(size, min(now + window, last))


def next_try(*, starts_at: datetime, now: datetime) -> datetime:
    """Return when somebody is looked for again after nobody could be asked."""
    return min(now + AGAIN, starts_at - STOP)
