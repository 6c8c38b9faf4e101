"""Intervals of a day on the clock of the wall, in minutes after midnight. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

DAY: Final = 1440
STEP: Final = 5
HOUR: Final = 60
CLOCK: Final = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])")
BETWEEN: Final = "-"


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """From ``start`` until just before ``end``; the end of the day is 1440."""

    start: int
    end: int

    @property
    def minutes(self) -> int:
        """How long it lasts on the clock of the wall."""
        return self.end - self.start

    def within(self, other: "Interval") -> "Interval | None":
        """Return what both have in common."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Interval(start, end) if start < end else None

    def __str__(self) -> str:
        return f"{clock_of(self.start)}{BETWEEN}{clock_of(self.end)}"


Intervals = tuple[Interval, ...]
WHOLE_DAY: Final = Interval(0, DAY)


def is_valid(interval: Interval) -> bool:
    """Tell whether it lies within a day, on the grid, and lasts."""
    on_grid = interval.start % STEP == 0 and interval.end % STEP == 0
    return on_grid and 0 <= interval.start < interval.end <= DAY


def merged(intervals: Iterable[Interval]) -> Intervals:
    """Return the same time in order, with what overlaps or touches made one."""
    found: list[Interval] = []
    for one in sorted(intervals):
        if found and one.start <= found[-1].end:
            found[-1] = Interval(found[-1].start, max(found[-1].end, one.end))
        else:
            found.append(one)
    return tuple(found)


def without(intervals: Iterable[Interval], cut: Interval) -> Intervals:
    """Return the time that lies outside of ``cut``."""
    return merged(part for one in intervals for part in _outside(one, cut))


def within(intervals: Iterable[Interval], bounds: Interval) -> Intervals:
    """Return the time that lies within ``bounds``."""
    return tuple(part for one in intervals if (part := one.within(bounds)))


def clock_of(minute: int) -> str:
    """Return ``18:05``; the end of the day is ``24:00``."""
    return f"{minute // HOUR:02}:{minute % HOUR:02}"


def minute_of(text: str) -> int | None:
    """Return the minute that ``18:05`` names, or None when it names none."""
    found = CLOCK.fullmatch(text.strip())
    minute = int(found[1]) * HOUR + int(found[2]) if found else DAY + 1
    return minute if minute <= DAY else None


def interval_of(start: str, end: str) -> Interval | None:
    """Return the interval between two clock times; an end of 00:00 is the end of the day."""
    first, last = minute_of(start), minute_of(end)
    if first is None or last is None:
        return None
    found = Interval(first, last or DAY)
    return found if is_valid(found) else None


def _outside(one: Interval, cut: Interval) -> Iterator[Interval]:
    if one.start < min(one.end, cut.start):
        yield Interval(one.start, min(one.end, cut.start))
    if max(one.start, cut.end) < one.end:
        yield Interval(max(one.start, cut.end), one.end)
