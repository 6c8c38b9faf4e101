"""What was called off takes place after all: with its time, or not at all."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Host, Livestream
from media.enums import IngestKind
from media.models import Broadcast, Ingest
from scheduler.enums import DutyState
from scheduler.errors import NotVerified, Taken
from scheduler.models import Duty
from scheduler.programme.queries import reservation_of_livestream
from streams.life import services as life
from streams.life.access import act_on_livestream
from streams.life.errors import CannotRestore, NotInThisState
from streams.planning.services import handover
from tests.fakes.duties import moderator, on_duty, planned
from tests.fakes.handover import add_hosts
from tests.fakes.hosting import browser_of, send
from tests.fakes.programme import DATA_KEY, World
from web.site import Site

pytestmark = pytest.mark.integration

LATER = timedelta(minutes=1)
FAR = 24 * 1000
"""Hours: ahead by the clock of this machine, too."""


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    return World(session, now).build()


def cancelled(world: World, hours: float = 48) -> Livestream:
    livestream = planned(world, hours)
    return life.cancel(world.session, livestream=livestream, now=world.now)


def restored(world: World, livestream: Livestream) -> Livestream:
    return life.restore(world.session, livestream=livestream, now=world.now + LATER)


def reasons(world: World, livestream: Livestream) -> list[str]:
    with pytest.raises(CannotRestore) as refused:
        restored(world, livestream)
    return [error.field for error in refused.value.errors]


def test_restored_livestream_is_scheduled_with_its_time(world: World) -> None:
    livestream = cancelled(world)
    assert (livestream.state, livestream.sequence) == ("cancelled", 1)
    restored(world, livestream)
    broadcast = world.session.get_one(Broadcast, livestream.broadcast_id)
    assert (livestream.state, livestream.sequence, livestream.announced_at) == (
        *("scheduled", 2, world.now),
    )
    assert (broadcast.state, broadcast.end_requested_at, broadcast.ended_at) == (
        *("idle", None, None),
    )
    reservation = reservation_of_livestream(world.session, livestream_id=livestream.id)
    assert reservation is not None
    assert (reservation.state, reservation.starts_at) == ("confirmed", livestream.starts_at)


def test_restored_livestream_can_begin_and_be_cancelled_again(world: World) -> None:
    livestream = restored(world, cancelled(world))
    life.cancel(world.session, livestream=livestream, now=world.now)
    restored(world, livestream)
    world.moderate(livestream)
    started = life.start(world.session, livestream=livestream, now=world.now)
    assert started.state == "live"


def test_time_that_was_given_away_is_refused_with_alternatives(world: World) -> None:
    livestream = cancelled(world)
    planned(world, 48)
    with pytest.raises(Taken) as refused:
        restored(world, livestream)
    assert len(refused.value.alternatives) == 3
    assert (livestream.state, livestream.sequence) == ("cancelled", 1)


def test_draft_that_was_called_off_stays_so(world: World) -> None:
    draft = planned(world, 48, state="draft")
    life.cancel(world.session, livestream=draft, now=world.now)
    assert reasons(world, draft) == ["announced"]


def test_what_should_have_begun_stays_cancelled(world: World) -> None:
    livestream = cancelled(world)
    with pytest.raises(CannotRestore) as refused:
        life.restore(world.session, livestream=livestream, now=livestream.starts_at)
    assert [error.field for error in refused.value.errors] == ["starts_at"]


def test_what_lost_its_host_stays_cancelled(world: World) -> None:
    add_hosts(world, 1)
    livestream = planned(world, 48)
    handover.withdraw_host(world.session, livestream_id=livestream.id, reason="", now=world.now)
    life.cancel(world.session, livestream=livestream, now=world.now)
    handover.ask_due_waves(world.session, world.now + timedelta(days=1))  # calls the search off
    assert reasons(world, livestream) == ["host_present"]


def test_what_was_rehearsed_stays_cancelled(world: World) -> None:
    livestream = cancelled(world)
    world.session.add(
        Ingest(
            broadcast_id=livestream.broadcast_id,
            number=0,
            kind=IngestKind.RTMP,
            epoch=1,
            started_at=world.now,
        )
    )
    world.session.flush()
    assert reasons(world, livestream) == ["media"]


def test_premiere_that_was_called_off_begins_without_the_talk_that_is_gone(world: World) -> None:
    """It held a talk that was not recorded, and so removed: what is sent now is a rehearsal."""
    livestream = cancelled(world)
    broadcast = world.session.get_one(Broadcast, livestream.broadcast_id)
    broadcast.opened_at = broadcast.ended_at = broadcast.emptied_at = world.now
    restored(world, livestream)
    columns = (Broadcast.opened_at, Broadcast.ended_at, Broadcast.emptied_at)
    found = world.session.execute(select(*columns, Broadcast.end_requested_at)).one()
    assert tuple(found) == (None, None, None, None)


def test_host_without_a_licence_restores_nothing(world: World) -> None:
    livestream = cancelled(world)
    world.session.get_one(Host, "host").verified_until = world.now
    with pytest.raises(NotVerified):
        restored(world, livestream)


@pytest.mark.parametrize("state", ["draft", "proposed", "scheduled", "live", "ended", "missed"])
def test_only_what_was_called_off_is_restored(world: World, state: str) -> None:
    with pytest.raises(NotInThisState):
        restored(world, planned(world, 48, state=state))


def test_moderators_stay_released(world: World) -> None:
    moderator(world, "mo")
    livestream = planned(world, 48)
    on_duty(world, livestream, "mo")
    life.cancel(world.session, livestream=livestream, now=world.now)
    restored(world, livestream)
    assert world.session.scalars(select(Duty.state)).all() == [DutyState.RELEASED]


def test_restoring_stands_in_the_audit_log_as_any_act(world: World) -> None:
    livestream = cancelled(world)
    act_on_livestream(
        world.session,
        actor=world.actors["host"],
        livestream_id=livestream.id,
        act="restore",
        data_key=DATA_KEY,
        now=world.now,
    )
    assert livestream.state == "scheduled"


@pytest.mark.parametrize("language", ["", "/zh"])
def test_desk_offers_it_until_the_start(app: Site, world: World, language: str) -> None:
    ahead = planned(world, FAR)
    life.cancel(world.session, livestream=ahead, now=world.now)
    over = cancelled(world)  # by the clock of this machine
    world.session.commit()
    host = browser_of(app, world, "host")
    words = "恢复举行" if language else "Let it take place after all"
    offers = [
        words in host.get(f"{language}/livestreams/{one.id}/desk").text for one in (ahead, over)
    ]
    assert offers == [True, False]
    desk = f"/livestreams/{ahead.id}/desk"
    assert send(host, f"{desk}/restore", desk).status_code == 303
    world.session.refresh(ahead)
    assert ahead.state == "scheduled"


def test_api_restores(client: FlaskClient, world: World) -> None:
    livestream = planned(world, FAR)
    life.cancel(world.session, livestream=livestream, now=world.now)
    world.session.commit()
    answer = client.post(
        f"/api/v1/livestreams/{livestream.id}/restore",
        headers={"Authorization": f"Bearer {world.tokens['host']}"},
    )
    assert (answer.status_code, answer.get_json()["state"]) == (200, "scheduled")
