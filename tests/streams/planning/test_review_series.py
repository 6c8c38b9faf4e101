"""A host changes and calls off only what they host, though it is of one series with others."""

from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Host, Livestream
from scheduler.models import Occurrence, Recurrence
from streams.planning.access import series as access
from streams.planning.enums import Reach
from streams.planning.rules.changes import SeriesChange
from tests.fakes.programme import World
from tests.streams.planning.test_series_services import confirm, plan

pytestmark = pytest.mark.integration


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    made = World(session, now).build()
    for host in session.scalars(select(Host)):
        host.verified_until = now + timedelta(days=900)
    return made


def dates(world: World) -> list[Livestream]:
    """Make a series of four, of which the staff give the third to another host."""
    confirm(world, plan(), "editor")
    made = list(world.session.scalars(select(Livestream).order_by(Livestream.starts_at)))
    access.change(
        world.session,
        actor=world.actors["editor"],
        livestream_id=made[2].id,
        change=SeriesChange(Reach.THIS, host_id="otherhost"),
        now=world.now,
    )
    world.session.expire_all()
    return made


def test_a_host_calls_off_none_of_somebody_elses(world: World) -> None:
    made = dates(world)
    access.cancel(
        world.session,
        actor=world.actors["host"],
        livestream_id=made[0].id,
        reach=Reach.ALL,
        now=world.now,
    )
    world.session.expire_all()
    assert [one.state for one in made] == ["cancelled", "cancelled", "scheduled", "cancelled"]


@pytest.mark.parametrize("reach", [Reach.ALL, Reach.FOLLOWING])
def test_a_host_moves_none_of_somebody_elses(world: World, reach: Reach) -> None:
    made = dates(world)
    access.change(
        world.session,
        actor=world.actors["host"],
        livestream_id=made[0].id,
        change=SeriesChange(reach, clock=time(19), also_special=True),
        now=world.now,
    )
    world.session.expire_all()
    clocks = [one.local_start.partition("T")[2] for one in made]
    assert clocks == ["19:00:00", "19:00:00", "20:00:00", "19:00:00"]


def test_who_took_one_date_over_leaves_the_rule_of_the_others_alone(world: World) -> None:
    made = dates(world)
    access.change(
        world.session,
        actor=world.actors["other_host"],
        livestream_id=made[2].id,
        change=SeriesChange(Reach.ALL, clock=time(18), also_special=True),
        now=world.now,
    )
    world.session.expire_all()
    rules = {one.id: one.local_time for one in world.session.scalars(select(Recurrence))}
    places = dict(
        world.session.execute(select(Occurrence.livestream_id, Occurrence.recurrence_id)).all()
    )
    assert [rules[places[one.id]] for one in made] == ["20:00", "20:00", "18:00", "20:00"]
