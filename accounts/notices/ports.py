"""What a room answers when the ledger asks what is true now. Pure.

A source is asked in the transaction that marks the notice as being sent: what it says was true when
the sending began. It never writes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeAlias

from sqlalchemy.orm import Session

from accounts.notices.enums import DropReason


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a notice goes to; the address is never part of what a source says."""

    recipient_id: str
    user_id: str | None
    address: str
    language: str
    timezone: str
    shows_titles: bool = False
    phone: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    link_version: int = 1


@dataclass(frozen=True, slots=True)
class Site:
    """What links and calendars need to know of the installation."""

    address: str
    """Of the site, without a slash at the end."""
    sender: str
    """The address that mails come from; ORGANIZER of calendar entries."""
    data_key: str

    def page(self, path: str, language: str) -> str:
        """Return the whole address of a page in a language; ``path`` begins with a slash."""
        return f"{self.address}{'/zh' if language == 'zh-Hans' else ''}{path}"


@dataclass(frozen=True, slots=True)
class Due:
    """One row of the ledger that is about to be sent."""

    id: str
    kind: str
    occurrence: str
    revision: int
    channel: str
    facts: Mapping[str, Any]
    registration_id: str | None
    due_at: datetime
    give_up_at: datetime | None
    person: Person
    site: Site


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """An iCalendar text and the METHOD it carries: REQUEST, CANCEL or PUBLISH."""

    method: str
    text: str


@dataclass(frozen=True, slots=True)
class Say:
    """Send it, in these words."""

    values: Mapping[str, str]
    """One text per variable of the kind, in the language of the person, unescaped."""
    link: str = ""
    """Where the button leads, a whole address; empty: there is no button."""
    calendar: CalendarPart | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Kept as ``Notice.said`` when it was sent."""
    title: str = ""
    """Added to the subject for people who want to read there what it is about."""
    kind: str = ""
    """Another kind whose wording fits what is true now; empty: that of the notice."""


@dataclass(frozen=True, slots=True)
class Drop:
    """Do not send it, for good."""

    reason: DropReason


@dataclass(frozen=True, slots=True)
class Later:
    """Ask again at that time: something is changing at the moment, or it is not due any more."""

    until: datetime


Answer: TypeAlias = Say | Drop | Later


class Source(Protocol):
    """Says what is true of a notice at ``now``; called once before each sending."""

    def __call__(self, session: Session, due: Due, now: datetime) -> Answer:
        """Return what to tell the person, or why not."""


Expand: TypeAlias = Callable[[Session, datetime], int]
"""Writes the next rows of the ledger that are due for many people; returns how many were looked at,
so that 0 means that nothing waits. Called in a transaction of its own; bears rivals."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Something that is ready to be sent."""

    id: str
    """Of the notice."""
    channel: str
    to: str
    """A mail address, or a phone number in E.164."""
    content: bytes
    """A whole mail (RFC 5322, lines end in CRLF), or the text of a text message in UTF-8."""


class End(Protocol):
    """Where notices of a channel leave: files in the home, a mail server. Not for two threads."""

    def send(self, message: Outgoing) -> None:
        """Hand one over; when it returns, the next program is responsible for it.

        Raises:
            AddressRefusedError: This address takes nothing; another attempt would change nothing.
            EndDownError: Nothing can be sent at present, to anybody.
            SendingFailedError: This one was not taken now; it may be tried again.
        """

    def close(self) -> None:
        """Let go of connections; a later :meth:`send` opens them again."""
