"""A scheduled livestream whose room takes questions."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from sqlalchemy.orm import Session

from accounts.rules import STRANGER, Actor
from catalog.models import Livestream
from streams.questions.enums import QuestionState
from streams.questions.models import Question
from streams.questions.services import ask_question, decide
from streams.room.models import Room
from streams.room.services import enter_room, open_room
from tests.fakes.programme import World


@dataclass
class Asking:
    """A room, and everybody who asks in it."""

    session: Session
    now: datetime
    livestream: Livestream
    stranger: Actor = STRANGER
    people: "count[int]" = field(default_factory=count)

    @property
    def room(self) -> Room:
        return open_room(self.session, livestream_id=self.livestream.id, now=self.now)

    @property
    def version(self) -> int:
        self.session.refresh(self.room)
        return self.room.version

    def person(self) -> str:
        entered = enter_room(
            self.session,
            livestream_id=self.livestream.id,
            token="",
            visitor=f"192.0.2.{next(self.people) % 250}",
            now=self.now,
        )
        return entered.participant

    def ask(self, text: str = "Why do I wake at four?", *, participant: str = "") -> Question:
        asked = ask_question(
            self.session,
            room=self.room,
            participant=participant or self.person(),
            text=text,
            page_language="en",
            now=self.now,
        )
        return asked.question

    def approved(self, number: int) -> list[Question]:
        asked = [self.ask(f"Question number {place}?") for place in range(number)]
        for one in asked:
            decide(self.session, question_id=one.id, to=QuestionState.APPROVED, now=self.now)
        return asked


def open_asking(session: Session, now: datetime) -> Asking:
    """Return the room of a public livestream that is scheduled."""
    livestream = World(session, now).build().livestream(state="scheduled")
    return Asking(session, now, livestream)
