"""Time passes, clocks tick, and what is due is sent to a list: what people are told."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices.enums import NoticeState, Subject
from accounts.notices.models import Notice, Recipient, Registration
from accounts.notices.ports import Answer, Drop, Due, Later, Person, Say, Site
from accounts.notices.services import ask, recipient_of_address, recipient_of_user
from catalog.models import Livestream
from scheduler.notices.bulletins import look
from scheduler.notices.expansion import expand
from scheduler.notices.mailings import make_reminders
from tests.fakes.programme import DATA_KEY
from web.notices import SOURCES

SITE: Final = Site("https://mind.example", "notices@mind.example", DATA_KEY)
TICK: Final = timedelta(seconds=5)


@dataclass(frozen=True)
class Mail:
    """Something that was sent."""

    to: str
    kind: str
    """Of the wording that it came in."""
    say: Say
    at: datetime

    @property
    def method(self) -> str:
        """Return the METHOD of the entry that came with it."""
        return self.say.calendar.method if self.say.calendar else ""


@dataclass
class Post:
    """The clock and the worker of one installation, on one session."""

    session: Session
    now: datetime
    mails: list[Mail] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)

    def register(self, livestream: Livestream, name: str) -> Registration:
        """Let an address without an account ask for a livestream, and say yes."""
        recipient = recipient_of_address(
            self.session,
            email=f"{name}@mail.example",
            language="en",
            timezone="UTC",
            data_key=DATA_KEY,
            now=self.now,
        )
        self.names[recipient.id] = name
        return self._ask(recipient, livestream)

    def register_user(self, livestream: Livestream, user_id: str) -> Registration:
        """Let somebody with an account ask for a livestream."""
        recipient = recipient_of_user(self.session, user_id=user_id, now=self.now)
        return self._ask(recipient, livestream)

    def person(self, recipient: Recipient) -> Person:
        """Return somebody as the worker knows them."""
        name = recipient.user_id or self.names[recipient.id]
        address = f"{name}@mail.example"
        return Person(recipient.id, recipient.user_id, address, recipient.language, "UTC")

    def speaks(self, recipient_id: str, language: str) -> None:
        """Let somebody read another language."""
        self.session.get_one(Recipient, recipient_id).language = language
        self.session.flush()

    def due(self, notice: Notice) -> Due:
        """Return a row of the ledger as a source sees it."""
        recipient = self.session.get_one(Recipient, notice.recipient_id)
        return Due(
            id=notice.id,
            kind=notice.kind,
            occurrence=notice.occurrence,
            revision=notice.revision,
            channel=notice.channel,
            facts=notice.facts,
            registration_id=notice.registration_id,
            due_at=notice.due_at,
            give_up_at=notice.give_up_at,
            person=self.person(recipient),
            site=SITE,
        )

    def clock(self) -> None:
        """Let the clock tick once."""
        look(self.session, self.now)
        make_reminders(self.session, self.now)

    def fill(self) -> None:
        """Let the worker fill the ledger."""
        while expand(self.session, self.now):
            pass

    def send(self) -> None:
        """Let the worker send what is due."""
        rows = self.session.scalars(
            select(Notice)
            .where(Notice.state == NoticeState.WAITING, Notice.due_at <= self.now)
            .order_by(Notice.due_at, Notice.kind, Notice.id)
            .execution_options(populate_existing=True)
        ).all()
        for notice in rows:
            self._record(notice, self.answer(notice))
        self.session.flush()

    def answer(self, notice: Notice) -> Answer:
        """Return what the source of a row says now."""
        return SOURCES[notice.kind](self.session, self.due(notice), self.now)

    def passes(self, **length: float) -> list[Mail]:
        """Let time pass in ticks of the clock; return what was sent meanwhile."""
        before, end = len(self.mails), self.now + timedelta(**length)
        while self.now < end:
            self.now = min(self.now + TICK, end)
            self.clock()
            self.fill()
            self.send()
        return self.mails[before:]

    def _ask(self, recipient: Recipient, livestream: Livestream) -> Registration:
        return ask(
            self.session,
            recipient_id=recipient.id,
            subject=Subject.LIVESTREAM,
            subject_id=livestream.id,
            confirmed=True,
            now=self.now,
        )

    def _record(self, notice: Notice, answer: Answer) -> None:
        if isinstance(answer, Later):
            notice.due_at = answer.until
            return
        if notice.give_up_at is not None and notice.give_up_at <= self.now:
            notice.state, notice.reason = NoticeState.DROPPED, "too_late"
            return
        if isinstance(answer, Drop):
            notice.state, notice.reason = NoticeState.DROPPED, answer.reason
            return
        notice.state, notice.sent_at, notice.said = NoticeState.SENT, self.now, dict(answer.facts)
        recipient = self.session.get_one(Recipient, notice.recipient_id)
        name = recipient.user_id or self.names[recipient.id]
        self.mails.append(Mail(name, answer.kind or notice.kind, answer, self.now))


def told(mails: list[Mail]) -> list[tuple[str, str]]:
    """Return who got which kind, sorted."""
    return sorted((one.to, one.kind) for one in mails)
