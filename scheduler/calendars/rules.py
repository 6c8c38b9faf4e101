"""The secret of a calendar's address, and what of a person stands in it. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from catalog.enums import LivestreamState
from catalog.feeds.events import Event
from core.sealing import is_proof, make_proof
from core.words import Words, in_language

KEPT: Final = timedelta(days=30)
"""So long what is over or cancelled stays, that programs learn of it."""
HOUR: Final = timedelta(hours=1)
SECOND: Final = timedelta(seconds=1)

Role = Literal["viewer", "host", "moderator"]
FIRST: Final = {"host": 0, "moderator": 1, "viewer": 2}
"""Who hosts what they also wanted to watch has one entry, as its host."""


class Part(NamedTuple):
    """What somebody has to do with a livestream; times are UTC."""

    id: str
    """Of the livestream."""
    starts_at: datetime
    ends_at: datetime
    timezone: str
    state: str
    sequence: int
    updated_at: datetime
    created_at: datetime
    wants_host: bool
    is_premiere: bool
    role: Role
    duty_id: str
    is_over: bool
    """Whether the person has no more part in it: called off, released, handed to somebody else."""
    changed_at: datetime
    """When the person's part was last changed."""
    turns: int
    """How often a viewer asked for it."""
    since: datetime | None
    """When a viewer's part was confirmed."""
    titles: Words = MappingProxyType({})


class Entry(NamedTuple):
    """An entry of a calendar, and in which part the person has it."""

    event: Event
    role: Role


def secret_of(data_key: str, feed_id: str) -> str:
    """Return the secret part of a calendar's address; nothing of it is stored."""
    return f"{feed_id}-{make_proof(data_key, _facts(feed_id))}"


def feed_id_in(data_key: str, secret: str) -> str | None:
    """Return which calendar a secret opens; None when it was not made here."""
    feed_id, _, proof = secret.partition("-")
    if not secret.isascii() or not feed_id.isalnum():
        return None
    return feed_id if is_proof(data_key, _facts(feed_id), proof) else None


def _facts(feed_id: str) -> str:
    return f"calendar:{feed_id}"


def oldest(now: datetime) -> datetime:
    """Return since when things are kept: a midnight, so that a calendar rests all day."""
    return (now - KEPT).replace(hour=0, minute=0, second=0, microsecond=0)


def is_read_anew(read_at: datetime | None, now: datetime) -> bool:
    """Tell whether it is to be noted that a program reads the calendar: once an hour."""
    return read_at is None or now - read_at >= HOUR


def sequence_of(part: Part) -> int:
    """Return SEQUENCE of one person's entry: no change lowers it (RFC 5545, 3.8.7.4).

    The livestream has one for everybody, which rises as its host leaves, comes back or is another.
    A duty that ended is one further. A viewer who called off and asked again is counted in seconds
    since the livestream was made: how often that happened is not kept.
    """
    if part.role != "viewer":
        return part.sequence + int(part.role == "moderator" and part.is_over)
    is_first = part.turns == 1 and part.since == part.changed_at and not part.is_over
    passed = max(part.changed_at - part.created_at, SECOND)
    return part.sequence + (0 if is_first else int(passed / SECOND))


def event_of(part: Part, *, language: str, with_titles: bool) -> Event:
    """Return the entry of one part; what is over for this person is cancelled for them."""
    return Event(
        id=part.id,
        starts_at=part.starts_at,
        ends_at=part.ends_at,
        timezone=part.timezone,
        state=LivestreamState.CANCELLED if part.is_over else part.state,
        sequence=sequence_of(part),
        updated_at=max(part.updated_at, part.changed_at),
        wants_host=part.wants_host and not part.is_over,
        is_premiere=part.is_premiere,
        title=in_language(part.titles, language) if with_titles else "",
        duty_id=part.duty_id,
    )


def entries_of(parts: Iterable[Part], *, language: str, with_titles: bool) -> list[Entry]:
    """Return the entries of one person in order, one per UID: what stands before what is over."""
    found: dict[str, Entry] = {}
    for part in sorted(parts, key=lambda one: (one.is_over, FIRST[one.role])):
        event = event_of(part, language=language, with_titles=with_titles)
        uid = event.duty_id or event.id
        known = found.get(uid)
        found[uid] = Entry(event, part.role) if known is None else _joined(known, event)
    return sorted(found.values(), key=lambda entry: (entry.event.starts_at, entry.event.id))


def _joined(entry: Entry, other: Event) -> Entry:
    """Return an entry that is not older than another of the same UID."""
    event = entry.event
    newest = max(event.updated_at, other.updated_at)
    sequence = max(event.sequence, other.sequence)
    return entry._replace(event=event._replace(sequence=sequence, updated_at=newest))
