"""What stands in for the rooms around the ledger: ends, sources, a clock, and people."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event

from sqlalchemy.orm import Session

from accounts.models import User
from accounts.notices.delivery import Delivery
from accounts.notices.delivery.deciding import Decider
from accounts.notices.enums import Channel, Subject
from accounts.notices.models import Notice, Recipient, Registration
from accounts.notices.ports import Answer, Due, End, Outgoing, Say, Site, Source
from accounts.notices.services import (
    Posting,
    Reader,
    ask,
    post_many,
    recipient_of_address,
    recipient_of_user,
)
from accounts.notices.wording import Wordings
from core.database import Sessions

KEY = "a data key of the tests"
SITE = Site("http://site.test", "mindcast@site.test", KEY)
VALUES = {"title": "Sleep", "starts": "Tuesday", "host": "Dr. Wu", "minutes": "60", "name": "Wu"}


@dataclass
class MemoryEnd:
    """Keeps what it is given; raises what is laid up for it first."""

    raises: list[Exception | None] = field(default_factory=list)
    sent: list[Outgoing] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def send(self, message: Outgoing) -> None:
        error = self.raises.pop(0) if self.raises else None
        if error is not None:
            self.refused.append(message.id)
            raise error
        self.sent.append(message)

    def close(self) -> None:
        pass

    @property
    def ids(self) -> list[str]:
        return [one.id for one in self.sent]


@dataclass
class FixedClock:
    """A ledger's time that stands still until it is moved."""

    moment: datetime

    def read(self, session: Session) -> datetime:
        del session
        return self.moment

    def now(self) -> datetime:
        return self.moment

    def forward(self, **parts: float) -> None:
        self.moment += timedelta(**parts)


def compose_plainly(due: Due, say: Say, wordings: Wordings, *, now: datetime) -> Outgoing:
    """Write a notice as the words of its source, one to a line."""
    del wordings, now
    if not say.values:
        raise KeyError(due.kind)  # the real one needs what its wording names
    words = "\n".join(f"{name}: {value}" for name, value in sorted(say.values.items()))
    to = due.person.phone if due.channel == Channel.SMS else due.person.address
    return Outgoing(due.id, due.channel, to, words.encode())


def says(answer: Answer | Exception | None = None) -> Source:
    """Return a source that always answers the same."""
    given = Say(VALUES, link="http://site.test/there") if answer is None else answer

    def source(session: Session, due: Due, now: datetime) -> Answer:
        del session, due, now
        if isinstance(given, Exception):
            raise given
        return given

    return source


@dataclass
class Post:
    """The ledger of a test with its worker, its ends and its clock."""

    sessions: Sessions
    clock: FixedClock
    mail: MemoryEnd = field(default_factory=MemoryEnd)
    texts: MemoryEnd = field(default_factory=MemoryEnd)
    sources: dict[str, Source] = field(default_factory=dict)

    def worker(self, name: str = "one", mail: End | None = None) -> Delivery:
        return Delivery(
            self.sessions,
            Decider(name, SITE, self.sources),
            compose=compose_plainly,
            ends={Channel.MAIL: mail or self.mail, Channel.SMS: self.texts},
            clock=self.clock,
            ticks=lambda: self.clock.moment.timestamp(),  # noqa: PLW0108 -- the moment moves
        )

    def deliver(self, name: str = "one") -> int:
        """Send one batch by a worker of its own."""
        return self.worker(name).run_batch(Event())

    def states(self) -> dict[str, tuple[str, str]]:
        """Return state and reason of every row, by its occurrence."""
        with self.sessions() as session:
            return {one.occurrence: (one.state, one.reason) for one in session.query(Notice)}

    def row(self, occurrence: str) -> Notice:
        with self.sessions() as session:
            return session.query(Notice).filter_by(occurrence=occurrence).one()


def make_person(
    sessions: Sessions, now: datetime, email: str = "ada@example.org", **values: object
) -> str:
    """Make somebody without an account; return the id of the recipient."""
    with sessions.begin() as session:
        made = recipient_of_address(
            session, email=email, language="en", timezone="UTC", data_key=KEY, now=now
        )
        for name, value in values.items():
            setattr(made, name, value)
        return made.id


def make_user(sessions: Sessions, now: datetime, **values: object) -> Recipient:
    """Make somebody with an account; return the recipient."""
    with sessions.begin() as session:
        user = User(email="host@example.org", created_at=now)
        for name, value in values.items():
            setattr(user, name, value)
        session.add(user)
        session.flush()
        return recipient_of_user(session, user_id=user.id, now=now)


def register(
    sessions: Sessions, recipient_id: str, subject_id: str, now: datetime, *, confirmed: bool = True
) -> Registration:
    """Let somebody ask to be reminded."""
    with sessions.begin() as session:
        return ask(
            session,
            recipient_id=recipient_id,
            subject=Subject.LIVESTREAM,
            subject_id=subject_id,
            confirmed=confirmed,
            now=now,
        )


def put(
    sessions: Sessions,
    kind: str,
    recipient_id: str,
    *occurrences: str,
    now: datetime,
    registration_id: str | None = None,
    due_at: datetime | None = None,
    give_up_at: datetime | None = None,
    channel: Channel = Channel.MAIL,
) -> None:
    """Write rows into the ledger, one per occurrence."""
    with sessions.begin() as session:
        for occurrence in occurrences:
            posting = Posting(
                kind, occurrence, due_at=due_at, give_up_at=give_up_at, channel=channel
            )
            post_many(session, posting, people=[Reader(recipient_id, registration_id)], now=now)
