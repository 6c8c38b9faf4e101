"""Time zones in calendars: VTIMEZONE of an IANA zone for some years, as the zone data has it. Pure.

Each change of the clock stands on its own, with its moment; rules that repeat would be wrong for
zones whose dates follow the moon or a decree.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from catalog.feeds.ics import END, local

UTC_NAMES: Final = frozenset({"UTC", "Etc/UTC", "Etc/UCT", "UCT", "Zulu", "Etc/Zulu"})
"""Zones whose times calendars write with a Z, without a VTIMEZONE."""
DAY: Final = timedelta(days=1)
SECOND: Final = timedelta(seconds=1)


@lru_cache(maxsize=512)
def vtimezone(name: str, first_year: int, last_year: int) -> str:
    """Return the VTIMEZONE of a zone that is right from the first year to the end of the last."""
    zone = ZoneInfo(name)
    start = datetime(first_year, 1, 1, tzinfo=UTC) - DAY
    end = datetime(last_year + 1, 1, 1, tzinfo=UTC) + DAY
    parts = [_observance(start, _offset(start, zone), zone)]
    parts += [
        _observance(at, _offset(at - SECOND, zone), zone) for at in _changes(start, end, zone)
    ]
    return END.join(("BEGIN:VTIMEZONE", f"TZID:{name}", *parts, "END:VTIMEZONE"))


def _changes(start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """Yield the moments at which the distance to UTC changes; two on one day are unheard of."""
    before = start
    while before < end:
        after = before + DAY
        if _offset(before, zone) != _offset(after, zone):
            yield _change_between(before, after, zone)
        before = after


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the first second of the new distance, by halving."""
    old = _offset(before, zone)
    while after - before > SECOND:
        middle = before + timedelta(seconds=int((after - before).total_seconds()) // 2)
        if _offset(middle, zone) == old:
            before = middle
        else:
            after = middle
    return after


def _observance(since: datetime, old: timedelta, zone: ZoneInfo) -> str:
    """Return what holds from a moment on; it is written in the wall time that held before."""
    there = since.astimezone(zone)
    kind = "DAYLIGHT" if there.dst() else "STANDARD"
    wall = (since + old).replace(tzinfo=None)
    return END.join(
        (
            f"BEGIN:{kind}",
            f"DTSTART:{local(wall)}",
            f"TZOFFSETFROM:{_distance(old)}",
            f"TZOFFSETTO:{_distance(_offset(since, zone))}",
            f"TZNAME:{there.tzname()}",
            f"END:{kind}",
        )
    )


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta(0)


def _distance(offset: timedelta) -> str:
    sign, minutes = ("-", -offset) if offset < timedelta(0) else ("+", offset)
    hours, rest = divmod(int(minutes.total_seconds()) // 60, 60)
    return f"{sign}{hours:02}{rest:02}"
