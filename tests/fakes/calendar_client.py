"""A calendar program: it keeps what messages and feeds tell it, as RFC 5546 says, and no more.

Two libraries that know nothing of each other read every text; they must find the same in it.
"""

from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import icalendar
from ical.calendar_stream import IcsCalendarStream


class Kept(NamedTuple):
    """An entry as a person sees it: wall times, their zone, and whether it stands."""

    starts: str
    ends: str
    zone: str
    moment: datetime
    status: str


class Read(NamedTuple):
    """An entry as it was read, with what decides whether it is newer than another."""

    kept: Kept
    sequence: int
    stamp: datetime

    def is_newer_than(self, other: "Read") -> bool:
        """Tell what RFC 5546, 2.1.5 tells: SEQUENCE decides, then DTSTAMP."""
        return (self.sequence, self.stamp) > (other.sequence, other.stamp)


class CalendarClient:
    """One person's calendar; entries are found by the part of the UID before the site."""

    def __init__(self) -> None:
        """Begin empty."""
        self._entries: dict[str, Read] = {}

    @property
    def entries(self) -> dict[str, Kept]:
        """Return everything that is kept."""
        return {name: read.kept for name, read in self._entries.items()}

    def receive(self, text: str) -> None:
        """Apply a message or a feed (RFC 5546, 3.2): what is not newer changes nothing."""
        method, found = read_both(text)
        for name, read in found.items():
            if method == "CANCEL":
                assert read.kept.status == "CANCELLED"
            known = self._entries.get(name)
            if known is None or read.is_newer_than(known):
                self._entries[name] = read


def read_both(text: str) -> tuple[str, dict[str, Read]]:
    """Return METHOD and the entries of a text, as both libraries find them."""
    one, other = _with_icalendar(text), _with_ical(text)
    assert one == other
    return one


def _with_icalendar(text: str) -> tuple[str, dict[str, Read]]:
    whole = icalendar.Calendar.from_ical(text)
    assert [part.errors for part in whole.walk() if part.errors] == []
    found = {}
    for entry in whole.walk("VEVENT"):
        start, end = entry.decoded("dtstart"), entry.decoded("dtend")
        zone = entry["dtstart"].params.get("TZID", "UTC")
        assert entry["dtend"].params.get("TZID", "UTC") == zone
        found[_name(str(entry["uid"]))] = Read(
            _kept(start, end, zone, str(entry["status"])),
            entry.decoded("sequence"),
            entry.decoded("dtstamp"),
        )
    assert len(found) == len(whole.walk("VEVENT"))
    return str(whole["method"]), found


def _with_ical(text: str) -> tuple[str, dict[str, Read]]:
    whole = IcsCalendarStream.calendar_from_ics(text)
    found = {}
    for event in whole.events:
        start, end = event.dtstart, event.dtend
        assert isinstance(start, datetime)
        assert isinstance(end, datetime)
        status: Any = event.status
        found[_name(event.uid)] = Read(
            _kept(start, end, str(start.tzinfo), str(getattr(status, "value", status))),
            event.sequence or 0,
            _moment(event.dtstamp),
        )
    assert len(found) == len(whole.events)
    return str(whole.method), found


def _kept(start: datetime, end: datetime, zone: str, status: str) -> Kept:
    walls = [one.replace(tzinfo=None).isoformat(timespec="minutes") for one in (start, end)]
    return Kept(walls[0], walls[1], zone, start.astimezone(ZoneInfo("UTC")), status)


def _moment(stamp: object) -> datetime:
    assert isinstance(stamp, datetime)
    return stamp if stamp.tzinfo else stamp.replace(tzinfo=ZoneInfo("UTC"))


def _name(uid: str) -> str:
    return uid.partition("@")[0]
