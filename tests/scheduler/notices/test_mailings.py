"""Reminders: when they are due, to whom, and what they say when they leave."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices.models import Notice
from accounts.notices.services import end
from catalog.models import Livestream
from scheduler.models.notices import Mailing
from scheduler.notices import expansion
from streams.life import services as life
from streams.planning.services import handover
from tests.fakes.duties import moderator, on_duty, planned
from tests.fakes.handover import add_hosts
from tests.fakes.planner import Mail, Post, told
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


def waited_for(world: World, post: Post, hours: float) -> Livestream:
    livestream = planned(world, hours)
    post.register(livestream, "anna")
    post.passes(seconds=10)
    return livestream


def jumped(post: Post, to: datetime) -> list[Mail]:
    """Let time pass at once, and half a minute by ticks."""
    post.now = to
    return post.passes(seconds=30)


def test_day_and_minutes_before_reach_viewer_host_and_moderator(world: World, post: Post) -> None:
    moderator(world, "mo")
    livestream = planned(world, 48)
    on_duty(world, livestream, "mo")
    post.register(livestream, "anna")
    post.passes(minutes=2)
    start = livestream.starts_at
    assert jumped(post, start - timedelta(hours=24, seconds=40)) == []
    assert told(jumped(post, start - timedelta(hours=24))) == [
        *(("anna", "day_before"), ("host", "host_day_before"), ("mo", "duty_day_before")),
    ]
    mails = jumped(post, start - timedelta(minutes=10))
    assert told(mails) == [
        ("anna", "minutes_before"),
        ("host", "host_minutes_before"),
        ("mo", "duty_minutes_before"),
    ]
    assert {one.say.values["left"] for one in mails} == {"10 minutes"}
    places = sorted(one.say.link.partition(f"/livestreams/{livestream.id}")[2] for one in mails)
    assert places == [
        "",
        "/studio",
        "/studio",
    ]  # from the last ones a host is on air in three presses
    assert post.passes(minutes=12) == []


def test_announced_less_than_a_day_ahead_has_no_reminder_the_day_before(
    world: World, post: Post
) -> None:
    livestream = waited_for(world, post, 23)
    assert told(post.passes(minutes=2)) == []
    assert ("anna", "minutes_before") in told(jumped(post, livestream.starts_at - HOUR / 6))


def test_start_that_was_set_less_than_a_day_ahead_was_told_and_is_not_reminded_of(
    world: World, post: Post
) -> None:
    livestream = waited_for(world, post, 40)
    jumped(post, livestream.starts_at - 30 * HOUR)
    move(world, post, livestream, -10 * HOUR)
    assert told(post.passes(minutes=5)) == [("anna", "changed"), ("host", "host_changed")]


def test_moved_start_has_reminders_of_its_own(world: World, post: Post) -> None:
    livestream = waited_for(world, post, 48)
    assert ("anna", "day_before") in told(jumped(post, livestream.starts_at - 24 * HOUR))
    move(world, post, livestream, 48 * HOUR)
    assert ("anna", "changed") in told(post.passes(minutes=2))
    assert ("anna", "day_before") in told(jumped(post, livestream.starts_at - 24 * HOUR))


def test_reminder_whose_livestream_is_moved_before_it_is_sent_waits_and_is_dropped(
    world: World, post: Post
) -> None:
    livestream = waited_for(world, post, 48)
    post.now = livestream.starts_at - 24 * HOUR
    post.clock()
    post.fill()
    move(world, post, livestream, HOUR)
    assert told(post.passes(minutes=2)) == [("anna", "changed"), ("host", "host_changed")]
    reasons = world.session.scalars(select(Notice.reason).where(Notice.kind == "day_before"))
    assert reasons.all() == ["not_true"]


def test_reminder_of_what_was_moved_and_moved_back_is_still_sent(world: World, post: Post) -> None:
    livestream = waited_for(world, post, 48)
    post.now = livestream.starts_at - 24 * HOUR
    post.clock()
    post.fill()
    move(world, post, livestream, HOUR)
    assert post.passes(seconds=20) == []
    move(world, post, livestream, -HOUR)
    assert told(post.passes(minutes=1)) == [("anna", "day_before"), ("host", "host_day_before")]


def test_no_reminder_of_what_is_cancelled(world: World, post: Post) -> None:
    livestream = waited_for(world, post, 48)
    post.now = livestream.starts_at - 24 * HOUR
    post.clock()
    post.fill()
    life.cancel(world.session, livestream=livestream, now=post.now)
    assert told(post.passes(minutes=3)) == [("anna", "cancelled"), ("host", "host_cancelled")]


def test_no_reminder_after_the_start(world: World, post: Post) -> None:
    livestream = waited_for(world, post, 2)
    post.now = livestream.starts_at - HOUR / 6
    post.clock()
    post.fill()
    assert jumped(post, livestream.starts_at) == []


def test_reminder_that_is_late_says_the_minutes_that_are_left(world: World, post: Post) -> None:
    livestream = waited_for(world, post, 2)
    post.now = livestream.starts_at - HOUR / 6
    post.clock()
    post.fill()
    mails = jumped(post, livestream.starts_at - timedelta(minutes=4, seconds=5))
    assert {one.say.values["left"] for one in mails} == {"4 minutes"}


def test_reminder_names_no_host_while_another_is_found(world: World, post: Post) -> None:
    add_hosts(world, 1)
    livestream = waited_for(world, post, 2)
    handover.withdraw_host(world.session, livestream_id=livestream.id, reason="", now=post.now)
    post.passes(minutes=2)
    mails = jumped(post, livestream.starts_at - HOUR / 6)
    assert told(mails) == [("anna", "minutes_before")]
    assert mails[0].say.values["host"] == "Host to be named"
    assert mails[0].say.values["note"].startswith("The host who was announced cannot come.")


def test_who_registers_after_it_was_due_is_not_reminded_of_it(world: World, post: Post) -> None:
    livestream = waited_for(world, post, 48)
    post.now = livestream.starts_at - 24 * HOUR + timedelta(minutes=1)
    post.register(livestream, "bo")
    assert ("bo", "day_before") not in told(post.passes(seconds=30))


def test_who_called_it_off_gets_no_row(world: World, post: Post) -> None:
    livestream = waited_for(world, post, 48)
    registration = post.register(livestream, "bo")
    end(world.session, registration_id=registration.id, now=post.now)
    jumped(post, livestream.starts_at - 24 * HOUR)
    kinds = select(Notice.kind).where(Notice.registration_id == registration.id)
    assert world.session.scalars(kinds).all() == []


def test_expansion_goes_on_where_it_stopped(
    world: World, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expansion, "PIECE", 2)
    livestream = planned(world, 48)
    for number in range(5):
        post.register(livestream, f"viewer{number}")
    post.passes(seconds=10)
    life.cancel(world.session, livestream=livestream, now=post.now)
    post.now += timedelta(minutes=2)
    post.clock()
    post.now += timedelta(minutes=2)
    post.clock()
    looked = [expansion.expand(world.session, post.now) for _piece in range(4)]
    assert looked == [3, 3, 2, 0]
    rows = world.session.scalars(select(Notice.recipient_id).where(Notice.kind == "cancelled"))
    assert len(set(rows)) == 5
    assert world.session.scalars(select(Mailing.done_at)).all() == [post.now]


def test_replay_is_told_when_it_was_published_and_packaged(world: World, post: Post) -> None:
    livestream = waited_for(world, post, 1)
    jumped(post, livestream.starts_at - HOUR / 6)
    post.now = livestream.starts_at
    world.moderate(livestream)
    life.start(world.session, livestream=livestream, now=post.now)
    life.end(world.session, livestream=livestream, now=post.now + HOUR)
    post.now += HOUR
    assert ("host", "replay_waiting") in told(post.passes(seconds=30))
    life.publish(world.session, livestream=livestream, now=post.now)
    assert told(post.passes(seconds=30)) == [("anna", "replay_ready")]
    assert post.passes(minutes=2) == []
