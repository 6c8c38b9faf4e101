"""What a wall time means by the zone data of today. Pure."""

from dataclasses import dataclass
from datetime import datetime

from core.walltime import SkippedTime, readings


@dataclass(frozen=True, slots=True)
class Meant:
    """A start as it was meant: what clocks were to show, in which zone."""

    local_start: str
    """``2026-11-22T20:00:00``."""
    local_fold: int
    """1: the second of two such wall times."""
    timezone: str


@dataclass(frozen=True, slots=True)
class Aside:
    """A row that could not follow the zone data and stays where it was."""

    kind: str
    id: str
    reason: str


def derived_start(meant: Meant, stored: datetime) -> datetime:
    """Return the moment that the wall time means now.

    A stored start at which clocks do show it is kept: rows from before the fold was written down
    may be the second of two.

    Raises:
        SkippedTime: Clocks no longer show it at all.
    """
    found = readings(datetime.fromisoformat(meant.local_start), meant.timezone)
    if not found:
        raise SkippedTime(stored, stored)
    if stored in found:
        return stored
    return found[-1] if meant.local_fold else found[0]
