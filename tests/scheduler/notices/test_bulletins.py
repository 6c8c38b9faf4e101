"""A change is told once it has settled, as what it is by then; what went back is told to nobody."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Livestream, Series
from scheduler.models import Occurrence, Recurrence
from scheduler.models.notices import Bulletin, Mailing
from scheduler.spans import Span
from streams.life import services as life
from streams.planning.services.moving import move_livestream
from tests.fakes.duties import moderator, on_duty, planned
from tests.fakes.planner import Post, told
from tests.fakes.programme import World

pytestmark = pytest.mark.integration

HOUR = timedelta(hours=1)


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    return World(session, now).build()


@pytest.fixture
def post(world: World) -> Post:
    return Post(world.session, world.now)


def settled(world: World, post: Post, hours: float = 48) -> Livestream:
    """Return a livestream that two people wait for and whose host knows of it."""
    livestream = planned(world, hours)
    for name in ("anna", "bo"):
        post.register(livestream, name)
    post.passes(seconds=10)
    return livestream


def move(world: World, post: Post, livestream: Livestream, by: timedelta) -> None:
    move_livestream(
        world.session,
        actor=world.actors["editor"],
        livestream=livestream,
        span=Span(livestream.starts_at + by, livestream.ends_at + by),
        timezone=livestream.timezone,
        now=post.now,
    )


def test_first_announcement_is_told_to_the_host_alone(world: World, post: Post) -> None:
    livestream = settled(world, post)
    assert [(one.to, one.kind, one.method) for one in post.mails] == [
        ("host", "host_scheduled", "REQUEST")
    ]
    assert world.session.get_one(Bulletin, livestream.id).revision == 1


def test_move_is_told_when_it_has_settled(world: World, post: Post) -> None:
    livestream = settled(world, post)
    move(world, post, livestream, HOUR)
    assert post.passes(seconds=55) == []
    mails = post.passes(seconds=15)
    assert told(mails) == [("anna", "changed"), ("bo", "changed"), ("host", "host_changed")]
    assert {one.method for one in mails} == {"REQUEST"}
    assert mails[0].say.values["changes"] == (
        "New start: Thursday 12 March, 19:00 (UTC). Before: Thursday 12 March, 18:00 (UTC)."
    )
    assert post.passes(minutes=10) == []


def test_move_and_back_is_told_to_nobody(world: World, post: Post) -> None:
    livestream = settled(world, post)
    move(world, post, livestream, HOUR)
    assert post.passes(seconds=30) == []
    move(world, post, livestream, -HOUR)
    assert post.passes(minutes=10) == []
    assert world.session.get_one(Bulletin, livestream.id).pending_since is None


def test_one_who_goes_on_changing_is_told_after_five_minutes(world: World, post: Post) -> None:
    livestream = settled(world, post)
    for _number in range(7):
        move(world, post, livestream, HOUR)
        assert post.passes(seconds=40) == []
    mails = post.passes(seconds=30)
    assert told(mails) == [("anna", "changed"), ("bo", "changed"), ("host", "host_changed")]


def test_change_near_the_start_settles_sooner(world: World, post: Post) -> None:
    livestream = settled(world, post, hours=0.75)
    move(world, post, livestream, -timedelta(minutes=25))
    assert post.passes(seconds=5) == []
    assert ("anna", "changed") in told(post.passes(seconds=10))


def test_cancellation_reaches_viewers_host_and_moderators(world: World, post: Post) -> None:
    moderator(world, "mo")
    livestream = planned(world, 48)
    on_duty(world, livestream, "mo")
    post.register(livestream, "anna")
    post.passes(seconds=10)
    life.cancel(world.session, livestream=livestream, now=post.now)
    mails = [one for one in post.passes(seconds=70) if one.kind != "duty_assigned"]
    assert sorted((one.to, one.kind, one.method) for one in mails) == [
        ("anna", "cancelled", "CANCEL"),
        ("host", "host_cancelled", "CANCEL"),
        ("mo", "duty_cancelled", "CANCEL"),
    ]


def test_words_and_zone_are_no_news(world: World, post: Post) -> None:
    livestream = settled(world, post)
    life.edit_livestream(
        world.session,
        actor=world.actors["editor"],
        livestream=livestream,
        changes={"titles": {"en": "Another title"}, "timezone": "Europe/Berlin"},
        now=post.now,
    )
    assert post.passes(minutes=6) == []
    assert world.session.get_one(Bulletin, livestream.id).facts["zone"] == "Europe/Berlin"


def test_draft_has_no_bulletin(world: World, post: Post) -> None:
    planned(world, 48, state="proposed")
    post.passes(seconds=10)
    assert world.session.scalars(select(Bulletin)).all() == []


def test_missed_livestream_was_not_held(world: World, post: Post) -> None:
    livestream = settled(world, post, hours=1)
    post.passes(minutes=91)
    life.miss(world.session, livestream_id=livestream.id, now=post.now)
    mails = post.passes(seconds=20)
    assert sorted((one.to, one.kind, one.method) for one in mails) == [
        ("anna", "not_held", "CANCEL"),
        ("bo", "not_held", "CANCEL"),
    ]


def test_what_is_told_is_one_mailing_per_revision(world: World, post: Post) -> None:
    livestream = settled(world, post)
    move(world, post, livestream, HOUR)
    post.passes(minutes=2)
    move(world, post, livestream, HOUR)
    post.passes(minutes=2)
    rows = world.session.execute(select(Mailing.kind, Mailing.revision).order_by(Mailing.revision))
    assert [tuple(row) for row in rows] == [("changed", 2), ("changed", 3)]


def test_dates_of_one_rule_that_are_announced_together_are_one_message(
    world: World, post: Post
) -> None:
    days = [planned(world, 24 * day) for day in (2, 3)]
    alone = planned(world, 24 * 4)
    made_at = {"created_at": world.now, "updated_at": world.now}
    world.session.add(Series(id="series", titles={"en": "Nights"}, **made_at))
    world.session.flush()
    rule = Recurrence(
        id="rule",
        series_id="series",
        host_id="host",
        frequency="weekly",
        weekday=3,
        local_time="18:00",
        timezone="UTC",
        minutes=60,
        starts_on=days[0].starts_at.date(),
        times=2,
        **made_at,
    )
    world.session.add(rule)
    world.session.flush()
    for one in days:
        at = one.starts_at.isoformat()[:19]
        world.session.add(
            Occurrence(livestream_id=one.id, recurrence_id="rule", original_local_start=at)
        )
    world.session.flush()
    mails = post.passes(seconds=10)
    assert told(mails) == [("host", "host_scheduled"), ("host", "host_series_scheduled")]
    (series,) = [one for one in mails if one.kind == "host_series_scheduled"]
    assert series.say.values["count"] == "2"
    assert alone.id in {one.say.link.split("/")[-2] for one in mails}
