"""A served livestream that is live, with questions in its room and a poll, for browsers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from accounts.models import User
from catalog.models import Livestream
from core.clock import utc_now
from core.ids import new_id
from streams.polls.models import Poll
from streams.polls.rules import PollDraft
from streams.polls.services import open_poll, release_poll, vote, write_poll
from streams.questions.models import Question
from streams.room.services import enter_room, open_room, say_changed
from tests.fakes.served import served
from web.database import db
from web.demo import email_of, load_demo
from web.site import Site

TEXTS = (
    "How do I know it is panic and not my heart?",
    "It wakes me at night. Why would I panic while asleep?",
    "What can a partner say that actually helps?",
    "Does avoiding coffee make a difference, or is that a myth?",
    "我晚上总是醒来 这也是焦虑吗",
    "Is it safe to drive home after one?",
)
ANSWERED = "Yes, once it has passed. If in doubt, wait ten minutes."


@dataclass
class LiveRoom:
    """The site, and what happens in its room."""

    app: Site
    origin: str
    livestream_id: str

    def page(self, language: str = "") -> str:
        return f"{self.origin}{language}/livestreams/{self.livestream_id}"

    def show(self, count: int) -> list[str]:
        """Show so many questions: one on air, one answered, the others wait for their turn."""
        with self.app.app_context():
            now = utc_now()
            open_room(db.session, livestream_id=self.livestream_id, now=now)
            made = [self._question(number) for number in range(count)]
            db.session.add_all(made)
            self._commit()
            return [one.id for one in made]

    def approve(self, text: str) -> str:
        with self.app.app_context():
            one = self._question(9)
            one.text, one.votes, one.shown_at = text, 0, utc_now()
            db.session.add(one)
            self._commit()
            return one.id

    def change(self, question_id: str, **values: object) -> None:
        with self.app.app_context():
            question = db.session.get_one(Question, question_id)
            for name, value in values.items():
                setattr(question, name, value)
            self._commit()

    def votes(self, question_id: str) -> int:
        with self.app.app_context():
            return db.session.get_one(Question, question_id).votes

    def open_poll(self) -> str:
        with self.app.app_context():
            livestream = db.session.get_one(Livestream, self.livestream_id)
            draft = PollDraft(
                {"en": "What would help most now?", "zh-Hans": "现在什么最有帮助"},
                [
                    {"en": "What to do in the moment", "zh-Hans": "当下该做什么"},
                    {"en": "Why it comes at night", "zh-Hans": "为什么晚上会来"},
                    {"en": "What to tell my doctor", "zh-Hans": "怎样告诉医生"},
                ],
            )
            poll = write_poll(db.session, livestream=livestream, draft=draft, now=utc_now())
            open_poll(db.session, livestream=livestream, poll_id=poll.id, now=utc_now())
            db.session.commit()
            return poll.id

    def release(self, poll_id: str, *, people: int) -> None:
        with self.app.app_context():
            livestream = db.session.get_one(Livestream, self.livestream_id)
            for number in range(people):
                person = enter_room(
                    db.session,
                    livestream_id=livestream.id,
                    token="",
                    visitor=f"192.0.2.{number}",
                    now=utc_now(),
                )
                vote(
                    db.session,
                    livestream=livestream,
                    poll_id=poll_id,
                    participant=person.participant,
                    choice=number % 2,
                    now=utc_now(),
                )
            release_poll(db.session, livestream_id=livestream.id, poll_id=poll_id, now=utc_now())
            db.session.commit()

    def empty(self) -> None:
        with self.app.app_context():
            db.session.query(Question).delete()
            db.session.query(Poll).delete()
            self._commit()

    def _question(self, number: int) -> Question:
        now = utc_now()
        text = TEXTS[number % len(TEXTS)]
        return Question(
            id=new_id(),
            livestream_id=self.livestream_id,
            pseudonym=number * 37,
            text=text if number < len(TEXTS) else f"{text} ({number})",
            language="zh-Hans" if number % len(TEXTS) == 4 else "en",
            state={0: "on_air", 5: "answered"}.get(number, "approved"),
            votes=max(0, 41 - number),
            edit_fingerprint=new_id(),
            reply=ANSWERED if number == 5 else "",
            asked_at=now,
            changed_at=now,
            shown_at=now - timedelta(minutes=40 - number),
            on_air_at=now if number == 0 else None,
        )

    def _commit(self) -> None:
        db.session.flush()
        say_changed(db.session, livestream_id=self.livestream_id)
        db.session.commit()


@contextmanager
def live_room(home: Path) -> Iterator[LiveRoom]:
    """Serve the demo with one livestream of its host live."""
    with served(home) as (app, origin):
        with app.app_context():
            load_demo(db.session, now=utc_now())
            db.session.flush()
            mine = select(Livestream).join(User, User.id == Livestream.host_id)
            row = db.session.scalars(mine.where(User.email == email_of("host"))).first()
            assert row is not None
            row.state, row.started_at, row.ended_at = "live", utc_now(), None
            row.announced_at = row.announced_at or utc_now()
            row.visibility, row.organisation_id = "public", None
            db.session.commit()
            livestream_id = row.id
        yield LiveRoom(app, origin, livestream_id)
