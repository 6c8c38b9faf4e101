"""Entries for one person's calendar: invited, moved, cancelled, or simply handed over. Pure.

RFC 5546 (iTIP) says what a message of each method carries. Everything here is private in shared
calendars, keeps nobody but hosts and moderators busy, and never rings: reminders are mails.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final
from urllib.parse import quote

from catalog.feeds.events import CANCELLED, Event, about_feed, status_of, vevent, whole
from catalog.feeds.ics import fold
from catalog.feeds.wording import Wording

CALENDAR_TYPE: Final = "text/calendar; charset=utf-8; method=PUBLISH"
"""Of what is published; RFC 5545, 3.7.2: METHOD and its parameter come together or not at all."""
_IN_ADDRESSES: Final = "@!$'*+-._~"
"""Stands unescaped in a mailto address (RFC 6068, section 2)."""


class Method(StrEnum):
    """METHOD of an iCalendar object, and ``method`` of the part of a mail that it comes in."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"


def invitation(
    event: Event, *, method: Method, organizer: str, attendee: str | None, wording: Wording
) -> str:
    """Return the entry of one person as a message that a calendar program acts on.

    ``organizer`` and ``attendee`` are mail addresses. A CANCEL is STATUS:CANCELLED whatever the
    livestream is: it may go on without this person. PUBLISH names no attendee (RFC 5546, 3.2.1).

    Raises:
        ValueError: A REQUEST or a CANCEL without an attendee.
    """
    if method is Method.PUBLISH:
        return programme([event], wording=wording, organizer=organizer)
    if not attendee:
        message = f"a {method} names its attendee"
        raise ValueError(message)
    status = CANCELLED if method is Method.CANCEL else status_of(event)
    people = (_organizer(organizer), _attendee(attendee))
    return whole(method, [event], [_personal(event, wording, status, *people)])


def programme(events: Sequence[Event], *, wording: Wording, organizer: str = "") -> str:
    """Return several entries of one person as one message that asks for no answer."""
    people = (_organizer(organizer),) if organizer else ()
    written = [_personal(event, wording, status_of(event), *people) for event in events]
    return whole(Method.PUBLISH, events, written)


def personal_calendar(entries: Iterable[tuple[Event, Wording]], *, about: Wording) -> str:
    """Return everything of one person as a calendar to subscribe to."""
    pairs = list(entries)
    written = [_personal(event, wording, status_of(event)) for event, wording in pairs]
    return whole(Method.PUBLISH, (event for event, _ in pairs), written, about=about_feed(about))


def _personal(event: Event, wording: Wording, status: str, *people: str) -> str:
    is_busy = wording.is_duty and status != CANCELLED
    return vevent(
        event,
        wording,
        "CLASS:PRIVATE",
        f"TRANSP:{'OPAQUE' if is_busy else 'TRANSPARENT'}",
        f"X-MICROSOFT-CDO-BUSYSTATUS:{'BUSY' if is_busy else 'FREE'}",
        *people,
        status=status,
    )


def _organizer(address: str) -> str:
    return fold(f"ORGANIZER;CN=Mindcast:{_mailto(address)}")


def _attendee(address: str) -> str:
    """Return the person who is told; nobody is asked to answer a mail that nobody reads."""
    how = "CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE"
    return fold(f"ATTENDEE;{how}:{_mailto(address)}")


def _mailto(address: str) -> str:
    return f"mailto:{quote(address, safe=_IN_ADDRESSES)}"
