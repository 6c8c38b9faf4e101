"""Rivals for one slot and for one host's time: one livestream, and a readable answer to others."""

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
from scheduler.models import Cell, Reservation, Slot
from streams.planning.access import claims
from streams.planning.rules.claims import Claim
from tests.fakes.programme import World
from tests.fakes.slots import SITE, more_hosts, offered

pytestmark = pytest.mark.integration

RIVALS = 20


def at_once(calls: list[Callable[[], str]]) -> list[str]:
    """Run the calls in as many threads, all released at the same moment."""
    gate = Barrier(len(calls))

    def run(call: Callable[[], str]) -> str:
        gate.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def claimant(sessions: Sessions, world: World, name: str, slot_id: str) -> Callable[[], str]:
    actor, now = world.actors[name], world.now

    def claim() -> str:
        try:
            with sessions.begin() as session:
                claims.claim_slot(
                    session, actor=actor, slot_id=slot_id, claim=Claim(), site=SITE, now=now
                )
        except Refusal as refusal:
            return refusal.code
        return "claimed"

    return claim


def test_twenty_hosts_claim_one_slot_at_once(sessions: Sessions, now: datetime) -> None:
    with sessions.begin() as session:
        world = World(session, now).build()
        names = more_hosts(world, RIVALS)
        slot_id = offered(world).id
    answers = at_once([claimant(sessions, world, name, slot_id) for name in names])
    assert Counter(answers) == {"claimed": 1, "taken": RIVALS - 1}
    with sessions() as session:
        made = session.scalars(select(Livestream)).all()
        standing = session.scalars(
            select(Reservation.subject_id).where(Reservation.state == "confirmed")
        )
        slot = session.get_one(Slot, slot_id)
        assert [(one.state, one.host_id) for one in made] == [
            ("scheduled", names[answers.index("claimed")])
        ]
        assert (slot.state, slot.livestream_id) == ("claimed", made[0].id)
        assert list(standing) == [made[0].id]
        owners = select(Cell.resource_id, func.count()).group_by(Cell.resource_id)
        assert [tuple(row) for row in session.execute(owners)] == [(made[0].host_id, 9 + 6)]


def test_one_host_claims_two_overlapping_slots_at_once(sessions: Sessions, now: datetime) -> None:
    with sessions.begin() as session:
        world = World(session, now).build()
        start = now + timedelta(days=2)
        ids = [
            offered(world, starts_at=begin, ends_at=begin + timedelta(minutes=45)).id
            for begin in (start, start + timedelta(minutes=30))
        ]
    answers = at_once([claimant(sessions, world, "host", slot_id) for slot_id in ids])
    assert Counter(answers) == {"claimed": 1, "taken": 1}
    with sessions() as session:
        made = session.scalars(select(Livestream.state)).all()
        states = Counter(session.scalars(select(Slot.state)))
    assert (made, states) == (["scheduled"], {"open": 1, "claimed": 1})
