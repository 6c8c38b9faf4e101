"""Start is pressed while a moderator leaves: nothing begins without its moderators."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from sqlalchemy import func, select

from catalog.models import Livestream
from core.database import Sessions
from core.errors import Refusal
from scheduler.duties import services as duties
from scheduler.duties.errors import StillNeeded
from scheduler.duties.rules import STANDING
from scheduler.models import Duty
from streams.life import services as life
from tests.fakes.duties import moderator, on_duty, planned
from tests.fakes.programme import World

pytestmark = pytest.mark.integration

ROUNDS = 4


def test_nothing_begins_without_the_moderator_who_is_taken_off(
    sessions: Sessions, now: datetime
) -> None:
    with sessions() as session:
        world = World(session, now).build()
        moderator(world, "mara")
        pairs = []
        for number in range(ROUNDS):
            made = planned(world, 1 + 3 * number)
            pairs.append((made.id, on_duty(world, made, "mara").id))
        session.commit()

    together = Barrier(2)

    def press(livestream_id: str, duty_id: str, *, start: bool) -> str:
        with sessions() as session:
            together.wait()
            try:
                if start:
                    livestream = session.get_one(Livestream, livestream_id)
                    life.start(session, livestream=livestream, now=now)
                else:
                    duties.release(session, duty=session.get_one(Duty, duty_id), now=now)
                session.commit()
            except Refusal as refusal:
                session.rollback()
                return refusal.code
            return "done"

    for livestream_id, duty_id in pairs:
        with ThreadPoolExecutor(2) as pool:
            begun = pool.submit(press, livestream_id, duty_id, start=True)
            released = pool.submit(press, livestream_id, duty_id, start=False)
            answers = (begun.result(), released.result())
        assert answers in {("done", "still_needed"), ("gate_shut", "done")}
        with sessions() as session:
            state = session.get_one(Livestream, livestream_id).state
            left = session.scalar(
                select(func.count())
                .select_from(Duty)
                .where(Duty.livestream_id == livestream_id, Duty.state.in_(STANDING))
            )
        assert (state, left) == (("live", 1) if answers[0] == "done" else ("scheduled", 0))


def test_what_is_live_keeps_what_it_needs_and_lets_others_take_over(
    sessions: Sessions, now: datetime
) -> None:
    with sessions() as session:
        world = World(session, now).build()
        for name in ("mara", "nils", "olga"):
            moderator(world, name)
        made = planned(world)
        first = on_duty(world, made, "mara")
        second = on_duty(world, made, "nils")
        life.start(session, livestream=made, now=now)
        duties.release(session, duty=second, now=now)
        with pytest.raises(StillNeeded):
            duties.release(session, duty=first, now=now)
        taken = duties.replace(session, duty=first, moderator_id="olga", assigned_by=None, now=now)
        assert (taken.moderator_id, first.state) == ("olga", "released")
        left = duties.decline(session, duty=taken, reason="I am ill.", now=now)
        assert left.state == "declined"  # nobody is held; questions close without a moderator
