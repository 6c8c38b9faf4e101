"""A livestream that is live, its crew, and a poll."""

from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from catalog.models import Livestream
from streams.polls.models import Poll
from streams.polls.rules import PollDraft
from streams.polls.services import open_poll, vote, write_poll
from streams.room.services import enter_room
from tests.fakes.programme import World

DRAFT = PollDraft({"en": "Was it clear?", "zh-Hans": "清楚吗"}, [{"en": "Yes"}, {"en": "No"}])


@dataclass
class Stage:
    """A room with people in it who answer."""

    world: World
    livestream: Livestream

    @property
    def session(self) -> Session:
        return self.world.session

    @property
    def now(self) -> datetime:
        return self.world.now

    def poll(self, *, opened: bool = False) -> Poll:
        made = write_poll(self.session, livestream=self.livestream, draft=DRAFT, now=self.now)
        if opened:
            open_poll(self.session, livestream=self.livestream, poll_id=made.id, now=self.now)
        return made

    def person(self, number: int = 0) -> str:
        entered = enter_room(
            self.session,
            livestream_id=self.livestream.id,
            token="",
            visitor=f"192.0.2.{number}",
            now=self.now,
        )
        return entered.participant

    def vote(self, poll: Poll, participant: str, choice: int) -> int:
        return vote(
            self.session,
            livestream=self.livestream,
            poll_id=poll.id,
            participant=participant,
            choice=choice,
            now=self.now,
        )


@pytest.fixture
def stage(session: Session, now: datetime) -> Stage:
    world = World(session, now).build()
    return Stage(world, world.livestream(state="live", broadcast="receiving"))
