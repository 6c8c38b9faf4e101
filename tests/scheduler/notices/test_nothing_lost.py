"""What could be lost or untrue when something happens at the wrong moment."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from accounts.notices.enums import NoticeState
from accounts.notices.models import Notice
from catalog.models import Livestream
from scheduler.registrations.services import Asked, ask_for_account
from streams.life import services as life
from tests.fakes.duties import moderator, on_duty, planned
from tests.fakes.planner import Post, told
from tests.fakes.programme import World
from tests.scheduler.notices.test_bulletins import move, settled

pytestmark = pytest.mark.integration

HOUR = timedelta(hours=1)


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    return World(session, now).build()


@pytest.fixture
def post(world: World) -> Post:
    return Post(world.session, world.now)


def half_sent(session: Session, kind: str, state: NoticeState) -> None:
    """Leave rows of a kind as a worker that ended after the mail had left them."""
    rows = update(Notice).where(Notice.kind == kind)
    session.execute(rows.values(state=state, attempts=1, sent_at=None, said={}))


def test_moderator_is_not_told_of_a_time_that_is_settling(world: World, post: Post) -> None:
    moderator(world, "mo")
    livestream = settled(world, post)
    world.now = post.now
    on_duty(world, livestream, "mo")
    post.passes(seconds=40)
    move(world, post, livestream, HOUR)
    assert told(post.passes(seconds=40)) == []
    move(world, post, livestream, -HOUR)
    (mail,) = [one for one in post.passes(minutes=10) if one.to == "mo"]
    assert (mail.kind, mail.say.values["starts"]) == (
        "duty_assigned",
        "Thursday 12 March, 18:00 (UTC)",
    )


@pytest.mark.parametrize("state", [NoticeState.SENDING, NoticeState.DROPPED, NoticeState.FAILED])
def test_what_may_have_been_told_is_taken_back(
    world: World, post: Post, state: NoticeState
) -> None:
    """A worker that ended between sending and recording leaves a row that does not say so."""
    livestream = settled(world, post)
    asked = Asked(livestream.id, livestream.starts_at)
    ask_for_account(world.session, asked=asked, user_id="employeea", now=post.now)
    assert told(post.passes(seconds=5)) == [("employeea", "registered")]
    move(world, post, livestream, HOUR)
    assert ("employeea", "changed") in told(post.passes(seconds=65))
    half_sent(world.session, "changed", state)
    move(world, post, livestream, -HOUR)
    mails = [one for one in post.passes(minutes=2) if one.to == "employeea"]
    assert [one.say.values["changes"] for one in mails] == [
        "New start: Thursday 12 March, 18:00 (UTC). Before: Thursday 12 March, 19:00 (UTC)."
    ]


def test_a_clock_that_ran_ahead_once_hides_no_change(world: World, post: Post) -> None:
    livestream, other = settled(world, post), planned(world, 60)
    ahead = update(Livestream).where(Livestream.id == other.id)
    world.session.execute(ahead.values(updated_at=post.now + timedelta(days=1)))
    post.passes(seconds=10)
    post.now += timedelta(minutes=15)
    move(world, post, livestream, HOUR)
    assert ("anna", "changed") in told(post.passes(seconds=70))


def test_who_registered_while_no_clock_ran_is_told_of_what_changed_meanwhile(
    world: World, post: Post
) -> None:
    livestream = planned(world, 48)
    asked = Asked(livestream.id, livestream.starts_at)
    ask_for_account(world.session, asked=asked, user_id="employeea", now=post.now)
    post.send()
    assert told(post.mails) == [("employeea", "registered")]
    post.now += HOUR
    move(world, post, livestream, HOUR)
    mails = [one for one in post.passes(minutes=2) if one.to == "employeea"]
    assert [one.kind for one in mails] == ["changed"]


def test_who_registered_while_no_clock_ran_is_told_of_a_cancellation(
    world: World, post: Post
) -> None:
    moderator(world, "mo")
    livestream = planned(world, 48)
    on_duty(world, livestream, "mo")
    asked = Asked(livestream.id, livestream.starts_at)
    ask_for_account(world.session, asked=asked, user_id="employeea", now=post.now)
    post.now += timedelta(minutes=2)
    post.send()
    life.cancel(world.session, livestream=livestream, now=post.now)
    mails = told(post.passes(minutes=2))
    assert mails == [
        ("employeea", "cancelled"),
        ("host", "host_cancelled"),
        ("mo", "duty_cancelled"),
    ]
