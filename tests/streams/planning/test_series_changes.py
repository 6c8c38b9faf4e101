from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import AuditEntry
from catalog.models import Host, Livestream
from core.errors import NotAllowed
from scheduler.errors import NotVerified
from scheduler.models import Cell, Occurrence, Recurrence
from scheduler.spans import Span
from streams.life import services as life
from streams.planning.access import moving
from streams.planning.access import series as access
from streams.planning.enums import Reach
from streams.planning.errors import DatesInTheWay, TooLateToMove
from streams.planning.rules.changes import SeriesChange
from tests.fakes.programme import World
from tests.streams.planning.test_series_services import confirm, members, plan, take
from tests.streams.planning.test_series_services import world as world  # noqa: PLC0414 -- fixture

pytestmark = pytest.mark.integration


def ids(session: Session) -> list[str]:
    statement = select(Occurrence.livestream_id).order_by(Occurrence.original_local_start)
    return list(session.scalars(statement))


def change(world: World, number: int, change: SeriesChange, who: str = "editor") -> None:
    access.change(
        world.session,
        actor=world.actors[who],
        livestream_id=ids(world.session)[number],
        change=change,
        now=world.now,
    )
    world.session.expire_all()


def walls(session: Session) -> list[str]:
    return [row[2] for row in members(session)]


def rules(session: Session) -> list[tuple[str, int, date, int, int]]:
    rows = session.scalars(select(Recurrence).order_by(Recurrence.starts_on))
    return [(one.local_time, one.weekday, one.starts_on, one.times, one.minutes) for one in rows]


def test_all_are_moved_on_the_wall_and_keep_what_was_first_meant(world: World) -> None:
    confirm(world, plan(), "editor")
    change(world, 1, SeriesChange(Reach.ALL, clock=time(19), weekday=3, minutes=45))
    assert [(row[2], row[3]) for row in members(world.session)] == [
        ("2026-03-19T19:00:00", "2026-03-17T20:00:00"),
        ("2026-03-26T19:00:00", "2026-03-24T20:00:00"),
        ("2026-04-02T19:00:00", "2026-03-31T20:00:00"),
        ("2026-04-09T19:00:00", "2026-04-07T20:00:00"),
    ]
    assert rules(world.session) == [("19:00", 3, date(2026, 3, 19), 4, 45)]
    rows = world.session.scalars(select(Livestream)).all()
    assert {(one.ends_at - one.starts_at, one.sequence) for one in rows} == {
        (timedelta(minutes=45), 2)
    }


def test_the_following_go_on_under_a_rule_of_their_own(world: World) -> None:
    confirm(world, plan(), "editor")
    change(world, 2, SeriesChange(Reach.FOLLOWING, clock=time(18, 30), titles={"en": "Rest"}))
    assert [row[:3] for row in members(world.session)] == [
        ("1: Sleep well", "scheduled", "2026-03-17T20:00:00"),
        ("2: Sleep well", "scheduled", "2026-03-24T20:00:00"),
        ("3: Rest", "scheduled", "2026-03-31T18:30:00"),
        ("4: Rest", "scheduled", "2026-04-07T18:30:00"),
    ]
    assert rules(world.session) == [
        ("20:00", 1, date(2026, 3, 17), 2, 60),
        ("18:30", 1, date(2026, 3, 31), 2, 60),
    ]


def test_one_that_was_changed_by_itself_keeps_what_is_special(world: World) -> None:
    confirm(world, plan(), "editor")
    change(world, 1, SeriesChange(Reach.THIS, clock=time(17)))
    change(world, 2, SeriesChange(Reach.THIS, titles={"en": "A guest"}))
    change(world, 0, SeriesChange(Reach.ALL, clock=time(19), titles={"en": "Rest"}))
    assert [(row[0], row[2], row[4]) for row in members(world.session)] == [
        ("1: Rest", "2026-03-17T19:00:00", False),
        ("2: Rest", "2026-03-24T17:00:00", True),
        ("3: A guest", "2026-03-31T19:00:00", True),
        ("4: Rest", "2026-04-07T19:00:00", False),
    ]


def test_what_is_special_goes_when_it_is_ticked(world: World) -> None:
    confirm(world, plan(times=2), "editor")
    change(world, 1, SeriesChange(Reach.THIS, clock=time(17), titles={"en": "A guest"}))
    change(
        world,
        0,
        SeriesChange(Reach.ALL, clock=time(19), titles={"en": "Rest"}, also_special=True),
    )
    assert [(row[0], row[2], row[4]) for row in members(world.session)] == [
        ("1: Rest", "2026-03-17T19:00:00", False),
        ("2: Rest", "2026-03-24T19:00:00", False),
    ]


def test_one_taken_time_leaves_all_where_they_were(world: World) -> None:
    confirm(world, plan(), "editor")
    take(world, datetime(2026, 3, 31, 12, 0, tzinfo=UTC))
    before = (walls(world.session), world.session.scalar(select(func.count()).select_from(Cell)))
    with pytest.raises(DatesInTheWay) as refused:
        change(world, 0, SeriesChange(Reach.ALL, clock=time(14)))
    world.session.expire_all()
    assert [fault.field for fault in refused.value.errors] == [f"dates.{ids(world.session)[2]}"]
    after = (walls(world.session), world.session.scalar(select(func.count()).select_from(Cell)))
    assert after == before


