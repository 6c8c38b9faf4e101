"""Taking, moving and giving back time, on both databases."""

import sqlite3
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from scheduler.enums import ReservationKind
from scheduler.enums import ReservationState as R
from scheduler.errors import HoldOver, Taken
from scheduler.grid.queries import needs_of, reservation_of
from scheduler.grid.rules import HOLD, KEPT
from scheduler.grid.services import (
    change_state,
    forget_past_cells,
    move,
    release_expired,
    reserve,
    reserving,
)
from scheduler.models import Cell, Reservation
from tests.fakes.grid import grid_faults, wanted

pytestmark = pytest.mark.integration

HOUR = timedelta(hours=1)
LIVESTREAM = ReservationKind.LIVESTREAM


def test_reserve_takes_all_resources_or_none(session: Session, now: datetime) -> None:
    at = now + 24 * HOUR
    reserve(session, wanted=wanted("one", "h1", "r1", at=at), now=now)
    with pytest.raises(Taken):
        reserve(session, wanted=wanted("two", "h2", "r1", at=at + HOUR), now=now)
    reserve(session, wanted=wanted("three", "h2", at=at + HOUR), now=now)
    assert session.scalar(select(func.count()).select_from(Reservation)) == 2
    assert grid_faults(session) == []


def test_taken_names_the_three_nearest_free_times(session: Session, now: datetime) -> None:
    at = now + 24 * HOUR
    reserve(session, wanted=wanted("one", "h1", "r1", at=at), now=now)
    reserve(session, wanted=wanted("two", "h1", at=at + timedelta(minutes=90)), now=now)
    with pytest.raises(Taken) as refused:
        reserve(session, wanted=wanted("three", "h1", "r1", at=at), now=now)
    starts = [span.starts_at - at for span in refused.value.alternatives]
    assert starts == [timedelta(minutes=minutes) for minutes in (-90, -105, -120)]


def test_back_to_back_with_buffers_is_no_collision(session: Session, now: datetime) -> None:
    at = now + HOUR
    reserve(session, wanted=wanted("one", "h1", at=at, buffers=(15, 10)), now=now)
    beside = at + timedelta(minutes=60 + 10 + 20)
    early = wanted("two", "h1", at=beside - timedelta(minutes=5), buffers=(20, 0))
    with pytest.raises(Taken):
        reserve(session, wanted=early, now=now)
    reserve(session, wanted=wanted("two", "h1", at=beside, buffers=(20, 0)), now=now)
    assert grid_faults(session) == []


def test_subject_has_one_standing_reservation_of_a_kind(session: Session, now: datetime) -> None:
    first = reserve(session, wanted=wanted("one", "h1", at=now + HOUR), now=now)
    elsewhere = wanted("one", "h2", at=now + 20 * HOUR)
    with pytest.raises(Taken):
        reserve(session, wanted=elsewhere, now=now)
    duty = wanted("one", "h2", at=now + 20 * HOUR, kind=ReservationKind.DUTY)
    reserve(session, wanted=duty, now=now)
    change_state(session, reservation=first, state=R.RELEASED, now=now)
    reserve(session, wanted=wanted("one", "h1", at=now + HOUR), now=now)
    assert grid_faults(session) == []


def test_expired_hold_gives_way_to_the_next_and_cannot_be_confirmed(
    session: Session, now: datetime
) -> None:
    at, later = now + 24 * HOUR, now + HOLD
    hold = reserve(session, wanted=wanted("one", "h1", at=at), now=now, state=R.HELD)
    with pytest.raises(Taken):
        reserve(session, wanted=wanted("two", "h1", at=at), now=later - timedelta(seconds=1))
    with pytest.raises(HoldOver):
        change_state(session, reservation=hold, state=R.CONFIRMED, now=later)
    with pytest.raises(HoldOver):
        move(session, reservation=hold, wanted=wanted("one", "h2", at=at), now=later)
    reserve(session, wanted=wanted("two", "h1", at=at), now=later)
    assert session.get_one(Reservation, hold.id).state == R.RELEASED
    assert grid_faults(session) == []


