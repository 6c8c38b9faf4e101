"""The files of the zone database, read by the format (RFC 8536) and by nothing of Mindcast."""

import re
import struct
from calendar import monthcalendar
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

YEARS = range(2026, 2037)
SINCE, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2037, 1, 1, tzinfo=UTC)
ZONES = tuple(sorted(files("tzdata").joinpath("zones").read_text().split()))
HEADER = 44
CLOCK = r"([+-]?\d+(?::\d+)*)"
NAME = r"(?:<[^>]+>|[A-Za-z]+)"
RULE = re.compile(
    rf"{NAME}{CLOCK}(?:{NAME}{CLOCK}?,M(\d+)\.(\d)\.(\d)(?:/{CLOCK})?,M(\d+)\.(\d)\.(\d)(?:/{CLOCK})?)?"
)


class Written(NamedTuple):
    """At ``at`` the offset of a zone changes."""

    at: datetime
    old: timedelta
    new: timedelta


def changes_in_file(zone: str) -> list[Written]:
    """Return the changes of the offset within the years above."""
    data = files("tzdata").joinpath("zoneinfo", *zone.split("/")).read_bytes()
    listed, rule = _second_block(data)
    last = max((change.at for change in listed), default=SINCE)
    ruled = [change for change in _by_rule(rule) if change.at > last]
    return sorted(one for one in (*listed, *ruled) if SINCE < one.at <= UNTIL)


def _second_block(data: bytes) -> tuple[list[Written], str]:
    """Return what the block of 64-bit times lists, and the rule for what comes after it."""
    utc, std, leap, times, types, letters = struct.unpack(">6l", data[20:HEADER])
    start = HEADER + 5 * times + 6 * types + letters + 8 * leap + std + utc
    utc, std, leap, times, types, letters = struct.unpack(">6l", data[start + 20 : start + HEADER])
    start += HEADER
    moments = struct.unpack(f">{times}q", data[start : start + 8 * times])
    kinds = data[start + 8 * times : start + 9 * times]
    table = start + 9 * times
    offsets = [
        struct.unpack(">l", data[table + 6 * n : table + 6 * n + 4])[0] for n in range(types)
    ]
    end = table + 6 * types + letters + 12 * leap + std + utc
    passed = [(moment, offsets[kind]) for moment, kind in zip(moments, kinds, strict=True)]
    listed = [
        Written(datetime.fromtimestamp(moment, UTC), timedelta(seconds=old), timedelta(seconds=new))
        for (_, old), (moment, new) in pairwise(passed)
        if old != new and moment > 0
    ]
    return listed, data[end:].decode().strip()


def _by_rule(rule: str) -> Iterator[Written]:
    """Yield the changes by a POSIX rule such as ``CET-1CEST,M3.5.0,M10.5.0/3``."""
    found = RULE.fullmatch(rule)
    assert found, rule
    standard = -_clock(found[1])
    if found[3] is None:
        return
    summer = -_clock(found[2]) if found[2] else standard + timedelta(hours=1)
    for year in YEARS:
        start = _nth(year, int(found[3]), int(found[4]), int(found[5])) + _clock(found[6] or "2")
        end = _nth(year, int(found[7]), int(found[8]), int(found[9])) + _clock(found[10] or "2")
        yield Written(start - standard, standard, summer)
        yield Written(end - summer, summer, standard)


def _nth(year: int, month: int, week: int, weekday: int) -> datetime:
    """Return midnight of the nth weekday of a month (5: the last one); 0 is Sunday."""
    days = [days[weekday - 1] for days in monthcalendar(year, month) if days[weekday - 1]]
    return datetime(year, month, days[min(week, len(days)) - 1], tzinfo=UTC)


def _clock(text: str) -> timedelta:
    sign = -1 if text.startswith("-") else 1
    hours, minutes, seconds = (*(int(part) for part in text.lstrip("+-").split(":")), 0, 0)[:3]
    return sign * timedelta(hours=hours, minutes=minutes, seconds=seconds)
