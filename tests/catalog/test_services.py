"""Writing livestreams: what is stored, and who may change what."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.rules import STRANGER
from catalog import access, services
from catalog.errors import NotEditable
from catalog.models import Host, Livestream, LivestreamTopic
from core.errors import InvalidInput, NotAllowed, NotFound, SignInNeeded, WrongState
from media.models import Broadcast
from tests.fakes.programme import World

pytestmark = pytest.mark.integration


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    return World(session, now).build()


def edit(world: World, name: str, livestream: Livestream, **changes: object) -> Livestream:
    return services.edit_livestream(
        world.session,
        actor=world.actors[name],
        livestream=livestream,
        changes=changes,
        now=world.now + timedelta(minutes=1),
    )


def topics_of(world: World, livestream: Livestream) -> list[str]:
    statement = select(LivestreamTopic.topic_slug).where(
        LivestreamTopic.livestream_id == livestream.id
    )
    return list(world.session.scalars(statement.order_by(LivestreamTopic.position)))


def test_create_livestream_with_its_broadcast(world: World) -> None:
    made = services.create_livestream(
        world.session,
        actor=world.actors["host"],
        draft=world.draft(titles="Naps", topics=("anxiety", "sleep", "anxiety")),
        window_seconds=300,
        now=world.now,
    )
    broadcast = world.session.get_one(Broadcast, made.broadcast_id)
    assert (broadcast.state, broadcast.window_seconds) == ("idle", 300)
    assert (made.state, made.titles, made.created_by) == ("draft", {"en": "Naps"}, "host")
    assert made.local_start == "2026-03-11T03:00:00"
    assert topics_of(world, made) == ["anxiety", "sleep"]


def test_create_livestream_that_is_over(world: World) -> None:
    long_ago = world.now - timedelta(hours=2)
    with pytest.raises(InvalidInput) as refused:
        world.livestream(starts_at=long_ago, ends_at=long_ago + timedelta(hours=1))
    assert [fault.field for fault in refused.value.errors] == ["starts_at"]


@pytest.mark.parametrize("name", ["viewer", "employee_a", "other_host"])
def test_create_livestream_for_somebody_else(world: World, name: str) -> None:
    with pytest.raises(NotAllowed):
        services.create_livestream(
            world.session,
            actor=world.actors[name],
            draft=world.draft(),
            window_seconds=120,
            now=world.now,
        )


def test_edit_livestream_moves_the_wall_time_with_the_start(world: World) -> None:
    made = world.livestream()
    later = made.starts_at + timedelta(days=1)
    edit(world, "host", made, starts_at=later, ends_at=later + timedelta(hours=1))
    assert (made.starts_at, made.local_start) == (later, "2026-03-12T03:00:00")
    edit(world, "host", made, timezone="Europe/London", topics=("anxiety",))
    assert (made.local_start, topics_of(world, made)) == ("2026-03-11T19:00:00", ["anxiety"])


def test_edit_livestream_that_has_begun_keeps_its_past_start(world: World) -> None:
    made = world.livestream(state="live")
    made.starts_at = world.now - timedelta(hours=3)
    made.ends_at = world.now + timedelta(hours=1)
    world.session.flush()
    assert edit(world, "host", made, titles={"en": "Naps"}).titles == {"en": "Naps"}


def test_edit_livestream_after_it_was_scheduled(world: World) -> None:
    made = world.livestream(state="scheduled")
    edit(world, "host", made, titles={"en": "Naps"}, auto_start=True)
    with pytest.raises(NotAllowed):
        edit(world, "host", made, topics=("anxiety",))
    assert edit(world, "editor", made, host_id="otherhost").host_id == "otherhost"


def test_edit_livestream_gives_it_to_nobody_else_by_its_host(world: World) -> None:
    made = world.livestream()
    with pytest.raises(NotAllowed):
        edit(world, "host", made, host_id="otherhost")


def test_edit_livestream_that_is_over(world: World) -> None:
    made = world.livestream(state="published")
    with pytest.raises(NotEditable) as refused:
        edit(world, "editor", made, ends_at=made.ends_at + timedelta(hours=1), auto_start=True)
    assert refused.value.params == {"state": "published", "fields": "auto_start, ends_at"}


def test_edit_livestream_that_somebody_has_just_moved(world: World) -> None:
    made = world.livestream(state="scheduled")
    table = Livestream.__table__
    world.session.execute(
        table.update().where(table.c.id == made.id).values(state="live")  # type: ignore[attr-defined]  # a Table
    )
    with pytest.raises(WrongState):
        edit(world, "editor", made, titles={"en": "Naps"})


def test_access_to_run(world: World) -> None:
    public, private = world.livestream(state="scheduled"), world.private()
    for made in (public, private):
        for name in ("host", "editor", "administrator"):
            found = access.livestream_to_run(
                world.session, livestream_id=made.id, actor=world.actors[name]
            )
            assert found is made
    for actor, livestream, refusal in (
        (STRANGER, public, SignInNeeded),
        (world.actors["other_host"], public, NotAllowed),
        (STRANGER, private, NotFound),
        (world.actors["employee_a"], private, NotAllowed),
        (world.actors["employee_b"], private, NotFound),
    ):
        with pytest.raises(refusal):
            access.livestream_to_run(world.session, livestream_id=livestream.id, actor=actor)


def test_access_to_schedule_is_not_for_the_host(world: World) -> None:
    made = world.livestream(state="proposed")
    for name, refusal in (("host", NotAllowed), ("other_host", NotFound)):
        with pytest.raises(refusal):
            access.livestream_to_schedule(
                world.session, livestream_id=made.id, actor=world.actors[name]
            )


def test_save_host_verifies_and_withdraws(world: World) -> None:
    until = world.now + timedelta(days=90)
    session = world.session
    services.save_host(session, user_id="viewer", name="Dr. New", verified_until=until)
    services.save_host(session, user_id="viewer", name="Ignored", verified_until=None)
    host = session.get_one(Host, "viewer")
    assert (host.names, host.initials, host.verified_until) == ({"en": "Dr. New"}, "D", None)
