"""Rivals on the grid: many at once, on both databases; nobody overlaps and nobody fails."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import create_engine, event
from sqlalchemy.orm import Session

from core.database import Sessions, configure_engine, make_sessions
from core.errors import Busy
from scheduler.enums import ReservationKind
from scheduler.enums import ReservationState as R
from scheduler.errors import HoldOver, Taken
from scheduler.grid.queries import reservation_of
from scheduler.grid.rules import HOLD
from scheduler.grid.services import (
    change_state,
    lock_resources,
    move,
    release_expired,
    releasing,
    reserve,
    reserving,
)
from scheduler.models import Reservation
from tests.fakes.grid import grid_faults, wanted

pytestmark = pytest.mark.integration

RIVALS = 8
HOUR = timedelta(hours=1)
LIVESTREAM = ReservationKind.LIVESTREAM


def together(sessions: Sessions, acts: list[Callable[[Session], object]]) -> Counter[str]:
    """Run all acts at once, each in a transaction of its own; count how they ended."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[Session], object]) -> str:
        barrier.wait()
        try:
            with sessions.begin() as session:
                act(session)
        except (Taken, HoldOver, Busy) as refusal:
            return type(refusal).__name__
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(run, acts))


def test_one_of_many_gets_the_time(sessions: Sessions, now: datetime) -> None:
    def claim(number: int) -> Callable[[Session], object]:
        asked = wanted(f"l{number}", "h1", f"m{number}", at=now + HOUR)
        return lambda session: reserve(session, wanted=asked, now=now)

    ended = together(sessions, [claim(number) for number in range(RIVALS)])
    assert ended == {"done": 1, "Taken": RIVALS - 1}
    with sessions() as session:
        assert grid_faults(session) == []


def test_one_of_many_gets_the_subject(sessions: Sessions, now: datetime) -> None:
    def claim(number: int) -> Callable[[Session], object]:
        asked = wanted("slot", f"h{number}", at=now + HOUR, kind=ReservationKind.SLOT)
        return lambda session: reserve(session, wanted=asked, now=now, state=R.HELD)

    ended = together(sessions, [claim(number) for number in range(RIVALS)])
    assert ended == {"done": 1, "Taken": RIVALS - 1}


def test_move_and_cancel_of_one_reservation_at_once(sessions: Sessions, now: datetime) -> None:
    for turn in range(4):
        subject = f"l{turn}"
        with sessions.begin() as session:
            reserve(session, wanted=wanted(subject, "h1", at=now + HOUR), now=now)

        def cancel(session: Session, subject: str = subject) -> None:
            found = reservation_of(session, kind=LIVESTREAM, subject_id=subject)
            if found is None:
                raise HoldOver
            change_state(session, reservation=found, state=R.RELEASED, now=now)

        def shift(session: Session, subject: str = subject) -> None:
            found = reservation_of(session, kind=LIVESTREAM, subject_id=subject)
            if found is None:
                raise HoldOver
            asked = wanted(subject, "h1", at=now + 2 * HOUR)
            move(session, reservation=found, wanted=asked, now=now)

        ended = together(sessions, [cancel, shift, cancel, shift])
        assert ended["done"] >= 1
        assert ended["Taken"] == ended["Busy"] == 0
        with sessions() as session:
            assert grid_faults(session) == []
            assert reservation_of(session, kind=LIVESTREAM, subject_id=subject) is None


def test_holder_confirms_while_others_wait_for_the_expiry(
    sessions: Sessions, now: datetime
) -> None:
    with sessions.begin() as session:
        asked = wanted("l0", "h1", at=now + HOUR)
        hold = reserve(session, wanted=asked, now=now, state=R.HELD)
    last_moment = now + HOLD - timedelta(seconds=1)

    def confirm(session: Session) -> None:
        mine = session.get_one(Reservation, hold.id)
        change_state(session, reservation=mine, state=R.CONFIRMED, now=last_moment)

    def claim(session: Session) -> None:
        reserve(session, wanted=wanted("l1", "h1", at=now + HOUR), now=now + HOLD)

    def purge(session: Session) -> None:
        release_expired(session, now=now + HOLD)

    ended = together(sessions, [confirm, claim, claim, purge])
    assert ended["Busy"] == 0
    with sessions() as session:
        assert grid_faults(session) == []
        states = Counter(row.state for row in session.query(Reservation))
    assert states["confirmed"] == 1


