"""Acts on somebody's behalf: who may, and the line that stays in the audit log; stream keys."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import AuditEntry
from accounts.rules import STRANGER
from core.errors import NotAllowed, NotFound, SignInNeeded
from streams.doors.keys import ensure_key, key_of, keys_of, livestream_of_key, make_key
from streams.doors.models import StreamKey
from streams.life.access import ACTS, act_on_livestream, rotate_key
from tests.fakes.programme import DATA_KEY, World

pytestmark = pytest.mark.integration

STATE_BEFORE = {
    "propose": "draft",
    "schedule": "proposed",
    "start": "scheduled",
    "end": "live",
    "publish": "ended",
    "cancel": "scheduled",
    "restore": "cancelled",
}


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    return World(session, now).build()


def act(world: World, name: str, act: str, livestream_id: str) -> str:
    actor = world.actors.get(name, STRANGER)
    return act_on_livestream(
        world.session,
        actor=actor,
        livestream_id=livestream_id,
        act=act,
        data_key=DATA_KEY,
        now=world.now,
    ).state


@pytest.mark.parametrize("name", sorted(ACTS))
def test_who_may_do_what(world: World, name: str) -> None:
    allowed = ("editor", "administrator") if name == "schedule" else ("host", "editor")
    for number, who in enumerate(allowed):
        begins = world.now + timedelta(days=number + 1)  # nobody hosts two things at once
        made = world.livestream(
            state=STATE_BEFORE[name],
            moderators=1,
            starts_at=begins,
            ends_at=begins + timedelta(hours=1),
        )
        made.announced_at = world.now
        assert act(world, who, name, made.id) != STATE_BEFORE[name]
    public = world.livestream(state="live")
    for who in ("viewer", "employee_a", "other_host"):
        with pytest.raises(NotAllowed):
            act(world, who, name, public.id)
    with pytest.raises(SignInNeeded):
        act(world, "stranger", name, public.id)
    audited = world.session.scalars(select(AuditEntry)).all()
    assert sorted((entry.actor_id, entry.act) for entry in audited) == sorted(
        (world.actors[who].user_id, f"livestream.{name}") for who in allowed
    )


def test_an_act_that_does_not_exist(world: World) -> None:
    with pytest.raises(NotFound):
        act(world, "editor", "delete", world.livestream().id)


def test_schedule_makes_a_missing_key(world: World) -> None:
    made = world.livestream(state="proposed")
    world.session.delete(world.session.get_one(StreamKey, made.id))
    world.session.flush()
    act(world, "editor", "schedule", made.id)
    assert key_of(world.session, livestream_id=made.id, data_key=DATA_KEY) is not None


def test_keys_are_kept_sealed_and_found_by_their_text(world: World) -> None:
    first, second = world.livestream(), world.livestream()
    session = world.session
    keys = keys_of(session, livestream_ids=[first.id, second.id], data_key=DATA_KEY)
    found = {livestream_of_key(session, key=key): key for key in keys.values()}
    assert found == keys
    assert livestream_of_key(session, key="nonsense") is None
    row = session.get_one(StreamKey, first.id)
    assert keys[first.id] not in row.sealed + row.fingerprint


def test_keys_under_another_data_key_are_no_keys(world: World) -> None:
    made, session = world.livestream(), world.session
    assert key_of(session, livestream_id=made.id, data_key="another") is None
    assert keys_of(session, livestream_ids=[made.id], data_key="another") == {}


def test_rotate_key_by_who_runs_it(world: World) -> None:
    made, session = world.private(), world.session
    old = key_of(session, livestream_id=made.id, data_key=DATA_KEY)
    asked = {"livestream_id": made.id, "data_key": DATA_KEY, "now": world.now}
    with pytest.raises(NotFound):
        rotate_key(session, actor=world.actors["employee_b"], **asked)  # type: ignore[arg-type]  # mixed values
    rotate_key(session, actor=world.actors["host"], **asked)  # type: ignore[arg-type]  # mixed values
    assert old is not None
    assert livestream_of_key(session, key=old) is None


def test_ensure_key_keeps_a_key(world: World) -> None:
    made, session = world.livestream(), world.session
    key = make_key(session, livestream_id=made.id, data_key=DATA_KEY, now=world.now)
    ensure_key(session, livestream_id=made.id, data_key=DATA_KEY, now=world.now)
    assert key_of(session, livestream_id=made.id, data_key=DATA_KEY) == key
