"""Two editors at once: one gets the moderator, or the room, the other a reason."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.database import Sessions
from core.errors import Refusal
from scheduler.duties import services
from scheduler.models import Cell, Duty, Room
from tests.fakes.duties import moderator, planned, room
from tests.fakes.programme import World

pytestmark = pytest.mark.integration

TURNS = 6


def seeded(sessions: Sessions, now: datetime) -> list[str]:
    """Write two livestreams at overlapping times and a moderator; return their ids."""
    with sessions.begin() as session:
        world = World(session, now).build()
        moderator(world, "mina")
        return [planned(world, 1).id, planned(world, 1.5, host="otherhost").id]


def raced(sessions: Sessions, act: Callable[[Session, int], object], times: int) -> Counter[str]:
    def once(turn: int) -> str:
        try:
            with sessions.begin() as session:
                act(session, turn)
        except Refusal as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(times) as pool:
        return Counter(pool.map(once, range(times)))


def test_one_moderator_for_two_overlapping_livestreams_goes_to_one(
    sessions: Sessions, now: datetime
) -> None:
    ids = seeded(sessions, now)

    def assign(session: Session, turn: int) -> None:
        services.assign(
            session,
            livestream_id=ids[turn % 2],
            moderator_id="mina",
            assigned_by=None,
            now=now,
        )

    told = raced(sessions, assign, TURNS)
    with sessions() as session:
        duties = session.scalar(select(func.count(Duty.id)))
        cells = session.scalar(select(func.count()).where(Cell.resource_id == "mina"))
    assert (told["done"], duties, cells) == (1, 1, 18)
    assert set(told) <= {"done", "taken", "already_on_duty"}


def test_accept_decline_and_release_at_once_leave_one_answer(
    sessions: Sessions, now: datetime
) -> None:
    ids = seeded(sessions, now)
    with sessions.begin() as session:
        world = World(session, now)
        livestream_duty = services.assign(
            session, livestream_id=ids[0], moderator_id="mina", assigned_by=None, now=now
        )
        del world
        duty_id = livestream_duty.id

    def answer(session: Session, turn: int) -> None:
        duty = session.get_one(Duty, duty_id)
        if turn % 2:
            services.decline(session, duty=duty, reason="Ill", now=now)
        else:
            services.release(session, duty=duty, now=now)

    told = raced(sessions, answer, TURNS)
    with sessions() as session:
        cells = session.scalar(select(func.count()).where(Cell.resource_id == "mina"))
        state = session.get_one(Duty, duty_id).state
    assert (told, cells) == (Counter(done=1, wrong_state=TURNS - 1), 0)
    assert state in {"declined", "released"}


def test_closing_a_room_and_giving_it_away_at_once_do_not_both_succeed(
    sessions: Sessions, now: datetime
) -> None:
    ids = seeded(sessions, now)
    with sessions.begin() as session:
        room_id = room(session, now).id

    def act(session: Session, turn: int) -> None:
        if turn:
            services.give_room(session, livestream_id=ids[0], room_id=room_id, now=now)
        else:
            services.close_room(session, room=session.get_one(Room, room_id), now=now)

    told = raced(sessions, act, 2)
    assert told == Counter(done=1, wrong_state=1)


def test_one_room_for_two_overlapping_livestreams_goes_to_one(
    sessions: Sessions, now: datetime
) -> None:
    ids = seeded(sessions, now)
    with sessions.begin() as session:
        room_id = room(session, now).id

    def give(session: Session, turn: int) -> None:
        services.give_room(session, livestream_id=ids[turn], room_id=room_id, now=now)

    assert raced(sessions, give, 2) == Counter(done=1, taken=1)
