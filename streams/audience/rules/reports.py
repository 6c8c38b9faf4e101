"""What a host is told of an audience when it has gone. Pure.

No figure hangs on how many watched in a minute in which fewer than ``least`` did: two audiences
that differ there alone have the same report. So every sum is made of what was told, and never of
what was counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from streams.audience.rules.counting import MINUTE, Minute, minute_of
from streams.audience.rules.telling import rounded, told

MOST_POINTS: Final = 48
STEPS: Final = (1, 2, 5, 10, 15, 30)
"""Minutes that a point of the curve can stand for."""


@dataclass(frozen=True, slots=True)
class Point:
    """The most that watched in one of the ``minutes`` from ``begins`` on; None: fewer than told."""

    begins: int
    minutes: int
    viewers: int | None


@dataclass(frozen=True, slots=True)
class Report:
    """Figures as they may be told; None: fewer than ``least``."""

    least: int
    minutes: int
    """Full minutes of the clock while it was live; the others are not compared with them."""
    points: tuple[Point, ...]
    peak: int | None
    average: int | None
    """How many watched on average, at least: minutes that are not told count as nobody."""
    watched_minutes: int | None
    """The minutes of all viewers together, at least; in two digits."""


@dataclass(frozen=True, slots=True)
class Breaks:
    """How often the picture was away, and how long in all."""

    count: int
    away: timedelta


def make_report(
    minutes: Sequence[Minute], *, began_at: datetime, ended_at: datetime, least: int
) -> Report:
    """Return the report of a livestream from the minutes in which somebody watched."""
    curve = _told_minutes(minutes, began_at, ended_at, least)
    shown = [viewers for viewers in curve if viewers is not None]
    whole = sum(shown)
    return Report(
        least=least,
        minutes=len(curve),
        points=_points(curve),
        peak=max(shown, default=None),
        average=told(whole // len(curve), least) if curve else None,
        watched_minutes=rounded(whole) if shown else None,
    )


def breaks_between(spans: Sequence[tuple[datetime, timedelta]]) -> Breaks:
    """Return what lies between runs of pictures that begin at moments and last so long."""
    gaps = [after - (before + length) for (before, length), (after, _length) in pairwise(spans)]
    away = sum((max(gap, timedelta(0)) for gap in gaps), timedelta(0))
    return Breaks(len(gaps), away)


def _told_minutes(
    minutes: Sequence[Minute], began_at: datetime, ended_at: datetime, least: int
) -> list[int | None]:
    """Return every full minute of the clock, in order, also those in which nobody watched."""
    counted: Mapping[datetime, int] = {one.minute_at: one.viewers for one in minutes}
    first = minute_of(began_at + MINUTE - timedelta(microseconds=1))
    number = max(0, (minute_of(ended_at) - first) // MINUTE)
    return [told(counted.get(first + place * MINUTE, 0), least) for place in range(number)]


def _points(curve: Sequence[int | None]) -> tuple[Point, ...]:
    step = next((one for one in STEPS if len(curve) <= one * MOST_POINTS), STEPS[-1])
    starts = range(0, len(curve), step)
    parts = [(start, curve[start : start + step]) for start in starts]
    return tuple(Point(start, len(part), _highest(part)) for start, part in parts)


def _highest(part: Sequence[int | None]) -> int | None:
    return max((viewers for viewers in part if viewers is not None), default=None)