def test_expired_hold_on_a_subject_gives_way_to_another_person(
    session: Session, now: datetime
) -> None:
    reserve(session, wanted=wanted("slot", "h1", at=now + HOUR), now=now, state=R.HELD)
    mine = wanted("slot", "h2", at=now + HOUR)
    with pytest.raises(Taken):
        reserve(session, wanted=mine, now=now, state=R.HELD)
    taken = reserve(session, wanted=mine, now=now + HOLD, state=R.HELD)
    found = reservation_of(session, kind=LIVESTREAM, subject_id="slot")
    assert found is taken


def test_move_is_not_in_its_own_way_and_changes_people(session: Session, now: datetime) -> None:
    at = now + 24 * HOUR
    mine = reserve(session, wanted=wanted("one", "h1", "r1", at=at), now=now)
    later = wanted("one", "h2", "r1", at=at + timedelta(minutes=30))
    move(session, reservation=mine, wanted=later, now=now)
    assert (mine.starts_at, mine.ends_at) == (later.span.starts_at, later.span.ends_at)
    assert needs_of(session, reservation_id=mine.id) == later.needs
    reserve(session, wanted=wanted("two", "h1", at=at), now=now)
    assert grid_faults(session) == []


def test_move_that_fails_changes_nothing(session: Session, now: datetime) -> None:
    at = now + 24 * HOUR
    mine = reserve(session, wanted=wanted("one", "h1", at=at), now=now)
    reserve(session, wanted=wanted("two", "h1", at=at + 5 * HOUR), now=now)
    with pytest.raises(Taken):
        move(session, reservation=mine, wanted=wanted("one", "h1", at=at + 5 * HOUR), now=now)
    assert session.get_one(Reservation, mine.id).starts_at == at
    assert grid_faults(session) == []


def test_what_was_given_back_cannot_be_moved_or_confirmed(session: Session, now: datetime) -> None:
    mine = reserve(session, wanted=wanted("one", "h1", at=now + HOUR), now=now)
    change_state(session, reservation=mine, state=R.RELEASED, now=now)
    with pytest.raises(HoldOver):
        change_state(session, reservation=mine, state=R.CONFIRMED, now=now)
    with pytest.raises(HoldOver):
        move(session, reservation=mine, wanted=wanted("one", "h1", at=now + HOUR), now=now)
    assert session.scalar(select(func.count()).select_from(Cell)) == 0


def test_what_is_over_gives_all_cells_back_and_stays_on_record(
    session: Session, now: datetime
) -> None:
    mine = reserve(session, wanted=wanted("one", "h1", at=now), now=now)
    change_state(session, reservation=mine, state=R.USED, now=now + timedelta(minutes=20))
    assert session.scalar(select(func.count()).select_from(Cell)) == 0
    assert grid_faults(session) == []
    soon = now + timedelta(minutes=25)  # the quarter of an hour before it was used: it is past
    reserve(session, wanted=wanted("two", "h1", at=soon), now=soon)
    assert len(needs_of(session, reservation_id=mine.id)) == 1


def test_cells_that_are_past_for_two_days_are_forgotten(session: Session, now: datetime) -> None:
    reserve(session, wanted=wanted("one", "h1", at=now), now=now)
    assert forget_past_cells(session, now=now + KEPT + HOUR) == 0
    assert forget_past_cells(session, now=now + KEPT + 3 * HOUR) == 3 + 12 + 3
    assert session.scalar(select(func.count()).select_from(Cell)) == 0


def test_release_expired_gives_all_holds_back_once(session: Session, now: datetime) -> None:
    for name in ("h1", "h2"):
        held = wanted(name, name, at=now + HOUR)
        reserve(session, wanted=held, now=now, state=R.HELD)
    kept = reserve(session, wanted=wanted("h3", "h3", at=now + HOUR), now=now)
    assert [release_expired(session, now=now + HOLD) for _ in range(2)] == [2, 0]
    assert session.scalars(select(Cell.reservation_id).distinct()).all() == [kept.id]


def test_a_fault_of_the_database_is_not_called_taken(
    session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_options: object) -> None:
        raise OperationalError(full.__name__, {}, sqlite3.OperationalError("disk is full"))

    monkeypatch.setattr(reserving, "take_cells", full)
    with pytest.raises(OperationalError):
        reserve(session, wanted=wanted("one", "h1", at=now + HOUR), now=now)
