"""A livestream as an entry of a calendar, and calendars of them. Pure.

Titles are left out unless they were asked for: a calendar stands on lock screens and shared walls.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from catalog.enums import LivestreamState as L
from catalog.feeds.ics import END, fold, local, text, utc
from catalog.feeds.zones import UTC_NAMES, vtimezone

STATUS: Final = {
    L.DRAFT: "TENTATIVE",
    L.PROPOSED: "TENTATIVE",
    L.CANCELLED: "CANCELLED",
    L.MISSED: "CANCELLED",
}
"""All other states are CONFIRMED."""
REFRESH: Final = "PT1H"
"""How often a subscriber is asked to look again."""


class Event(NamedTuple):
    """What an entry says; times are UTC."""

    id: str
    starts_at: datetime
    ends_at: datetime
    timezone: str
    state: str
    sequence: int
    updated_at: datetime
    wants_host: bool = False
    """Whether another host is being found; the description says so."""
    title: str = ""
    """Empty: the neutral one."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What a calendar says in the language of its address."""

    name: str
    """Of the calendar."""
    summary: str
    """Of entries without a title."""
    description: str
    """Before the address of the page."""
    pages: str
    """The whole address of livestreams, without an id."""
    host: str
    """The host name of the site, which makes identifiers unique in the world."""
    host_wanted: str = ""
    """Before the description while another host is being found."""


def calendar(events: Sequence[Event], wording: Wording) -> str:
    """Return a calendar that is published (RFC 5545; METHOD as RFC 5546 says)."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Mindcast//Mindcast//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        fold(f"NAME:{text(wording.name)}"),
        fold(f"X-WR-CALNAME:{text(wording.name)}"),
        f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}",
        f"X-PUBLISHED-TTL:{REFRESH}",
        *_zones(events),
        *(_vevent(event, wording) for event in events),
        "END:VCALENDAR",
        "",
    ]
    return END.join(lines)


def _zones(events: Iterable[Event]) -> list[str]:
    """Return the VTIMEZONE of each zone, for the years in which it is used."""
    years: dict[str, tuple[int, int]] = {}
    for event in events:
        first, last = years.get(event.timezone, (event.starts_at.year, event.ends_at.year))
        years[event.timezone] = (
            min(first, event.starts_at.year),
            max(last, event.ends_at.year),
        )
    return [vtimezone(name, *span) for name, span in sorted(years.items()) if name not in UTC_NAMES]


def _vevent(event: Event, wording: Wording) -> str:
    page = f"{wording.pages}{event.id}"
    wanted = f"{wording.host_wanted} " if event.wants_host else ""
    changed = utc(event.updated_at)
    return END.join(
        (
            "BEGIN:VEVENT",
            fold(f"UID:{event.id}@{wording.host}"),
            f"DTSTAMP:{changed}",
            f"LAST-MODIFIED:{changed}",
            f"SEQUENCE:{event.sequence}",
            *_times(event),
            fold(f"SUMMARY:{text(event.title or wording.summary)}"),
            fold(f"DESCRIPTION:{text(f'{wanted}{wording.description} {page}')}"),
            fold(f"URL:{page}"),
            f"STATUS:{STATUS.get(L(event.state), 'CONFIRMED')}",
            "END:VEVENT",
        )
    )


def _times(event: Event) -> tuple[str, str]:
    """Return start and end in the zone that was meant.

    A wall time that comes twice means its first coming in a calendar (RFC 5545, 3.3.5); the second
    can only be written in UTC.
    """
    zone = ZoneInfo(event.timezone)
    starts, ends = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
    if event.timezone in UTC_NAMES or starts.fold or ends.fold:
        return f"DTSTART:{utc(event.starts_at)}", f"DTEND:{utc(event.ends_at)}"
    name = event.timezone
    return f"DTSTART;TZID={name}:{local(starts)}", f"DTEND;TZID={name}:{local(ends)}"
