"""The staff hears, a day before a start and once for it, that moderators are missing."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from accounts.notices.enums import DropReason
from accounts.notices.ports import Answer, Drop
from catalog.enums import RiskLevel
from catalog.models import Livestream, Topic
from scheduler.duties.services import tell_gaps
from scheduler.notices.staff import SOURCES
from tests.fakes.answers import answer, notice_of, posted, said
from tests.fakes.duties import moderator, on_duty, planned
from tests.fakes.programme import World

pytestmark = pytest.mark.integration

KIND = "staff_moderators_missing"
TOLD = [(KIND, "administrator"), (KIND, "editor")]
NOT_TRUE = Drop(DropReason.NOT_TRUE)


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    made = World(session, now).build()
    for name in ("mo", "max"):
        moderator(made, name)
    return made


def look(world: World, **later: float) -> list[tuple[str, str | None]]:
    tell_gaps(world.session, world.now + timedelta(**later))
    return posted(world.session, KIND)


def ask(world: World, language: str = "en", **later: float) -> Answer:
    moment = world.now + timedelta(**later)
    return answer(world.session, SOURCES[KIND], KIND, "editor", moment, language)


def test_a_gap_is_told_from_a_day_before_the_start_once(world: World) -> None:
    livestream = planned(world, hours=25)
    assert look(world, minutes=59) == []
    assert look(world, minutes=60) == TOLD
    assert look(world, minutes=61) == TOLD
    notice = notice_of(world.session, KIND, "editor")
    assert (notice.occurrence, notice.due_at, notice.give_up_at) == (
        livestream.id,
        world.now + timedelta(minutes=70),
        livestream.starts_at,
    )


def test_another_start_is_another_notice(world: World) -> None:
    livestream = planned(world, hours=20)
    look(world)
    livestream.ends_at += timedelta(hours=2)
    livestream.starts_at += timedelta(hours=2)
    world.session.flush()
    assert ask(world) == NOT_TRUE
    assert len(look(world)) == 4
    said(ask(world))


def test_a_raised_risk_asks_for_two(world: World) -> None:
    world.session.get_one(Topic, "sleep").risk = RiskLevel.RAISED
    livestream = planned(world, hours=20)
    on_duty(world, livestream, "mo")
    assert look(world) == TOLD
    said(ask(world))
    on_duty(world, livestream, "max")
    assert ask(world) == NOT_TRUE


@pytest.mark.parametrize("state", ["draft", "proposed", "cancelled", "live"])
def test_only_what_is_scheduled_lacks_moderators(world: World, state: str) -> None:
    planned(world, hours=20, state=state)
    assert look(world) == []


def test_what_has_moderators_is_private_or_has_begun_is_told_to_nobody(world: World) -> None:
    on_duty(world, planned(world, hours=20), "mo")
    planned(world, hours=-1, host="otherhost")
    planned(world, hours=5, visibility="organisation", organisation_id="companya")
    assert look(world) == []


@pytest.mark.parametrize(("language", "zh"), [("en", ""), ("zh-Hans", "/zh")])
def test_the_way_to_assign_them_is_named(world: World, language: str, zh: str) -> None:
    livestream = planned(world, hours=20)
    look(world)
    address = f"https://mindcast.example{zh}/administration/rota/{livestream.id}"
    assert said(ask(world, language)).link == address
    assert ask(world, language, hours=20) == Drop(DropReason.TOO_LATE)


def test_a_gap_of_what_is_gone_is_told_to_nobody(world: World) -> None:
    livestream = planned(world, hours=20)
    look(world)
    world.session.delete(world.session.get_one(Livestream, livestream.id))
    world.session.flush()
    assert ask(world) == Drop(DropReason.GONE)
