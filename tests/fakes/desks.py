"""A livestream whose questions two moderators read, Mara and Noor."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from catalog.models import Livestream
from streams.moderation.access import decide_question
from streams.moderation.enums import Act
from streams.moderation.services import Wish
from streams.questions.models import Question
from streams.questions.services import ask_question
from streams.room.services import enter_room, open_room
from tests.fakes.duties import moderator, on_duty
from tests.fakes.programme import DATA_KEY, World

URGENT = "I want to kill myself tonight."


@dataclass
class Desk:
    """One livestream, its world, and the way to ask and to decide."""

    world: World
    livestream: Livestream
    asked: int = 0

    @property
    def session(self) -> Session:
        return self.world.session

    @property
    def address(self) -> str:
        return f"/livestreams/{self.livestream.id}/questions/desk"

    def ask(self, text: str = "How much sleep is enough?", **later: int) -> Question:
        """Ask as somebody new; ``later`` than the beginning, in ``minutes`` or ``seconds``."""
        self.asked += 1
        now = self.world.now + timedelta(**later)
        room = open_room(self.session, livestream_id=self.livestream.id, now=now)
        entered = enter_room(
            self.session,
            livestream_id=self.livestream.id,
            token="",
            visitor=f"192.0.2.{self.asked}",
            now=now,
        )
        return ask_question(
            self.session,
            room=room,
            participant=entered.participant,
            text=text,
            page_language="en",
            now=now,
        ).question

    def decide(
        self,
        question: Question,
        act: Act,
        *,
        by: str = "mara",
        now: datetime | None = None,
        version: int | None = None,
        **wish: str,
    ) -> Question:
        """Decide as a moderator who saw the question as it is, or in an earlier ``version``."""
        return decide_question(
            self.session,
            livestream_id=self.livestream.id,
            question_id=question.id,
            actor=self.world.actors[by],
            wish=Wish(act, question.version if version is None else version, **wish),
            data_key=DATA_KEY,
            now=now or self.world.now,
        )


def open_desk(session: Session, now: datetime, *, state: str = "live") -> Desk:
    """Return the desk of a livestream that is live, unless another state is asked for."""
    world = World(session, now).build()
    made = world.livestream(state="scheduled")
    for name in ("mara", "noor"):
        on_duty(world, made, moderator(world, name))
    desk = Desk(world, made)
    made.state = state
    if state == "live":
        made.started_at = now
    session.flush()
    return desk