def test_hold_given_back_between_collision_and_retry_is_in_nobodys_way(
    sessions: Sessions, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock gives back expired holds while a claim has met one and not looked again."""
    with sessions.begin() as session:
        reserve(session, wanted=wanted("l0", "h1", at=now + HOUR), now=now, state=R.HELD)
    make_way = releasing.release_expired_for

    def clock_was_first(session: Session, *, now: datetime, **asked: str) -> int:
        assert release_expired(session, now=now) == 1
        released: int = make_way(session, now=now, **asked)  # type: ignore[arg-type]  # handed on
        return released

    monkeypatch.setattr(reserving, "release_expired_for", clock_was_first)
    with sessions.begin() as session:
        made = reserve(session, wanted=wanted("l1", "h1", at=now + HOUR), now=now + HOLD)
    assert made.state == R.CONFIRMED


def test_purges_and_claims_do_not_deadlock(sessions: Sessions, now: datetime) -> None:
    with sessions.begin() as session:
        for number in range(12):
            asked = wanted(f"x{number}", f"h{number % 4}", f"r{number % 3}", at=now + number * HOUR)
            reserve(session, wanted=asked, now=now - HOUR, state=R.HELD)

    def claim(number: int) -> Callable[[Session], object]:
        names = (f"h{number % 4}", f"r{(number + 1) % 3}")
        asked = wanted(f"l{number}", *names, at=now + 100 * HOUR + 2 * number * HOUR)
        return lambda session: reserve(session, wanted=asked, now=now)

    purges = [lambda session: release_expired(session, now=now)] * 3
    ended = together(sessions, [*(claim(number) for number in range(5)), *purges])
    assert ended == {"done": 8}


@pytest.mark.parametrize("seed", [1, 2])
def test_random_operations_of_many_clients_store_no_overlap(
    sessions: Sessions, now: datetime, seed: int
) -> None:
    def client(number: int) -> Callable[[Session], object]:
        chance = random.Random(f"{seed} {number}")  # noqa: S311 -- a test that can be repeated

        def act(_session: Session) -> None:
            for _turn in range(25):
                one_operation(sessions, chance, now)

        return act

    assert together(sessions, [client(number) for number in range(RIVALS)]) == {"done": RIVALS}
    with sessions() as session:
        assert grid_faults(session) == []
        assert session.query(Reservation).count() > RIVALS


def one_operation(sessions: Sessions, chance: random.Random, now: datetime) -> None:
    subject = f"l{chance.randrange(20)}"
    names = (f"h{chance.randrange(4)}", f"m{chance.randrange(4)}", f"r{chance.randrange(3)}")
    at = now + timedelta(minutes=5 * chance.randrange(1, 100))
    asked = wanted(subject, *names[: chance.randint(1, 3)], at=at)
    present = now + timedelta(minutes=chance.randrange(20))
    try:
        with sessions.begin() as session:
            found = reservation_of(session, kind=LIVESTREAM, subject_id=subject)
            if found is None:
                state = chance.choice([R.HELD, R.PENDING, R.CONFIRMED])
                reserve(session, wanted=asked, now=present, state=state)
            elif chance.random() < 0.5:
                move(session, reservation=found, wanted=asked, now=present)
            else:
                state = chance.choice([R.CONFIRMED, R.RELEASED])
                change_state(session, reservation=found, state=state, now=present)
    except (Taken, HoldOver):
        pass


@pytest.fixture
def impatient(sessions: Sessions) -> Iterator[Sessions]:
    """Return sessions on the same database that hardly wait for a lock."""
    url = sessions.kw["bind"].url
    if url.get_backend_name() == "sqlite":
        made = configure_engine(create_engine(url))
        event.listen(made, "connect", lambda raw, _record: raw.execute("PRAGMA busy_timeout = 20"))
    else:
        options = "-c lock_timeout=20 -c timezone=UTC"
        made = create_engine(url, connect_args={"options": options})
    yield make_sessions(made)
    made.dispose()


def test_waiting_too_long_for_a_lock_is_just_taken(
    sessions: Sessions, impatient: Sessions, now: datetime
) -> None:
    with sessions.begin() as first:
        reserve(first, wanted=wanted("l1", "h1", at=now + HOUR), now=now)
        with impatient() as second, pytest.raises(Taken) as refused:
            reserve(second, wanted=wanted("l2", "h1", at=now + HOUR), now=now)
    assert refused.value.alternatives
    with impatient.begin() as third:
        reserve(third, wanted=wanted("l2", "h1", at=now + 9 * HOUR), now=now)


def test_waiting_too_long_to_cancel_is_busy(
    sessions: Sessions, impatient: Sessions, now: datetime
) -> None:
    with sessions.begin() as session:
        made = reserve(session, wanted=wanted("l1", "h1", at=now + HOUR), now=now)
    with sessions.begin() as first:
        change_state(
            first, reservation=first.get_one(Reservation, made.id), state=R.PENDING, now=now
        )
        with impatient() as second, pytest.raises(Busy):
            change_state(second, reservation=made, state=R.RELEASED, now=now)
    with impatient() as third:
        change_state(third, reservation=made, state=R.RELEASED, now=now)
        third.commit()


def test_locks_of_several_reservations_are_taken_in_one_order(
    sessions: Sessions, now: datetime
) -> None:
    def both(number: int) -> Callable[[Session], object]:
        names = ["h1", "h2"] if number % 2 else ["h2", "h1"]

        def act(session: Session) -> None:
            at = now + 10 * number * HOUR
            lock_resources(session, names, wanted("any", "h1", at=at).taken)
            for name in names:
                reserve(session, wanted=wanted(f"{name}{number}", name, at=at), now=now)

        return act

    ended = together(sessions, [both(number) for number in range(RIVALS)])
    assert ended == {"done": RIVALS}
