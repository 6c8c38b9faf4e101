"""Who could host this, asked of a database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from catalog.models import Host, HostLanguage, HostTopic
from scheduler.enums import Part, ReservationKind
from scheduler.enums import ReservationState as R
from scheduler.grid import services as grid
from scheduler.grid.rules import Need, Wanted
from scheduler.matching.queries import Matches, who_could_host
from scheduler.matching.rules import Hours, Turn, Wish
from scheduler.models import DatedHours, PersonTime, WeeklyHours
from scheduler.spans import Span
from tests.fakes.programme import World

pytestmark = pytest.mark.integration

START = datetime.fromisoformat("2026-03-17T11:00:00+00:00")
"""A Tuesday, 19:00 in Shanghai."""


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    made = World(session, now).build()
    for host in ("host", "otherhost"):
        add_hours(session, host, now)
        session.get_one(Host, host).verified_until = now + timedelta(days=30)
    session.flush()
    return made


def add_hours(session: Session, host: str, now: datetime) -> None:
    session.add(HostTopic(host_id=host, topic_slug="sleep"))
    session.add(HostLanguage(host_id=host, language="en"))
    session.add(PersonTime(person_id=host, timezone="Asia/Shanghai", updated_at=now))
    session.flush()
    session.add(WeeklyHours(person_id=host, weekday=1, start_minute=1080, end_minute=1260))
    session.flush()


def wish(**changes: Any) -> Wish:  # noqa: ANN401 -- fields
    made = Wish(("sleep",), "en", "education", timedelta(minutes=60), START, START)
    return replace(made, **changes)


def take(session: Session, host: str, span: Span, now: datetime, state: R = R.CONFIRMED) -> None:
    wanted = Wanted(ReservationKind.LIVESTREAM, f"of {host}", (Need(host, Part.HOST),), span)
    grid.reserve(session, wanted=wanted, state=state, now=now)


def ids(found: Matches) -> list[str]:
    return [one.host_id for one in found.candidates]


def test_candidates_say_why(session: Session, world: World) -> None:
    first = who_could_host(session, wish=wish(), now=world.now).candidates[0]
    assert (first.host_id, first.span, first.weekday, first.hours, first.timezone, first.turn) == (
        *("host", Span(START, START + timedelta(hours=1)), 1, Hours(1080, 1260)),
        *("Asia/Shanghai", Turn()),
    )
    assert first.why.as_json() == {
        "topics": ["sleep"],
        "language": "en",
        "timezone": "Asia/Shanghai",
        "weekday": 1,
        "opens": 1080,
        "closes": 1260,
        "sessions": 0,
        "last_at": None,
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"topics": ("anxiety",)},
        {"topics": ("sleep", "anxiety")},
        {"language": "zh-Hans"},
        {
            "first": START + timedelta(hours=1, minutes=5),
            "last": START + timedelta(hours=1, minutes=5),
        },
        {"first": START - timedelta(days=1), "last": START - timedelta(days=1)},
        {"first": START + timedelta(days=28), "last": START + timedelta(days=28)},  # lapsed by then
    ],
)
def test_nobody_hosts_what_does_not_fit(
    session: Session, world: World, changes: dict[str, Any]
) -> None:
    assert ids(who_could_host(session, wish=wish(**changes), now=world.now)) == []


def test_scope_is_for_the_professions_that_teach_it(session: Session, world: World) -> None:
    session.get_one(Host, "host").credential_kind = "counsellor"
    session.flush()
    found = who_could_host(session, wish=wish(scope="medication"), now=world.now)
    assert ids(found) == ["otherhost"]


def test_licence_that_is_withdrawn_counts_at_once(session: Session, world: World) -> None:
    session.get_one(Host, "host").verified_until = world.now
    session.flush()
    assert ids(who_could_host(session, wish=wish(), now=world.now)) == ["otherhost"]


def test_dated_hours_replace_those_of_the_week(session: Session, world: World) -> None:
    session.add(DatedHours(person_id="host", day=date(2026, 3, 17), start_minute=0, end_minute=0))
    session.flush()
    assert ids(who_could_host(session, wish=wish(), now=world.now)) == ["otherhost"]


@pytest.mark.parametrize(("gap", "expected"), [(25, ["otherhost"]), (30, ["host", "otherhost"])])
def test_buffers_of_both_sessions_stay_free(
    session: Session, world: World, gap: int, expected: list[str]
) -> None:
    end = START - timedelta(minutes=gap)
    take(session, "host", Span(end - timedelta(minutes=30), end), world.now)
    assert ids(who_could_host(session, wish=wish(), now=world.now)) == expected


def test_expired_holds_are_in_nobodys_way(session: Session, world: World) -> None:
    take(session, "host", Span(START, START + timedelta(hours=1)), world.now, R.HELD)
    assert ids(who_could_host(session, wish=wish(), now=world.now)) == ["otherhost"]
    later = world.now + timedelta(minutes=10)
    assert ids(who_could_host(session, wish=wish(), now=later)) == ["host", "otherhost"]


def test_whoever_taught_less_comes_first(session: Session, world: World) -> None:
    before = world.now - timedelta(days=3)
    take(session, "host", Span(before, before + timedelta(hours=1)), world.now)
    found = who_could_host(session, wish=wish(), now=world.now)
    assert [(one.host_id, one.turn) for one in found.candidates] == [
        ("otherhost", Turn()),
        ("host", Turn(1, before)),
    ]


def test_who_nearly_could_is_named_with_the_hindrance(session: Session, world: World) -> None:
    take(session, "host", Span(START, START + timedelta(hours=1)), world.now)
    session.get_one(WeeklyHours, ("otherhost", 1, 1080)).weekday = 2
    session.flush()
    found = who_could_host(session, wish=wish(), now=world.now, with_nearly=True)
    assert ids(found) == []
    assert [(one.host_id, one.hindrance) for one in found.nearly] == [
        ("host", "booked"),
        ("otherhost", "closed"),
    ]


@pytest.fixture
def statements(session: Session) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(*args: Any) -> None:  # noqa: ANN401 -- of the library
        if args[2].startswith("SELECT"):
            seen.append(args[2])

    engine = session.get_bind().engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_question_takes_as_many_statements_for_many_as_for_few(
    session: Session, world: World, statements: list[str]
) -> None:
    statements.clear()
    who_could_host(session, wish=wish(last=START + timedelta(hours=4)), now=world.now)
    assert len(statements) == 7
