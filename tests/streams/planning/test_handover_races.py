"""Two hosts accept at once: one gets it, the other is told kindly, nothing is half done."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from catalog.models import Livestream
from core.database import Sessions
from core.errors import Refusal
from scheduler.enums import OfferState
from scheduler.models import Cell, Offer, Search
from scheduler.substitutes.queries import asked_of
from streams.planning.access import handover as access
from streams.planning.services import handover
from tests.fakes.handover import add_hosts, scheduled
from tests.fakes.programme import DATA_KEY, World

pytestmark = pytest.mark.integration


def searching(sessions: Sessions, now: datetime) -> tuple[World, list[tuple[str, str]]]:
    """Return a world half an hour before a start, and who was asked: names and offers."""
    with sessions.begin() as session:
        world = World(session, now).build()
        add_hosts(world, 8)
        livestream = scheduled(world, ahead=timedelta(minutes=30))
        search = handover.withdraw_host(session, livestream_id=livestream.id, reason="", now=now)
        offers = asked_of(session, search_id=search.id)
        return world, [(one.host_id, one.id) for one in offers]


def at_once(calls: list[Callable[[], str]]) -> list[str]:
    gate = Barrier(len(calls))

    def run(call: Callable[[], str]) -> str:
        gate.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def accepting(sessions: Sessions, world: World, name: str, offer_id: str) -> Callable[[], str]:
    actor, now = world.actors[name], world.now

    def accept() -> str:
        try:
            with sessions.begin() as session:
                access.accept(session, actor=actor, offer_id=offer_id, data_key=DATA_KEY, now=now)
        except Refusal as refusal:
            return refusal.code
        return "accepted"

    return accept


@pytest.mark.parametrize("rivals", [2, 8])
def test_one_gets_it_and_the_others_are_told(
    sessions: Sessions, now: datetime, rivals: int
) -> None:
    world, asked = searching(sessions, now)
    answers = at_once([accepting(sessions, world, *one) for one in asked[:rivals]])
    assert Counter(answers) == {"accepted": 1, "somebody_faster": rivals - 1}
    winner = asked[answers.index("accepted")][0]
    with sessions() as session:
        assert session.scalars(select(Livestream.host_id)).all() == [winner]
        assert session.scalars(select(Search.state)).all() == ["found"]
        states = Counter(session.scalars(select(Offer.state)))
        assert states == {OfferState.ACCEPTED: 1, OfferState.BEATEN: 7}
        owners = select(Cell.resource_id, func.count()).group_by(Cell.resource_id)
        assert [tuple(row) for row in session.execute(owners)] == [(winner, 12 + 6)]


def test_acceptance_and_return_of_the_host_leave_one_host(
    sessions: Sessions, now: datetime
) -> None:
    world, asked = searching(sessions, now)
    actor = world.actors["host"]
    with sessions() as session:
        livestream_id = session.scalars(select(Livestream.id)).one()

    def come_back() -> str:
        try:
            with sessions.begin() as session:
                access.take_back(session, actor=actor, livestream_id=livestream_id, now=now)
        except Refusal as refusal:
            return refusal.code
        return "back"

    answers = at_once([accepting(sessions, world, *asked[0]), come_back])
    assert set(map(tuple, [answers])) <= {
        ("accepted", "offer_over"),
        ("accepted", "not_allowed"),
        ("offer_over", "back"),
    }
    with sessions() as session:
        host = session.scalars(select(Livestream.host_id)).one()
        assert host == (asked[0][0] if answers[0] == "accepted" else "host")
        assert set(session.scalars(select(Cell.resource_id))) == {host}


def test_two_clocks_ask_each_wave_once(sessions: Sessions, now: datetime) -> None:
    _world, asked = searching(sessions, now)
    later = now + timedelta(minutes=3)

    def tick() -> str:
        with sessions.begin() as session:
            handover.ask_due_waves(session, later)
        return "done"

    assert at_once([tick, tick]) == ["done", "done"]
    with sessions() as session:
        assert session.scalar(select(func.count(Offer.id))) == len(asked)
        assert session.scalars(select(Offer.state).distinct()).all() == ["expired"]
