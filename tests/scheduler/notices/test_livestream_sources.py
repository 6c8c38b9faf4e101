"""What the sources answer at the moment of sending, to whom, and what they keep to themselves."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.notices.enums import DropReason, Subject
from accounts.notices.models import Notice, Registration
from accounts.notices.ports import Answer, Drop, Later, Say
from accounts.notices.services import Posting, post_many
from accounts.notices.services.posting import Reader
from accounts.services import end_membership
from catalog.models import Livestream
from streams.life import services as life
from tests.fakes.duties import moderator, on_duty, planned
from tests.fakes.planner import Post, told
from tests.fakes.programme import World
from tests.scheduler.notices.test_bulletins import move

pytestmark = pytest.mark.integration

HOUR = timedelta(hours=1)


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    return World(session, now).build()


@pytest.fixture
def post(world: World) -> Post:
    return Post(world.session, world.now)


@pytest.fixture
def livestream(world: World, post: Post) -> Livestream:
    made = planned(world, 48)
    post.passes(seconds=10)
    return made


def put(post: Post, registration: Registration, kind: str = "registered") -> Notice:
    """Write a row of the ledger as the room of registrations does, and return it."""
    posting = Posting(kind, registration.subject_id)
    reader = Reader(registration.recipient_id, registration.id)
    post_many(post.session, posting, people=[reader], now=post.now)
    return post.session.scalars(
        select(Notice).where(Notice.registration_id == registration.id, Notice.kind == kind)
    ).one()


def said(answer: Answer) -> Say:
    assert isinstance(answer, Say)
    return answer


def test_registration_is_confirmed_with_an_entry(post: Post, livestream: Livestream) -> None:
    say = said(post.answer(put(post, post.register(livestream, "anna"))))
    assert (say.kind, say.calendar.method if say.calendar else "") == ("", "REQUEST")
    assert say.values == {
        "title": "When the 3 a.m. thoughts arrive",
        "starts": "Thursday 12 March, 18:00 (UTC)",
        "host": "Dr. host",
        "minutes": "60",
        "note": "",
    }
    assert say.link == f"https://mind.example/livestreams/{livestream.id}"


def test_registration_for_what_was_cancelled_says_so(
    world: World, post: Post, livestream: Livestream
) -> None:
    notice = put(post, post.register(livestream, "anna"))
    life.cancel(world.session, livestream=livestream, now=post.now)
    assert isinstance(post.answer(notice), Later)  # it may be taken back in a moment
    post.now += timedelta(minutes=2)
    post.clock()
    post.now += timedelta(minutes=2)
    post.clock()
    say = said(post.answer(notice))
    assert (say.kind, say.calendar.method if say.calendar else "") == ("cancelled", "CANCEL")
    assert say.values["was"] == "Thursday 12 March, 18:00 (UTC)"


def test_who_registered_for_the_new_time_is_not_told_of_the_change(
    world: World, post: Post, livestream: Livestream
) -> None:
    move(world, post, livestream, HOUR)
    put(post, post.register(livestream, "anna"))
    assert told(post.passes(minutes=3)) == [
        ("anna", "registered"),
        ("host", "host_changed"),
    ]


def test_change_is_compared_with_what_this_person_was_told(
    world: World, post: Post, livestream: Livestream
) -> None:
    """Two moves whose first mail never left are one change, from the time the person knows."""
    put(post, post.register(livestream, "anna"))
    post.passes(seconds=5)
    move(world, post, livestream, HOUR)
    post.now += timedelta(seconds=10)
    post.clock()
    post.now += timedelta(seconds=70)
    post.clock()
    post.fill()  # revision 2 stands in the ledger
    move(world, post, livestream, HOUR)
    mails = [one for one in post.passes(minutes=3) if one.to == "anna"]
    (changes,) = (one.say.values["changes"] for one in mails)
    assert changes == (
        "New start: Thursday 12 March, 20:00 (UTC). Before: Thursday 12 March, 18:00 (UTC)."
    )
    dropped = select(Notice.revision, Notice.reason).where(Notice.kind == "changed")
    assert {(row.revision, row.reason) for row in world.session.execute(dropped)} == {
        (2, DropReason.SUPERSEDED),
        (3, ""),
    }


def test_private_entry_names_nobody(world: World, post: Post) -> None:
    private = world.private()
    say = said(post.answer(put(post, post.register_user(private, "employeea"))))
    assert say.calendar is not None
    assert say.calendar.method == "PUBLISH"
    assert "ATTENDEE" not in say.calendar.text


@pytest.mark.parametrize("kind", ["registered", "changed", "minutes_before", "replay_ready"])
def test_who_left_the_organisation_is_told_nothing(world: World, post: Post, kind: str) -> None:
    private = world.private()
    notice = put(post, post.register_user(private, "employeea"), kind)
    end_membership(
        world.session,
        user_id="employeea",
        organisation_id="companya",
        role=Role.EMPLOYEE,
        now=post.now,
    )
    assert post.answer(notice) == Drop(DropReason.GONE)


def test_stranger_is_told_nothing_of_what_became_private(
    world: World, post: Post, livestream: Livestream
) -> None:
    notice = put(post, post.register(livestream, "anna"))
    private = update(Livestream).where(Livestream.id == livestream.id)
    world.session.execute(private.values(visibility="organisation", organisation_id="companya"))
    assert post.answer(notice) == Drop(DropReason.GONE)


def test_nothing_is_told_of_what_is_gone(world: World, post: Post, livestream: Livestream) -> None:
    notice = put(post, post.register(livestream, "anna"))
    world.session.execute(update(Notice).where(Notice.id == notice.id).values(occurrence="nothing"))
    world.session.refresh(notice)
    assert post.answer(notice) == Drop(DropReason.GONE)


def test_longer_talk_is_told_in_both_languages(
    world: World, post: Post, livestream: Livestream
) -> None:
    for name in ("anna", "bo"):
        put(post, post.register(livestream, name))
    recipient = world.session.scalars(
        select(Registration.recipient_id).where(
            Registration.subject_kind == Subject.LIVESTREAM,
            Registration.recipient_id.in_(
                [key for key, name in post.names.items() if name == "bo"]
            ),
        )
    ).one()
    post.speaks(recipient, "zh-Hans")
    post.passes(seconds=5)
    life.edit_livestream(
        world.session,
        actor=world.actors["editor"],
        livestream=livestream,
        changes={"ends_at": livestream.ends_at + HOUR / 2},
        now=post.now,
    )
    mails = {one.to: one.say.values["changes"] for one in post.passes(minutes=2)}
    assert mails["anna"] == "It is planned to take 90 minutes; before, it was 60."
    assert mails["bo"] == "预计时长改为 90 分钟，原为 60 分钟。"  # noqa: RUF001 -- Chinese


def test_moderator_of_what_was_restored_at_once_is_released(
    world: World, post: Post, livestream: Livestream
) -> None:
    moderator(world, "mo")
    on_duty(world, livestream, "mo")
    assert told(post.passes(minutes=2)) == [("mo", "duty_assigned")]
    life.cancel(world.session, livestream=livestream, now=post.now)
    post.passes(seconds=20)
    life.restore(world.session, livestream=livestream, now=post.now)
    mails = post.passes(minutes=6)
    assert [(one.to, one.kind, one.method) for one in mails] == [("mo", "duty_released", "CANCEL")]


def test_several_dates_of_one_rule_are_one_message(world: World, post: Post) -> None:
    ids = [planned(world, 24 * day).id for day in (3, 2)]
    posting = Posting("host_series_scheduled", "rule", facts={"livestreams": ids})
    world.session.execute(delete(Notice))
    post.register_user(world.session.get_one(Livestream, ids[0]), "host")
    recipient = world.session.scalars(select(Registration.recipient_id)).one()
    post_many(world.session, posting, people=[Reader(recipient)], now=post.now)
    notice = world.session.scalars(select(Notice)).one()
    say = said(post.answer(notice))
    assert say.values["count"] == "2"
    assert say.values["dates"] == ("Thursday 12 March, 18:00 (UTC)\nFriday 13 March, 18:00 (UTC)")
    assert say.calendar is not None
    assert (say.calendar.method, say.calendar.text.count("BEGIN:VEVENT")) == ("PUBLISH", 2)