def test_the_taken_one_can_stay_or_take_another_time(world: World) -> None:
    confirm(world, plan(), "editor")
    take(world, datetime(2026, 3, 31, 12, 0, tzinfo=UTC))
    take(world, datetime(2026, 3, 24, 13, 0, tzinfo=UTC))
    names = ids(world.session)
    change(
        world,
        0,
        SeriesChange(
            Reach.ALL,
            clock=time(14),
            left_out=frozenset({names[2]}),
            moved={names[1]: datetime(2026, 3, 24, 16, 0, tzinfo=UTC)},
        ),
    )
    assert [(row[2], row[4]) for row in members(world.session)] == [
        ("2026-03-17T14:00:00", False),
        ("2026-03-24T17:00:00", True),
        ("2026-03-31T20:00:00", True),
        ("2026-04-07T14:00:00", False),
    ]


def test_those_that_have_started_stay(world: World) -> None:
    confirm(world, plan(), "editor")
    first = world.session.get_one(Livestream, ids(world.session)[0])
    first.state = "live"
    change(world, 1, SeriesChange(Reach.ALL, clock=time(19)))
    assert walls(world.session)[:2] == ["2026-03-17T20:00:00", "2026-03-24T19:00:00"]


@pytest.mark.parametrize(
    ("reach", "left", "times"),
    [
        (Reach.THIS, ["scheduled", "cancelled", "scheduled", "scheduled"], 4),
        (Reach.FOLLOWING, ["scheduled", "cancelled", "cancelled", "cancelled"], 1),
        (Reach.ALL, ["cancelled"] * 4, 4),
    ],
)
def test_this_the_following_or_all_are_called_off(
    world: World, reach: Reach, left: list[str], times: int
) -> None:
    confirm(world, plan(), "editor")
    access.cancel(
        world.session,
        actor=world.actors["host"],
        livestream_id=ids(world.session)[1],
        reach=reach,
        now=world.now,
    )
    world.session.expire_all()
    cells = world.session.scalar(select(func.count()).select_from(Cell))
    assert ([row[1] for row in members(world.session)], rules(world.session)[0][3], cells) == (
        left,
        times,
        left.count("scheduled") * 18,
    )


def test_topics_and_host_are_the_staffs(world: World) -> None:
    confirm(world, plan(), "editor")
    for forbidden in (
        SeriesChange(Reach.ALL, topics=("anxiety",)),
        SeriesChange(Reach.ALL, host_id="otherhost"),
    ):
        with pytest.raises(NotAllowed):
            change(world, 0, forbidden, "host")
    change(world, 0, SeriesChange(Reach.ALL, topics=("anxiety",), host_id="otherhost"))
    holders = set(world.session.scalars(select(Cell.resource_id)))
    assert holders == {"otherhost"}


def test_nobody_is_made_host_whose_licence_is_not_valid(world: World) -> None:
    confirm(world, plan(), "editor")
    world.session.get_one(Host, "otherhost").verified_until = world.now
    with pytest.raises(NotVerified):
        change(world, 0, SeriesChange(Reach.ALL, host_id="otherhost"))


def move(world: World, livestream_id: str, start: datetime, who: str = "host") -> None:
    moving.move(
        world.session,
        actor=world.actors[who],
        livestream_id=livestream_id,
        span=Span(start, start + timedelta(hours=1)),
        timezone="Europe/Berlin",
        now=world.now,
    )
    world.session.expire_all()


def test_a_host_moves_what_was_agreed_until_a_day_before(world: World) -> None:
    made = world.livestream(
        state="scheduled",
        starts_at=world.now + timedelta(hours=24),
        ends_at=world.now + timedelta(hours=25),
    )
    move(world, made.id, world.now + timedelta(hours=23, minutes=55))
    assert made.starts_at == world.now + timedelta(hours=23, minutes=55)
    with pytest.raises(TooLateToMove):
        move(world, made.id, world.now + timedelta(hours=30))
    move(world, made.id, world.now + timedelta(hours=30), "editor")
    acts = world.session.scalars(select(AuditEntry.act).order_by(AuditEntry.at, AuditEntry.id))
    assert (made.local_start, made.sequence, list(acts).count("livestream.reschedule")) == (
        "2026-03-12T01:00:00",
        2,
        2,
    )


def test_the_wide_way_stays_shut_to_a_host(world: World) -> None:
    made = world.livestream(state="scheduled")
    with pytest.raises(NotAllowed):
        life.edit_livestream(
            world.session,
            actor=world.actors["host"],
            livestream=made,
            changes={"ends_at": made.ends_at + timedelta(hours=1)},
            now=world.now,
        )


def test_one_of_a_series_that_is_moved_is_changed_by_itself(world: World) -> None:
    confirm(world, plan(times=2))
    move(world, ids(world.session)[1], datetime(2026, 3, 25, 19, 0, tzinfo=UTC))
    assert [(row[2], row[4]) for row in members(world.session)] == [
        ("2026-03-17T20:00:00", False),
        ("2026-03-25T20:00:00", True),
    ]
