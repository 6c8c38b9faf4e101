"""Time that nobody has, and time that somebody keeps though nothing takes place in it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from catalog.models import Livestream
from scheduler.duties import services as duties
from scheduler.models import Cell, Duty
from scheduler.programme.queries import reservation_of_livestream
from scheduler.programme.services import follow_edit, release_orphans
from streams.planning.services import handover
from tests.fakes.duties import moderator, on_duty, planned, room
from tests.fakes.grid import grid_faults
from tests.fakes.programme import World

pytestmark = pytest.mark.integration

DAY = timedelta(days=1)


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    return World(session, now).build()


def busy(world: World) -> set[str]:
    return set(world.session.scalars(select(Cell.resource_id)))


def give(world: World, livestream: Livestream, room_id: str | None) -> None:
    duties.give_room(world.session, livestream_id=livestream.id, room_id=room_id, now=world.now)


def in_room_without_host(world: World) -> tuple[Livestream, str]:
    livestream, studio = planned(world, 24), room(world.session, world.now)
    give(world, livestream, studio.id)
    handover.withdraw_host(world.session, livestream_id=livestream.id, reason="", now=world.now)
    return livestream, studio.id


def test_a_room_can_be_taken_from_what_has_no_host_at_present(world: World) -> None:
    livestream, studio = in_room_without_host(world)
    assert busy(world) == {studio}
    give(world, livestream, None)
    assert busy(world) == set()
    handover.take_back(world.session, livestream_id=livestream.id, now=world.now)
    assert (busy(world), grid_faults(world.session)) == ({"host"}, [])


@pytest.mark.parametrize("with_room", [True, False])
def test_who_cannot_come_is_not_booked_again_when_the_livestream_moves(
    world: World,
    with_room: bool,  # noqa: FBT001 -- a case
) -> None:
    livestream, studio = in_room_without_host(world)
    if not with_room:
        give(world, livestream, None)
    livestream.starts_at, livestream.ends_at = livestream.starts_at + DAY, livestream.ends_at + DAY
    world.session.flush()
    follow_edit(world.session, livestream=livestream, now=world.now)
    assert busy(world) == ({studio} if with_room else set())
    reservation = reservation_of_livestream(world.session, livestream_id=livestream.id)
    assert (reservation.starts_at if reservation else None) == (
        livestream.starts_at if with_room else None
    )


def test_the_duty_of_what_is_gone_takes_no_time(world: World) -> None:
    livestream = planned(world)
    on_duty(world, livestream, moderator(world, "mo"))
    world.session.execute(delete(Duty))  # with its livestream, when the demo is cleared
    assert busy(world) == {"host", "mo"}
    release_orphans(world.session, world.now)
    assert (busy(world), grid_faults(world.session)) == ({"host"}, [])
