"""A new version of the zone database: starts to come follow their wall times, once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.enums import Scope
from catalog.models import Livestream
from core import walltime
from core.database import Sessions
from scheduler.enums import ReservationKind, SlotState
from scheduler.enums import ReservationState as R
from scheduler.grid.services import reserve
from scheduler.models import Reservation, Slot, ZoneData
from scheduler.programme.services import take_time
from scheduler.zone_data.rules import Aside
from scheduler.zone_data.services import Applied, apply_zone_data, follow_zone_data
from tests.fakes.grid import grid_faults, wanted
from tests.fakes.programme import World

pytestmark = pytest.mark.integration

HOUR = timedelta(hours=1)
Decree = Callable[[str], None]


@pytest.fixture
def decree(monkeypatch: pytest.MonkeyPatch) -> Decree:
    """Return what makes Shanghai keep the time of another zone from now on."""
    real = walltime.zone

    def replace(other: str) -> None:
        def zone(name: str) -> ZoneInfo:
            return real(other if name == "Asia/Shanghai" else name)

        monkeypatch.setattr(walltime, "zone", zone)

    return replace


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    return World(session, now).build()


def scheduled(world: World, at: datetime, timezone: str = "Asia/Shanghai") -> Livestream:
    made = world.livestream(state="scheduled", starts_at=at, ends_at=at + HOUR, timezone=timezone)
    take_time(world.session, livestream=made, state=R.CONFIRMED, now=world.now)
    return made


def slot(world: World, starts_at: datetime, state: SlotState = SlotState.OPEN) -> Slot:
    shown, fold = walltime.wall_of(starts_at, "Asia/Shanghai")
    made = Slot(
        language="en",
        scope=Scope.EDUCATION,
        starts_at=starts_at,
        ends_at=starts_at + HOUR,
        timezone="Asia/Shanghai",
        local_start=shown.isoformat(timespec="seconds"),
        local_fold=fold,
        state=state,
        created_at=world.now,
        updated_at=world.now,
    )
    world.session.add(made)
    world.session.flush()
    return made


def of(row: Livestream | Slot) -> tuple[datetime, datetime, datetime]:
    return row.starts_at, row.ends_at, row.updated_at


def test_starts_to_come_move_once_with_their_reservations(
    world: World, decree: Decree, now: datetime
) -> None:
    at, later = now + 24 * HOUR, now + HOUR
    moving: list[Livestream | Slot] = [
        scheduled(world, at),
        world.livestream(starts_at=at + 3 * HOUR, ends_at=at + 4 * HOUR),
        slot(world, at),
    ]
    staying: list[Livestream | Slot] = [
        scheduled(world, at + 9 * HOUR, "Asia/Tokyo"),
        world.livestream(state="live", host_id="otherhost"),
        world.livestream(state="cancelled", starts_at=at, ends_at=at + HOUR),
        slot(world, at, SlotState.WITHDRAWN),
    ]
    before = [(*of(row)[:2], later) for row in moving], [of(row) for row in staying]
    assert apply_zone_data(world.session, version="2026f", now=now) == Applied(0, ())
    decree("Asia/Tokyo")
    assert apply_zone_data(world.session, version="2026g", now=later) == Applied(3, ())
    assert apply_zone_data(world.session, version="2026g", now=later + HOUR) is None
    world.session.expire_all()
    earlier = [(start - HOUR, end - HOUR, written) for start, end, written in before[0]]
    assert [of(row) for row in moving] == earlier
    assert [of(row) for row in staying] == before[1]
    sequences = [row.sequence for row in (*moving[:2], staying[0]) if isinstance(row, Livestream)]
    assert sequences == [1, 1, 0]
    times = world.session.scalars(select(Reservation.starts_at).order_by(Reservation.starts_at))
    assert times.all() == [at - HOUR, at + 9 * HOUR]
    assert grid_faults(world.session) == []
    versions = select(ZoneData.version, ZoneData.moved).order_by(ZoneData.version)
    assert world.session.execute(versions).all() == [("2026f", 0), ("2026g", 3)]


@pytest.mark.parametrize("other", ["Asia/Tokyo", "Asia/Bangkok"])
def test_an_evening_of_one_host_moves_as_a_whole(
    world: World, decree: Decree, now: datetime, other: str
) -> None:
    starts = [now + 24 * HOUR + number * timedelta(minutes=90) for number in range(5)]
    rows = [scheduled(world, at) for at in starts]
    decree(other)
    assert apply_zone_data(world.session, version="2026g", now=now) == Applied(5, ())
    shift = -HOUR if other == "Asia/Tokyo" else HOUR
    assert [row.starts_at for row in rows] == [at + shift for at in starts]
    assert grid_faults(world.session) == []


def test_row_that_collides_steps_aside_and_the_rest_moves(
    world: World, decree: Decree, now: datetime
) -> None:
    at = now + 24 * HOUR
    stuck = scheduled(world, at)
    other = scheduled(world, at + 5 * HOUR)
    away = wanted("a trip", "host", at=at - 3 * HOUR, minutes=120, kind=ReservationKind.AWAY)
    reserve(world.session, wanted=away, now=now)
    decree("Asia/Tokyo")
    applied = apply_zone_data(world.session, version="2026g", now=now)
    assert applied == Applied(1, (Aside("livestream", stuck.id, "taken"),))
    assert (stuck.starts_at, stuck.sequence) == (at, 0)
    assert (other.starts_at, other.sequence) == (at + 4 * HOUR, 1)
    assert grid_faults(world.session) == []


def test_row_whose_time_is_skipped_steps_aside(world: World, decree: Decree, now: datetime) -> None:
    night = walltime.moment_of(datetime.fromisoformat("2026-03-29T02:30"), "Asia/Shanghai")
    stuck = world.livestream(starts_at=night, ends_at=night + HOUR)
    decree("Europe/Berlin")
    applied = apply_zone_data(world.session, version="2026g", now=now)
    assert applied == Applied(0, (Aside("livestream", stuck.id, "skipped"),))


def test_second_of_two_wall_times_is_kept_as_it_was_meant(world: World, now: datetime) -> None:
    night = datetime.fromisoformat("2026-10-25T02:30")
    second = walltime.moment_of(night, "Europe/Berlin", fold=1)
    made = world.livestream(starts_at=second, ends_at=second + HOUR, timezone="Europe/Berlin")
    assert (made.local_start, made.local_fold) == ("2026-10-25T02:30:00", 1)
    assert apply_zone_data(world.session, version="2026g", now=now) == Applied(0, ())
    made.local_fold = 0  # a row from before the fold was kept
    assert apply_zone_data(world.session, version="2026h", now=now + HOUR) == Applied(0, ())


def test_version_of_before_is_applied_again_after_it_was_left(world: World, now: datetime) -> None:
    versions = ["2026f", "2026g", "2026f", "2026f"]
    applied = [
        apply_zone_data(world.session, version=version, now=now + number * HOUR)
        for number, version in enumerate(versions)
    ]
    assert [one is not None for one in applied] == [True, True, True, False]


def test_clock_follows_the_zone_data_of_the_release(
    world: World, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    monkeypatch.setattr("tzdata.IANA_VERSION", "2027a")
    follow_zone_data(world.session, now)
    assert world.session.scalars(select(ZoneData.version)).all() == ["2027a"]


def test_two_clocks_move_once(sessions: Sessions, decree: Decree, now: datetime) -> None:
    with sessions() as opened:
        world = World(opened, now).build()
        at = now + 24 * HOUR
        ids = [scheduled(world, at + number * 3 * HOUR).id for number in range(3)]
        opened.commit()
    decree("Asia/Tokyo")
    together = Barrier(3)

    def clock(number: int) -> Applied | None:
        together.wait()
        with sessions.begin() as session:
            at = now + timedelta(seconds=number)
            return apply_zone_data(session, version="2026g", now=at)

    with ThreadPoolExecutor(3) as pool:
        applied = list(pool.map(clock, range(3)))
    assert sorted(one.moved for one in applied if one) == [3]
    with sessions() as opened:
        assert [opened.get_one(Livestream, one).sequence for one in ids] == [1, 1, 1]
        assert grid_faults(opened) == []
