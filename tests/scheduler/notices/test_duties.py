"""Moderators are told of duties that stand, and of those they knew of that do not any more."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy.orm import Session

from accounts.notices.enums import DropReason
from accounts.notices.ports import Answer, CalendarPart, Drop, Later
from catalog.models import Livestream
from scheduler.duties.services import accept, decline, release, replace
from scheduler.models import Duty
from scheduler.notices.duties import SOURCES
from scheduler.spans import Span
from streams.life import services as life
from streams.planning.services.moving import move_livestream
from tests.fakes.answers import answer, due_of, notice_of, posted, said, sent
from tests.fakes.duties import moderator, on_duty, planned
from tests.fakes.programme import World

pytestmark = pytest.mark.integration

NOT_TRUE = Drop(DropReason.NOT_TRUE)


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    made = World(session, now).build()
    for name in ("mo", "max"):
        moderator(made, name)
    return made


@pytest.fixture
def duty(world: World) -> Duty:
    return on_duty(world, planned(world, hours=48), "mo")


def ask(
    world: World, kind: str, user_id: str = "mo", language: str = "en", **later: float
) -> Answer:
    moment = world.now + timedelta(**later)
    return answer(world.session, SOURCES[kind], kind, user_id, moment, language)


def entry(part: CalendarPart | None) -> dict[str, Any]:
    """Return what an independent reader makes of an entry."""
    assert part is not None
    read = Calendar.from_ical(part.text)
    event: Any = read.walk("VEVENT")[0]
    return {
        "method": (part.method, str(read["METHOD"])),
        "uid": str(event["UID"]),
        "sequence": event["SEQUENCE"],
        "status": str(event["STATUS"]),
        "start": event["DTSTART"].dt.astimezone(UTC),
        "attendee": str(event["ATTENDEE"]),
        "organizer": str(event["ORGANIZER"]),
        "summary": str(event["SUMMARY"]),
    }


def test_a_duty_is_told_a_minute_later_in_its_transaction(world: World, duty: Duty) -> None:
    notice = notice_of(world.session, "duty_assigned", "mo")
    minute = timedelta(minutes=1)
    assert (notice.occurrence, notice.due_at) == (duty.id, world.now + minute)


def test_a_duty_that_is_rolled_back_was_never_posted(world: World) -> None:
    livestream = planned(world, hours=48)
    with world.session.begin_nested() as undone:
        on_duty(world, livestream, "mo")
        undone.rollback()
    assert posted(world.session) == []


def test_a_mistake_that_is_taken_back_at_once_is_never_told(world: World, duty: Duty) -> None:
    release(world.session, duty=duty, now=world.now)
    assert ask(world, "duty_assigned", minutes=1) == NOT_TRUE
    sent(world.session, "duty_assigned", "mo", "dropped")
    assert ask(world, "duty_released", minutes=1) == Drop(DropReason.NOTHING_NEW)


@pytest.mark.parametrize(("language", "zh"), [("en", ""), ("zh-Hans", "/zh")])
def test_a_duty_comes_with_its_entry(world: World, duty: Duty, language: str, zh: str) -> None:
    told = said(ask(world, "duty_assigned", language=language))
    assert told.link == f"https://mindcast.example{zh}/duties"
    assert entry(told.calendar) == {
        "method": ("REQUEST", "REQUEST"),
        "uid": f"{duty.id}@mindcast",
        "sequence": 0,
        "status": "CONFIRMED",
        "start": world.now + timedelta(hours=48),
        "attendee": "mailto:mo@example.org",
        "organizer": "mailto:hello@mindcast.example",
        "summary": "Mindcast 直播" if zh else "Mindcast livestream",
    }


def test_a_title_stands_in_the_entry_of_who_wants_it_there(world: World, duty: Duty) -> None:
    del duty
    notice = notice_of(world.session, "duty_assigned", "mo")
    due = due_of(world.session, notice, shows_titles=True)
    told = said(SOURCES["duty_assigned"](world.session, due, world.now))
    assert entry(told.calendar)["summary"] == "When the 3 a.m. thoughts arrive"


def test_a_duty_is_told_at_the_time_that_it_has_now(world: World, duty: Duty) -> None:
    accept(world.session, duty=duty, now=world.now)
    _move(world, duty, hours=72)
    told = said(ask(world, "duty_assigned"))
    assert told.facts["start"] == (world.now + timedelta(hours=72)).isoformat()
    assert entry(told.calendar)["start"] == world.now + timedelta(hours=72)


def test_no_duty_is_told_of_what_was_cancelled_or_is_over(world: World, duty: Duty) -> None:
    assert ask(world, "duty_assigned", hours=49) == Drop(DropReason.TOO_LATE)
    livestream = _livestream(world, duty)
    life.cancel(world.session, livestream=livestream, now=world.now)
    assert ask(world, "duty_assigned") == NOT_TRUE
    assert posted(world.session, "duty_released") == []  # the livestream tells it


def test_no_duty_is_told_of_what_ended_early(world: World, duty: Duty) -> None:
    _livestream(world, duty).state = "ended"  # the duty stands, for fair rotation
    world.session.flush()
    assert ask(world, "duty_assigned") == NOT_TRUE


def test_who_was_to_moderate_a_proposal_is_told_when_it_goes_back_or_is_cancelled(
    world: World,
) -> None:
    for name, act in (("mo", life.send_back), ("max", life.cancel)):
        livestream = planned(world, hours=48 if name == "mo" else 72, state="proposed")
        on_duty(world, livestream, name)
        sent(world.session, "duty_assigned", name)
        act(world.session, livestream=livestream, now=world.now)
        said(ask(world, "duty_released", name))  # nobody else tells it: it was never announced


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_who_knows_of_a_duty_is_told_of_the_release(
    world: World, duty: Duty, language: str
) -> None:
    sent(world.session, "duty_assigned", "mo")
    release(world.session, duty=duty, now=world.now)
    told = said(ask(world, "duty_released", language=language))
    read = entry(told.calendar)
    assert (read["method"], read["uid"]) == (
        ("CANCEL", "CANCEL"),
        f"{duty.id}@mindcast",
    )
    assert (read["sequence"], read["status"]) == (1, "CANCELLED")


def test_a_release_waits_until_it_is_known_what_was_told(world: World, duty: Duty) -> None:
    release(world.session, duty=duty, now=world.now)
    for state, seconds in (("leased", 30), ("sending", 30), ("held", 1800)):
        sent(world.session, "duty_assigned", "mo", state)
        later = Later(world.now + timedelta(seconds=seconds))
        assert ask(world, "duty_released") == later


def test_who_cannot_come_at_another_time_is_released_from_the_one_they_know(
    world: World, duty: Duty
) -> None:
    sent(world.session, "duty_assigned", "mo")
    on_duty(world, planned(world, hours=72, host="otherhost"), "mo")
    _move(world, duty, hours=72)
    released = notice_of(world.session, "duty_released", "mo")
    assert released.occurrence == duty.id
    told = said(ask(world, "duty_released"))
    read = entry(told.calendar)
    assert read["start"] == world.now + timedelta(hours=48)
    assert read["sequence"] == _livestream(world, duty).sequence + 1
    assert told.values["starts"] == "Friday 13 March, 02:00 (Shanghai, UTC+8)"


def test_of_two_moderators_who_change_places_each_hears_their_part(
    world: World, duty: Duty
) -> None:
    sent(world.session, "duty_assigned", "mo")
    replace(world.session, duty=duty, moderator_id="max", assigned_by=None, now=world.now)
    assert posted(world.session) == [
        ("duty_assigned", "max"),
        ("duty_assigned", "mo"),
        ("duty_released", "mo"),
    ]
    said(ask(world, "duty_assigned", "max"))
    said(ask(world, "duty_released", "mo"))


def test_who_says_no_is_told_nothing(world: World, duty: Duty) -> None:
    sent(world.session, "duty_assigned", "mo")
    decline(world.session, duty=duty, reason="ill", now=world.now)
    assert posted(world.session) == [("duty_assigned", "mo")]


def test_a_duty_that_is_gone_is_told_to_nobody(world: World, duty: Duty) -> None:
    notice = notice_of(world.session, "duty_assigned", "mo")
    world.session.delete(duty)
    world.session.flush()
    gone = SOURCES["duty_assigned"](world.session, due_of(world.session, notice), world.now)
    assert gone == Drop(DropReason.GONE)


def _livestream(world: World, duty: Duty) -> Livestream:
    return world.session.get_one(Livestream, duty.livestream_id, populate_existing=True)


def _move(world: World, duty: Duty, *, hours: int) -> None:
    starts_at = world.now + timedelta(hours=hours)
    move_livestream(
        world.session,
        actor=world.actors["editor"],
        livestream=_livestream(world, duty),
        span=Span(starts_at, starts_at + timedelta(hours=1)),
        timezone="Asia/Shanghai",
        now=world.now,
    )
