"""Between clocks on the wall and moments: gaps, repeated hours, changes of the clocks. Pure.

A wall time is a naive datetime beside an IANA zone; everything else is aware UTC.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

import tzdata

GRID: Final = timedelta(minutes=5)
"""Everything starts and lasts a multiple of this."""
PROBE: Final = timedelta(hours=12)
"""No zone changes its clocks twice within this time."""


class SkippedTime(ValueError):  # noqa: N818 -- a fact about the clocks; the edge words it
    """Clocks go forward over this wall time; ``before`` and ``after`` are the nearest starts."""

    def __init__(self, before: datetime, after: datetime) -> None:
        self.before, self.after = before, after
        super().__init__("the clocks skip this time")


class RepeatedTime(ValueError):  # noqa: N818 -- as above
    """Clocks show this wall time twice: at ``first`` and at ``second``."""

    def __init__(self, first: datetime, second: datetime) -> None:
        self.first, self.second = first, second
        super().__init__("the clocks show this time twice")


@dataclass(frozen=True, slots=True)
class Change:
    """At ``at`` the offset of a zone changes from ``old`` to ``new``."""

    at: datetime
    old: timedelta
    new: timedelta


def data_version() -> str:
    """Return the version of the zone database that is read here, for example ``2026f``."""
    return str(tzdata.IANA_VERSION)


AREAS: Final = (
    "Africa/",
    "America/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)


@cache
def suggested_zones() -> tuple[str, ...]:
    """Return the zones that forms suggest; any other name of the IANA database is taken as well."""
    return ("UTC", *sorted(name for name in available_timezones() if name.startswith(AREAS)))


def is_timezone(name: str) -> bool:
    """Tell whether ``name`` is in the IANA database."""
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # a folder of zones, a path, an unknown name
        return False
    return bool(name)


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """Return the zone called ``name``; it is one of those that were checked on entry."""
    return ZoneInfo(name)


def wall_of(moment: datetime, timezone: str) -> tuple[datetime, int]:
    """Return what clocks show at ``moment``, and 1 when they show it for the second time."""
    local = moment.astimezone(zone(timezone))
    return local.replace(tzinfo=None, fold=0), local.fold


def readings(wall: datetime, timezone: str) -> tuple[datetime, ...]:
    """Return the moments, in UTC and in order, at which clocks show ``wall``: none, one or two."""
    found = {
        moment
        for fold in (0, 1)
        if wall_of(moment := _naively(wall, timezone, fold), timezone)[0] == wall.replace(fold=0)
    }
    return tuple(sorted(found))


def moment_of(wall: datetime, timezone: str, fold: int | None = None) -> datetime:
    """Return the moment, in UTC, at which clocks show ``wall``.

    ``fold`` says which of two is meant: 0 the first, 1 the second; None when nobody said.

    Raises:
        SkippedTime: No clock ever shows it.
        RepeatedTime: It comes twice, and ``fold`` is None.
    """
    found = readings(wall, timezone)
    if not found:
        raise SkippedTime(*_around_gap(wall, timezone))
    if len(found) > 1 and fold is None:
        raise RepeatedTime(*found)
    return found[-1] if fold else found[0]


def changes(timezone: str, since: datetime, until: datetime) -> Iterator[Change]:
    """Yield the changes of the clocks after ``since`` and not after ``until``, in order."""
    tz = zone(timezone)
    low, end = since.astimezone(UTC), until.astimezone(UTC)
    old = _offset(low, tz)
    while low < end:
        high = min(low + PROBE, end)
        new = _offset(high, tz)
        if old != new:
            yield _change_between(low, high, tz)
        low, old = high, new


def _change_between(low: datetime, high: datetime, tz: ZoneInfo) -> Change:
    old, new = _offset(low, tz), _offset(high, tz)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (middle, high) if _offset(middle, tz) == old else (low, middle)
    return Change(high, old, new)


def _around_gap(wall: datetime, timezone: str) -> tuple[datetime, datetime]:
    """Return the last start on the grid before the gap and the first after it."""
    moments = [_naively(wall, timezone, fold) for fold in (0, 1)]
    change = _change_between(min(moments), max(moments), zone(timezone))
    before = change.at - (timedelta.resolution if _on_grid(change.at) else timedelta(0))
    return _floor(before), _floor(change.at + GRID - timedelta.resolution)


def _on_grid(moment: datetime) -> bool:
    return _floor(moment) == moment


def _floor(moment: datetime) -> datetime:
    seconds = int(moment.timestamp())
    return datetime.fromtimestamp(seconds - seconds % int(GRID.total_seconds()), UTC)


def _naively(wall: datetime, timezone: str, fold: int) -> datetime:
    return wall.replace(tzinfo=zone(timezone), fold=fold).astimezone(UTC)


def _offset(moment: datetime, tz: ZoneInfo) -> timedelta:
    return moment.astimezone(tz).utcoffset() or timedelta(0)
