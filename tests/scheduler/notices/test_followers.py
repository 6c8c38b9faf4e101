"""Followers are told by mail: only who said yes, once of a date, once of a replay."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices.enums import Category, Pace
from accounts.notices.models import Notice, Recipient
from accounts.notices.services import choose, end, recipient_of_user
from catalog.follows.enums import Followed
from catalog.follows.rules import Subject
from catalog.follows.services import follow, unfollow
from catalog.models import Livestream
from media.models import Broadcast
from scheduler.models.notices import Mailing
from scheduler.notices import expansion
from streams.life import services as life
from tests.fakes.duties import planned
from tests.fakes.planner import Mail, Post, told
from tests.fakes.programme import World

pytestmark = pytest.mark.integration

SLEEP = Subject(Followed.TOPIC, "sleep")
HOST = Subject(Followed.HOST, "host")


@pytest.fixture
def world(session: Session, now: object) -> World:
    return World(session, now).build()  # type: ignore[arg-type]  # the moment of the test


@pytest.fixture
def post(world: World) -> Post:
    return Post(world.session, world.now)


def follower(world: World, post: Post, name: str = "viewer", pace: Pace = Pace.AT_ONCE) -> None:
    """Let somebody follow the topic and the host, and choose how they are told."""
    for subject in (SLEEP, HOST):
        follow(world.session, user_id=name, subject=subject, now=post.now)
    recipient = recipient_of_user(world.session, user_id=name, now=post.now)
    choose(
        world.session,
        recipient_id=recipient.id,
        choices={Category.FOLLOWS: pace},
        shows_titles=False,
    )


def passes(post: Post, **length: float) -> list[Mail]:
    """Let time pass; return what followers were sent."""
    return [one for one in post.passes(**length) if one.kind.endswith("_for_you")]


def release(world: World, post: Post, livestream: Livestream) -> None:
    """Let the livestream be over, its last segment packaged and its replay released."""
    livestream.state, livestream.published_at = "published", post.now
    livestream.updated_at = post.now
    world.session.get_one(Broadcast, livestream.broadcast_id).state = "ended"
    world.session.flush()


def test_follower_is_told_of_a_date_once_it_has_settled_and_of_the_replay(
    world: World, post: Post
) -> None:
    follower(world, post)
    livestream = planned(world, 48)
    assert passes(post, seconds=55) == []
    mails = passes(post, minutes=30)
    assert told(mails) == [("viewer", "new_for_you")]
    assert mails[0].say.link.endswith(f"/livestreams/{livestream.id}")
    release(world, post, livestream)
    assert told(passes(post, minutes=1)) == [("viewer", "replay_for_you")]
    livestream.updated_at = post.now  # an editor mends a word
    assert passes(post, hours=1) == []


@pytest.mark.parametrize("pace", [Pace.OFF, None])
def test_nothing_is_written_down_for_who_did_not_say_yes(
    world: World, post: Post, pace: Pace | None
) -> None:
    if pace is None:
        follow(world.session, user_id="viewer", subject=SLEEP, now=post.now)
    else:
        follower(world, post, pace=pace)
    planned(world, 48)
    assert passes(post, minutes=5) == []
    assert "new_for_you" not in world.session.scalars(select(Notice.kind)).all()
    assert "new_for_you" in world.session.scalars(select(Mailing.kind)).all()


def test_private_livestream_is_told_to_no_follower(world: World, post: Post) -> None:
    follower(world, post, "employeea")
    livestream = planned(world, 48, visibility="organisation", organisation_id="companya")
    assert passes(post, minutes=5) == []
    release(world, post, livestream)
    assert passes(post, minutes=5) == []


def test_livestream_that_turns_private_meanwhile_is_told_to_nobody(
    world: World, post: Post
) -> None:
    follower(world, post)
    livestream = planned(world, 48)
    passes(post, seconds=30)
    livestream.visibility, livestream.organisation_id = "organisation", "companya"
    world.session.flush()
    assert passes(post, minutes=5) == []
    assert "new_for_you" not in world.session.scalars(select(Notice.kind)).all()


def test_who_unfollowed_meanwhile_is_told_nothing(world: World, post: Post) -> None:
    follower(world, post)
    follower(world, post, "editor")
    planned(world, 48)
    passes(post, seconds=30)
    unfollow(world.session, user_id="viewer", subject=SLEEP)
    assert told(passes(post, seconds=5)) == []  # still follows the host
    unfollow(world.session, user_id="viewer", subject=HOST)
    assert told(passes(post, minutes=5)) == [("editor", "new_for_you")]


def test_who_unfollows_between_posting_and_sending_is_told_nothing(
    world: World, post: Post
) -> None:
    follower(world, post)
    planned(world, 48)
    post.clock()
    post.now += timedelta(minutes=2)
    post.fill()
    for subject in (SLEEP, HOST):
        unfollow(world.session, user_id="viewer", subject=subject)
    post.send()
    row = world.session.scalars(select(Notice).where(Notice.kind == "new_for_you")).one()
    assert (row.state, row.reason) == ("dropped", "unsubscribed")


def test_who_follows_after_the_announcement_is_not_told_of_it(world: World, post: Post) -> None:
    follower(world, post, "editor")
    livestream = planned(world, 48)
    passes(post, seconds=20)
    follower(world, post)
    assert told(passes(post, minutes=5)) == [("editor", "new_for_you")]
    release(world, post, livestream)
    replays = [("editor", "replay_for_you"), ("viewer", "replay_for_you")]
    assert told(passes(post, minutes=5)) == replays


def test_replay_of_long_ago_is_no_news_to_who_follows_now(world: World, post: Post) -> None:
    livestream = planned(world, 48)
    passes(post, minutes=5)
    release(world, post, livestream)
    passes(post, minutes=5)
    follower(world, post)
    livestream.updated_at = post.now
    assert passes(post, minutes=5) == []


def test_who_asked_to_be_reminded_is_not_told_twice(world: World, post: Post) -> None:
    follower(world, post)
    livestream = planned(world, 48)
    post.register_user(livestream, "viewer")
    assert passes(post, minutes=5) == []
    release(world, post, livestream)
    sent = [one for one in post.passes(minutes=5) if one.to == "viewer"]
    assert told(sent) == [("viewer", "replay_ready")]


def test_replay_that_was_told_for_a_reminder_is_not_told_again(world: World, post: Post) -> None:
    follower(world, post)
    livestream = planned(world, 48)
    registration = post.register_user(livestream, "viewer")
    post.passes(minutes=5)
    release(world, post, livestream)
    post.clock()
    while expansion.expand(world.session, post.now):
        pass
    rows = select(Notice).where(Notice.occurrence == livestream.id)
    replay = world.session.scalars(rows.where(Notice.kind == "replay_ready")).one()
    replay.state, replay.sent_at = "sent", post.now
    end(world.session, registration_id=registration.id, now=post.now)
    assert passes(post, minutes=5) == []


def test_cancelled_before_it_was_told_is_told_to_no_follower(world: World, post: Post) -> None:
    follower(world, post)
    livestream = planned(world, 48)
    passes(post, seconds=30)
    life.cancel(world.session, livestream=livestream, now=post.now)
    assert passes(post, minutes=10) == []


def test_many_followers_are_written_down_in_pieces_once_each(
    world: World, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scheduler.notices.expansion.PIECE", 2)
    names = ["viewer", "editor", "administrator", "employeea", "employeeb"]
    for name in names:
        follower(world, post, name, Pace.OFF if name == "editor" else Pace.AT_ONCE)
    planned(world, 48)
    wanted = sorted((name, "new_for_you") for name in names if name != "editor")
    assert told(passes(post, minutes=5)) == wanted
    mailing = world.session.scalars(select(Mailing).where(Mailing.kind == "new_for_you")).one()
    assert mailing.done_at is not None
    people = world.session.scalars(select(Recipient.user_id)).all()
    assert set(names) <= set(people)
