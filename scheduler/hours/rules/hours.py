"""The hours of one person as a value: of every week, and of days that differ. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final, TypedDict

from core.errors import FieldError, InvalidInput, _
from core.walltime import is_timezone
from scheduler.grid.rules import BUFFER
from scheduler.hours.rules.intervals import Interval, Intervals, is_valid, merged

WEEKDAYS: Final = range(7)
LARGEST_BUFFER: Final = 120
LONGEST_NOTE: Final = 120
MOST_INTERVALS: Final = 24
MOST_DAYS: Final = 366

BAD_ZONE: Final = _("Use a name like Europe/Berlin or Asia/Shanghai.")
BAD_BUFFER: Final = _("Choose 0 to 120 minutes, in steps of 5.")
BAD_INTERVAL: Final = _("Write a start and a later end in steps of 5 minutes, like 18:30 to 20:15.")
TOO_MANY_INTERVALS: Final = _("A day has at most 24 separate times.")
TOO_MANY_DAYS: Final = _("At most 366 days can differ. Take away some that are over.")
LONG_NOTE: Final = _("A note has at most 120 characters.")


@dataclass(frozen=True, slots=True)
class Day:
    """A day that differs from the week; without intervals the person is away."""

    intervals: Intervals = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Hours:
    """When a person gives time. ``version`` 0 says that nothing was ever stored."""

    timezone: str
    buffers: tuple[int, int] = (BUFFER, BUFFER)
    weekly: tuple[Intervals, ...] = ((),) * len(WEEKDAYS)
    """One entry per weekday, Monday first."""
    dated: Mapping[date, Day] = field(default_factory=dict)
    version: int = 0

    def on(self, day: date) -> Intervals:
        """Return the open intervals of a local day."""
        differs = self.dated.get(day)
        return self.weekly[day.weekday()] if differs is None else differs.intervals

    @property
    def are_empty(self) -> bool:
        """Tell whether no time is given at all."""
        return not any(self.weekly) and not any(day.intervals for day in self.dated.values())


class Kept(TypedDict):
    """How hours stand in JSON, for the change that can be undone."""

    timezone: str
    buffers: list[int]
    weekly: list[list[list[int]]]
    dated: dict[str, dict[str, Any]]


def normal(hours: Hours) -> Hours:
    """Return the hours with the intervals of every day in order and merged.

    Raises:
        InvalidInput: A zone, buffer, interval or note is none; each fault names its field.
    """
    faults = list(_faults(hours))
    if faults:
        raise InvalidInput(*faults)
    dated = {
        day: replace(one, intervals=merged(one.intervals))
        for day, one in sorted(hours.dated.items())
    }
    return replace(hours, weekly=tuple(map(merged, hours.weekly)), dated=dated)


def kept(hours: Hours) -> Kept:
    """Return the hours as JSON."""
    return {
        "timezone": hours.timezone,
        "buffers": list(hours.buffers),
        "weekly": [_pairs(one) for one in hours.weekly],
        "dated": {
            day.isoformat(): {"intervals": _pairs(one.intervals), "note": one.note}
            for day, one in hours.dated.items()
        },
    }


def brought_back(stored: Mapping[str, Any], version: int) -> Hours:
    """Return the hours that :func:`kept` wrote."""
    before, after = stored["buffers"]
    return Hours(
        timezone=stored["timezone"],
        buffers=(before, after),
        weekly=tuple(_intervals(one) for one in stored["weekly"]),
        dated={
            date.fromisoformat(day): Day(_intervals(one["intervals"]), one["note"])
            for day, one in stored["dated"].items()
        },
        version=version,
    )


def days_between(first: date, last: date) -> tuple[date, ...]:
    """Return the days from ``first`` to ``last``, both included."""
    return tuple(first + timedelta(days=number) for number in range((last - first).days + 1))


def _pairs(intervals: Iterable[Interval]) -> list[list[int]]:
    return [[one.start, one.end] for one in intervals]


def _intervals(pairs: Iterable[tuple[int, int]]) -> Intervals:
    return tuple(Interval(start, end) for start, end in pairs)


def _faults(hours: Hours) -> Iterable[FieldError]:
    if not is_timezone(hours.timezone):
        yield FieldError("timezone", BAD_ZONE)
    for name, minutes in zip(("buffer_before", "buffer_after"), hours.buffers, strict=True):
        if not 0 <= minutes <= LARGEST_BUFFER or minutes % 5:
            yield FieldError(name, BAD_BUFFER)
    for weekday, intervals in enumerate(hours.weekly):
        yield from _day_faults(f"weekly.{weekday}", intervals)
    if len(hours.dated) > MOST_DAYS:
        yield FieldError("dated", TOO_MANY_DAYS)
    for day, one in hours.dated.items():
        yield from _day_faults(f"dated.{day}", one.intervals)
        if len(one.note) > LONGEST_NOTE:
            yield FieldError("note", LONG_NOTE)


def _day_faults(name: str, intervals: Intervals) -> Iterable[FieldError]:
    if not all(map(is_valid, intervals)):
        yield FieldError(name, BAD_INTERVAL)
    elif len(merged(intervals)) > MOST_INTERVALS:
        yield FieldError(name, TOO_MANY_INTERVALS)
