from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from core.errors import InvalidInput, NotFound, Refusal
from scheduler.duties import services
from scheduler.duties.errors import NoTimeReserved, RoomClosed, RoomInUse, RoomTaken
from scheduler.duties.queries import room_of_livestream, rooms_at, rooms_listed
from scheduler.models import Room
from scheduler.spans import Span
from tests.fakes.duties import planned, room
from tests.fakes.programme import World

pytestmark = pytest.mark.integration


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    return World(session, now).build()


def refused(act: Callable[[], object], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        act()


def give(world: World, livestream_id: str, room_id: str | None) -> None:
    services.give_room(world.session, livestream_id=livestream_id, room_id=room_id, now=world.now)


def test_a_room_is_taken_with_the_livestream_and_given_back(world: World) -> None:
    livestream, studio = planned(world), room(world.session, world.now)
    give(world, livestream.id, studio.id)
    span = Span(livestream.starts_at, livestream.ends_at)
    assert room_of_livestream(world.session, livestream_id=livestream.id) == studio.id
    assert [one.is_free for one in rooms_at(world.session, span=span, now=world.now)] == [False]
    give(world, livestream.id, None)
    assert room_of_livestream(world.session, livestream_id=livestream.id) is None
    assert [one.is_free for one in rooms_at(world.session, span=span, now=world.now)] == [True]


def test_a_room_takes_one_livestream_at_a_time(world: World) -> None:
    first, second = planned(world), planned(world, host="otherhost")
    studio, other = (room(world.session, world.now, name) for name in ("A", "B"))
    give(world, first.id, studio.id)
    give(world, second.id, other.id)
    refused(lambda: give(world, second.id, studio.id), RoomTaken)
    assert room_of_livestream(world.session, livestream_id=second.id) == other.id


def test_a_room_in_use_is_not_closed_and_a_closed_one_not_given(world: World) -> None:
    livestream, studio = planned(world), room(world.session, world.now)
    give(world, livestream.id, studio.id)
    with pytest.raises(RoomInUse), world.session.begin_nested():
        services.close_room(world.session, room=studio, now=world.now)
    give(world, livestream.id, None)
    services.close_room(world.session, room=studio, now=world.now)
    refused(lambda: give(world, livestream.id, studio.id), RoomClosed)
    refused(lambda: give(world, livestream.id, "none"), NotFound)
    refused(lambda: services.close_room(world.session, room=studio, now=world.now), RoomClosed)


def test_a_livestream_without_reservation_gets_no_room(world: World) -> None:
    studio = room(world.session, world.now)
    draft = world.livestream()
    refused(lambda: give(world, draft.id, studio.id), NoTimeReserved)


def test_names_of_rooms_are_trimmed_and_needed(world: World) -> None:
    made = services.create_room(
        world.session, names={"en": " Studio ", "zh-Hans": ""}, note=" Lift ", now=world.now
    )
    assert (made.names, made.note) == ({"en": "Studio"}, "Lift")
    for names in ({}, {"en": "x" * 81}, {"fr": "Salle"}):
        refused(
            lambda wrong=names: services.rename_room(  # type: ignore[misc]  # read once
                world.session, room=made, names=wrong, note=""
            ),
            InvalidInput,
        )


def test_rooms_are_listed_open_first_with_what_comes(world: World) -> None:
    livestream = planned(world)
    studios = {name: room(world.session, world.now, name) for name in "CAB"}
    give(world, livestream.id, studios["B"].id)
    services.close_room(world.session, room=studios["A"], now=world.now)
    rows = rooms_listed(world.session, now=world.now)
    assert [(row.names["en"], row.coming, row.closed_at is None) for row in rows] == [
        ("B", 1, True),
        ("C", 0, True),
        ("A", 0, False),
    ]
    after = livestream.ends_at + timedelta(minutes=1)
    assert [row.coming for row in rooms_listed(world.session, now=after)] == [0, 0, 0]
    assert world.session.get_one(Room, studios["A"].id).closed_at == world.now
