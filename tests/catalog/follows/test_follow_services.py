"""Follows: one of each, gone with either side, and what is new of them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.rules import STRANGER
from catalog.follows import access, services
from catalog.follows.enums import Followed
from catalog.follows.errors import FollowsEnough
from catalog.follows.models import Follow
from catalog.follows.queries import coming_for, followed_by, news_for
from catalog.follows.rules import ACTS_AN_HOUR, VISIT, Subject, seen_until
from catalog.models import Host, Livestream, Series, Topic
from core.database import Sessions
from core.errors import NotFound, SignInNeeded, TooMany
from tests.catalog.follows.conftest import Programme
from tests.fakes.programme import World

pytestmark = pytest.mark.integration

HOUR = timedelta(hours=1)
SLEEP = Subject(Followed.TOPIC, "sleep")
NIGHTS = Subject(Followed.SERIES, "nights")
HOST = Subject(Followed.HOST, "host")


def follow(world: World, *subjects: Subject, name: str = "viewer", ago: timedelta = HOUR) -> None:
    """Let somebody follow since some time ago."""
    actor, then = world.actors[name], world.now - ago
    access.follow(world.session, actor=actor, subjects=subjects, now=then)


def rows(session: Session) -> list[tuple[str, Subject]]:
    found = session.scalars(select(Follow).order_by(Follow.user_id, Follow.since))
    return [(one.user_id, one.subject) for one in found]


def news(world: World, name: str = "viewer", later: timedelta = timedelta(0)) -> list[str]:
    found = news_for(world.session, actor=world.actors[name], now=world.now + later)
    return [one.id for one in found]


def test_followed_twice_is_one_follow_and_ended_it_is_gone(
    session: Session, world: World, programme: Programme
) -> None:
    programme.coming(series="nights")
    follow(world, SLEEP, NIGHTS, HOST)
    follow(world, SLEEP)
    assert len(rows(session)) == 3
    assert [one.names["en"] for one in followed_by(session, user_id="viewer")]
    assert services.unfollow(session, user_id="viewer", subject=SLEEP)
    assert not services.unfollow(session, user_id="viewer", subject=SLEEP)
    assert {one for _who, one in rows(session)} == {NIGHTS, HOST}


def test_every_role_may_follow_and_no_stranger(world: World) -> None:
    for name in world.actors:
        follow(world, SLEEP, name=name)
    with pytest.raises(SignInNeeded):
        access.follow(world.session, actor=STRANGER, subjects=[SLEEP], now=world.now)
    assert {one for _who, one in rows(world.session)} == {SLEEP}


@pytest.mark.parametrize("kind", Followed)
def test_what_is_not_there_cannot_be_followed(world: World, kind: Followed) -> None:
    with pytest.raises(NotFound):
        follow(world, Subject(kind, "nothing"))


def test_series_of_private_parts_is_followed_by_members_alone(
    world: World, programme: Programme
) -> None:
    programme.coming(series="nights", visibility="organisation", organisation_id="companya")
    follow(world, NIGHTS, name="employee_a")
    for name in ("viewer", "employee_b"):
        with pytest.raises(NotFound):
            follow(world, NIGHTS, name=name)
    assert rows(world.session) == [("employeea", NIGHTS)]


def test_another_persons_follow_is_nobody_elses_to_end(session: Session, world: World) -> None:
    follow(world, SLEEP)
    (mine,) = followed_by(session, user_id="viewer")
    with pytest.raises(NotFound):
        access.unfollow_one(session, actor=world.actors["editor"], follow_id=mine.id)
    access.unfollow_one(session, actor=world.actors["viewer"], follow_id=mine.id)
    assert rows(session) == []


def test_one_person_follows_as_much_as_a_page_shows(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog.follows.services.MOST", 1)
    follow(world, SLEEP)
    follow(world, SLEEP)  # no more than before
    with pytest.raises(FollowsEnough):
        follow(world, HOST)
    follow(world, HOST, name="editor")


def test_acts_of_an_hour_are_counted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ACTS_AN_HOUR > 100
    monkeypatch.setattr("catalog.follows.access.ACTS_AN_HOUR", 2)
    for _turn in range(2):
        follow(world, SLEEP)
    with pytest.raises(TooMany):
        follow(world, SLEEP)


@pytest.mark.parametrize(
    ("gone", "left"),
    [
        (delete(User).where(User.id == "viewer"), [("editor", NIGHTS), ("editor", SLEEP)]),
        (delete(Series).where(Series.id == "nights"), [("editor", SLEEP), ("viewer", SLEEP)]),
    ],
    ids=["account", "series"],
)
def test_follow_goes_with_its_person_and_with_what_is_followed(
    session: Session,
    world: World,
    programme: Programme,
    gone: object,
    left: list[tuple[str, Subject]],
) -> None:
    programme.coming(series="nights")
    for name in ("viewer", "editor"):
        follow(world, SLEEP, NIGHTS, name=name)
    session.execute(gone)  # type: ignore[call-overload]  # a DELETE
    session.expire_all()
    assert sorted(rows(session), key=str) == sorted(left, key=str)


def test_follow_goes_with_a_topic_and_with_a_host(session: Session, world: World) -> None:
    follow(world, Subject(Followed.TOPIC, "anxiety"), Subject(Followed.HOST, "otherhost"), SLEEP)
    session.execute(delete(Topic).where(Topic.slug == "anxiety"))
    session.execute(delete(Host).where(Host.id == "otherhost"))
    session.expire_all()
    assert [one for _who, one in rows(session)] == [SLEEP]


@pytest.mark.parametrize("subjects", [{}, {"topic_slug": "sleep", "host_id": "host"}])
def test_database_takes_exactly_one_subject(
    session: Session, world: World, subjects: dict[str, str]
) -> None:
    now = world.now
    row = Follow(user_id="viewer", since=now, visited_at=now, seen_at=now, **subjects)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.add(row)


def test_follow_raced_makes_one(sessions: Sessions, now: datetime) -> None:
    with sessions.begin() as session:
        World(session, now).build()

    def once(_turn: int) -> bool:
        with sessions.begin() as session:
            return services.follow(session, user_id="viewer", subject=SLEEP, now=now)

    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(once, range(6)))
    with sessions() as session:
        assert (made.count(True), session.scalar(select(func.count(Follow.id)))) == (1, 1)


def test_livestream_that_two_follows_match_is_new_once(world: World, programme: Programme) -> None:
    follow(world, SLEEP, HOST)
    made = programme.coming(series="nights")
    follow(world, NIGHTS)
    assert news(world) == [made.id]


@pytest.mark.parametrize(
    ("subject", "which"), [(SLEEP, "topic"), (NIGHTS, "series"), (HOST, "host")]
)
def test_news_is_of_what_is_followed_alone(
    world: World, programme: Programme, subject: Subject, which: str
) -> None:
    other: dict[str, Any] = {"topics": ("anxiety",), "host_id": "otherhost"}
    made = {
        "topic": programme.coming(**{**other, "topics": ("anxiety", "sleep")}),
        "series": programme.coming(**other, series="nights", known=HOUR / 60, days=3),
        "host": programme.coming(**{**other, "host_id": "host"}, days=4),
    }
    follow(world, subject)
    assert news(world, later=HOUR / 30) == [made[which].id]


def test_what_was_there_before_is_not_new_and_comes_all_the_same(
    session: Session, world: World, programme: Programme
) -> None:
    old = programme.coming(known=-2 * HOUR)
    old_replay = programme.replay(known=-2 * HOUR)
    follow(world, SLEEP)
    new = programme.coming(days=3)
    replay = programme.replay(series="nights")
    coming = coming_for(session, actor=world.actors["viewer"], now=world.now)
    assert old_replay.id not in news(world)
    assert sorted(news(world)) == sorted([new.id, replay.id])
    assert [one.id for one in coming] == [old.id, new.id]


def test_private_livestream_is_news_to_its_members_alone(
    world: World, programme: Programme
) -> None:
    made = programme.coming(visibility="organisation", organisation_id="companya")
    draft = programme.coming(state="draft", days=5)
    for name in ("viewer", "employee_a", "employee_b"):
        follow(world, SLEEP, name=name)
    assert {name: news(world, name) for name in ("viewer", "employee_a", "employee_b")} == {
        "viewer": [],
        "employee_a": [made.id],
        "employee_b": [],
    }
    assert draft.id not in news(world, "employee_a")


@pytest.mark.parametrize("state", ["cancelled", "missed", "ended"])
def test_what_can_be_neither_awaited_nor_watched_is_no_news(
    world: World, programme: Programme, state: str
) -> None:
    programme.coming(state=state)
    follow(world, SLEEP)
    assert news(world) == []


def test_new_is_what_came_since_the_visit_before(
    session: Session, world: World, programme: Programme
) -> None:
    follow(world, SLEEP)
    first = programme.coming()
    assert news(world) == [first.id]
    assert services.note_visit(session, user_id="viewer", now=world.now)
    assert not services.note_visit(session, user_id="viewer", now=world.now + VISIT / 2)
    assert news(world, later=VISIT / 2) == [first.id]  # the same visit
    second = programme.coming(known=VISIT / 2, days=3)
    assert news(world, later=VISIT) == [second.id]
    assert services.note_visit(session, user_id="viewer", now=world.now + VISIT)
    assert news(world, later=3 * VISIT) == []


@pytest.mark.parametrize("ago", [VISIT - timedelta(seconds=1), VISIT, VISIT * 3])
@pytest.mark.parametrize("known", [-3 * VISIT, -VISIT * 0.9, -VISIT * 2])
def test_news_in_sql_is_the_rule(
    session: Session, world: World, programme: Programme, ago: timedelta, known: timedelta
) -> None:
    follow(world, SLEEP)
    row = session.scalars(select(Follow)).one()
    row.seen_at, row.visited_at = world.now - 2.5 * VISIT, world.now - ago
    session.commit()
    made: Livestream = programme.coming(known=known)
    seen = seen_until(seen_at=row.seen_at, visited_at=row.visited_at, now=world.now)
    assert news(world) == ([made.id] if world.now + known > seen else [])
