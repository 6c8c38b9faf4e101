"""A host hears that a replay waits for them, while it does, and not at night."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from accounts.notices.enums import DropReason
from accounts.notices.ports import Answer, Drop, Later
from accounts.notices.services import Posting, post_to_user
from catalog.models import Livestream
from scheduler.notices.waiting import replay_waiting
from streams.life import services as life
from tests.fakes.answers import answer, said
from tests.fakes.programme import World

pytestmark = pytest.mark.integration

KIND = "replay_waiting"
NOT_TRUE = Drop(DropReason.NOT_TRUE)


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    return World(session, now).build()


@pytest.fixture
def replay(world: World) -> Livestream:
    made = world.livestream(state="ended", broadcast="ended")
    made.started_at = world.now
    post_to_user(world.session, Posting(KIND, made.id), user_id="host", now=world.now)
    return made


def ask(world: World, language: str = "en", timezone: str = "UTC", **later: float) -> Answer:
    moment = world.now + timedelta(**later)
    return answer(world.session, replay_waiting, KIND, "host", moment, language, timezone=timezone)


@pytest.mark.parametrize(("language", "zh"), [("en", ""), ("zh-Hans", "/zh")])
def test_a_replay_that_waits_is_shown(
    world: World, replay: Livestream, language: str, zh: str
) -> None:
    told = said(ask(world, language))
    assert told.link == f"https://mindcast.example{zh}/livestreams/{replay.id}/studio"


def test_a_replay_that_was_released_waits_no_more(world: World, replay: Livestream) -> None:
    life.publish(world.session, livestream=replay, now=world.now)
    assert ask(world) == NOT_TRUE


def test_a_host_is_not_woken_for_it(world: World, replay: Livestream) -> None:
    del replay
    night = ask(world, timezone="Asia/Shanghai")  # two in the morning
    assert night == Later(world.now + timedelta(hours=6))
    said(ask(world, timezone="Asia/Shanghai", hours=6))


def test_another_host_is_not_told(world: World, replay: Livestream) -> None:
    replay.host_id = "otherhost"
    world.session.flush()
    assert ask(world) == NOT_TRUE
