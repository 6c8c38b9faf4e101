"""A livestream as an entry of a calendar, and public calendars of them. Pure.

Titles are left out unless they were asked for: a calendar stands on lock screens and shared walls.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from catalog.enums import LivestreamState as L
from catalog.feeds.ics import END, fold, local, text, utc
from catalog.feeds.wording import Wording
from catalog.feeds.zones import UTC_NAMES, vtimezone

CANCELLED: Final = "CANCELLED"
STATUS: Final = {
    L.DRAFT: "TENTATIVE",
    L.PROPOSED: "TENTATIVE",
    L.CANCELLED: CANCELLED,
    L.MISSED: CANCELLED,
}
"""All other states are CONFIRMED."""
REFRESH: Final = "PT1H"
"""How often a subscriber is asked to look again."""


class Event(NamedTuple):
    """What an entry says; times are UTC."""

    id: str
    """Of the livestream: its page is named by it."""
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
    duty_id: str = ""
    """Of a moderator's duty, which is an entry of its own; empty: that of the livestream."""
    is_premiere: bool = False
    """Whether a finished talk is shown; the description says so."""


def status_of(event: Event) -> str:
    """Return the STATUS of an entry (RFC 5545, 3.8.1.11)."""
    return STATUS.get(L(event.state), "CONFIRMED")


def calendar(events: Sequence[Event], wording: Wording) -> str:
    """Return a calendar that anybody may subscribe to (RFC 5545; METHOD as RFC 5546 says)."""
    return whole(
        "PUBLISH",
        events,
        [vevent(event, wording) for event in events],
        about=about_feed(wording),
    )


def about_feed(wording: Wording) -> tuple[str, ...]:
    """Return what a calendar that is subscribed to says of itself (RFC 7986), old names too."""
    return (
        fold(f"NAME:{text(wording.name)}"),
        fold(f"X-WR-CALNAME:{text(wording.name)}"),
        f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}",
        f"X-PUBLISHED-TTL:{REFRESH}",
    )


def whole(
    method: str, events: Iterable[Event], written: Iterable[str], *, about: Iterable[str] = ()
) -> str:
    """Return an iCalendar object around entries that are written already, with their zones."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Mindcast//Mindcast//EN",
        "CALSCALE:GREGORIAN",
        f"METHOD:{method}",
        *about,
        *_zones(events),
        *written,
        "END:VCALENDAR",
        "",
    ]
    return END.join(lines)


def vevent(event: Event, wording: Wording, *more: str, status: str = "") -> str:
    """Return one entry; ``more`` are lines of its own, ``status`` another than its state has."""
    page = f"{wording.pages}{event.id}"
    changed = utc(event.updated_at)
    status = status or status_of(event)
    return END.join(
        (
            "BEGIN:VEVENT",
            fold(f"UID:{event.duty_id or event.id}@{wording.host}"),
            f"DTSTAMP:{changed}",
            f"LAST-MODIFIED:{changed}",
            f"SEQUENCE:{event.sequence}",
            *_times(event),
            fold(f"SUMMARY:{text(event.title or wording.summary)}"),
            fold(f"DESCRIPTION:{text(f'{_described(event, wording, status)} {page}')}"),
            fold(f"URL:{page}"),
            f"STATUS:{status}",
            *more,
            "END:VEVENT",
        )
    )


def _described(event: Event, wording: Wording, status: str) -> str:
    if status == CANCELLED:
        return wording.not_planned or wording.description
    wanted = f"{wording.host_wanted} " if event.wants_host else ""
    earlier = f"{wording.recorded_earlier} " if event.is_premiere else ""
    return f"{wanted}{earlier}{wording.description}"


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
