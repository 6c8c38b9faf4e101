"""The grid of a week: a box per hour, and what is booked as blocks over the hours. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Protocol

from core.errors import FieldError, InvalidInput
from core.walltime import wall_of, zone
from scheduler.hours.rules.hours import BAD_INTERVAL, WEEKDAYS, Day, Hours
from scheduler.hours.rules.intervals import (
    BETWEEN,
    DAY,
    HOUR,
    Interval,
    Intervals,
    interval_of,
    merged,
    within,
    without,
)
from scheduler.spans import Span

HOURS: Final = range(24)
FIRST_OF_DAY: Final = 6
"""Hours before it are the night, and drawn when somebody asks or is open then."""
WORKDAYS: Final = range(5)


class Booked(Protocol):
    """Something that takes time."""

    @property
    def span(self) -> Span:
        """When."""
        ...


@dataclass(frozen=True, slots=True)
class Box:
    """One hour of a day. ``value`` is what its tick opens: a part that is open stays a part."""

    hour: int
    value: str
    is_open: bool
    is_part: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """What is booked on one day, with the minutes of that day that it takes."""

    booking: Booked
    at: Interval


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of the grid that are booked; entries that share an hour share a block."""

    first: int
    rows: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One day of the grid."""

    day: date
    boxes: tuple[Box, ...]
    differs: Day | None
    blocks: tuple[Block, ...]


def monday_of(day: date) -> date:
    """Return the Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def span_of(first: date, days: int, timezone: str) -> Span:
    """Return the time from the midnight of one day to that of another, as clocks there show it."""
    edges = (datetime.combine(first + timedelta(days=number), time()) for number in (0, days))
    start, end = (edge.replace(tzinfo=zone(timezone)).astimezone(UTC) for edge in edges)
    return Span(start, end)


def columns_of(
    hours: Hours, monday: date, bookings: Sequence[Booked], weekly: Sequence[Intervals]
) -> tuple[Column, ...]:
    """Return the seven days of a week; the boxes are those of every week, as in ``weekly``."""
    days = [monday + timedelta(days=weekday) for weekday in WEEKDAYS]
    return tuple(
        Column(
            day=day,
            boxes=boxes_of(weekly[day.weekday()]),
            differs=hours.dated.get(day),
            blocks=blocks_of(entries_on(day, bookings, hours.timezone)),
        )
        for day in days
    )


def boxes_of(intervals: Intervals) -> tuple[Box, ...]:
    """Return a box for every hour of a day."""
    return tuple(_box(hour, intervals) for hour in HOURS)


def ticked(values: Iterable[str]) -> Intervals:
    """Return what the values of ticked boxes open.

    Raises:
        InvalidInput: One of them is none.
    """
    found = [interval_of(*text.partition(BETWEEN)[::2]) for one in values for text in one.split()]
    if any(one is None for one in found):
        raise InvalidInput(FieldError("week", BAD_INTERVAL))
    return merged(one for one in found if one is not None)


def with_typed(
    weekly: Sequence[Intervals], weekdays: Iterable[int], typed: Interval, *, is_open: bool
) -> tuple[Intervals, ...]:
    """Open or close a typed interval on some weekdays."""
    chosen = frozenset(weekdays)
    return tuple(
        (merged((*one, typed)) if is_open else without(one, typed)) if weekday in chosen else one
        for weekday, one in enumerate(weekly)
    )


def copied(
    weekly: Sequence[Intervals], source: int, targets: Iterable[int]
) -> tuple[Intervals, ...]:
    """Give some weekdays the hours of another."""
    chosen = frozenset(targets)
    return tuple(weekly[source] if day in chosen else one for day, one in enumerate(weekly))


def is_at_night(weekly: Sequence[Intervals]) -> bool:
    """Tell whether any hour of the night is open."""
    night = Interval(0, FIRST_OF_DAY * HOUR)
    return any(within(one, night) for one in weekly)


def entries_on(day: date, bookings: Iterable[Booked], timezone: str) -> list[Entry]:
    """Return what is booked on a local day, cut at its midnights."""
    entries = ((one, _minutes_on(day, one.span, timezone)) for one in bookings)
    return [Entry(booking, at) for booking, at in entries if at is not None]


def blocks_of(entries: Iterable[Entry]) -> tuple[Block, ...]:
    """Return the rows that entries take, in order."""
    found: list[Block] = []
    for entry in sorted(entries, key=lambda one: one.at):
        first, last = entry.at.start // HOUR, -(-entry.at.end // HOUR)
        if found and first < found[-1].first + found[-1].rows:
            before = found[-1]
            rows = max(before.rows, last - before.first)
            found[-1] = Block(before.first, rows, (*before.entries, entry))
        else:
            found.append(Block(first, last - first, (entry,)))
    return tuple(found)


def _box(hour: int, intervals: Intervals) -> Box:
    whole = Interval(hour * HOUR, (hour + 1) * HOUR)
    parts = within(intervals, whole)
    is_part = bool(parts) and parts != (whole,)
    return Box(hour, " ".join(map(str, parts or (whole,))), bool(parts), is_part)


def _minutes_on(day: date, span: Span, timezone: str) -> Interval | None:
    """Return the minutes of a day that clocks show during a span."""
    start, end = (_minute(day, at, timezone) for at in (span.starts_at, span.ends_at))
    if start >= DAY or end <= 0:
        return None
    return Interval(max(start, 0), min(max(end, start + 1), DAY))


def _minute(day: date, moment: datetime, timezone: str) -> int:
    wall, _fold = wall_of(moment, timezone)
    return (wall - datetime.combine(day, time())) // timedelta(minutes=1)


def runs_of_days(days: Iterable[tuple[date, Day]]) -> Iterator[tuple[date, date, Day]]:
    """Yield days in a row that differ alike as one: the first, the last, and how."""
    run: tuple[date, date, Day] | None = None
    for day, differs in days:
        if run and run[2] == differs and day - run[1] == timedelta(days=1):
            run = (run[0], day, differs)
            continue
        if run:
            yield run
        run = (day, day, differs)
    if run:
        yield run
