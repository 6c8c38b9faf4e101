"""Services of a livestream's life on both databases: what each event writes, and races."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy.orm import Session

from catalog.models import Host, Livestream
from core.database import Sessions, database_now
from core.errors import NotFound, Refusal
from media.enums import IngestKind, PackagerMode
from media.models import Broadcast
from media.segmenter import Cut
from media.services import (
    acquire_lease,
    add_segment,
    ensure_rendition,
    open_ingest,
    start_run,
)
from streams.life import queries, rules
from streams.life import services as life
from streams.life.errors import GateShut, NotInThisState
from streams.life.rules import Event
from tests.fakes.programme import World

pytestmark = pytest.mark.integration


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    return World(session, now).build()


def broadcast_of(world: World, livestream: Livestream) -> Broadcast:
    return world.session.get_one(Broadcast, livestream.broadcast_id)


def states(world: World, livestream: Livestream) -> tuple[str, str]:
    return livestream.state, broadcast_of(world, livestream).state


def test_every_event_in_a_state_that_does_not_permit_it_changes_nothing(world: World) -> None:
    made = world.livestream(state="missed", broadcast="receiving")
    for event in Event:
        with pytest.raises(NotInThisState) as refused:
            life.apply_event(world.session, livestream_id=made.id, event=event, now=world.now)
        assert refused.value.params == {
            "state": "missed",
            "broadcast": "receiving",
            "event": event.value,
        }
    assert states(world, made) == ("missed", "receiving")


def test_apply_event_of_an_unknown_livestream(world: World) -> None:
    with pytest.raises(NotFound):
        life.apply_event(world.session, livestream_id="none", event=Event.END, now=world.now)


def test_a_whole_life_with_a_rehearsal_and_an_interruption(world: World) -> None:
    session, now = world.session, world.now
    made = world.livestream()
    broadcast = broadcast_of(world, made)
    life.propose(session, livestream=made, now=now)
    life.schedule(session, livestream=made, now=now)
    world.moderate(made)
    life.encoder_arrived(session, livestream_id=made.id, now=now)
    assert (states(world, made), broadcast.opened_at) == (("scheduled", "receiving"), None)
    started = now + timedelta(minutes=1)
    life.start(session, livestream=made, now=started)
    assert (made.state, made.started_at, broadcast.opened_at) == ("live", started, started)
    left = now + timedelta(minutes=2)
    life.encoder_left(session, livestream_id=made.id, now=left)
    assert (broadcast.state, broadcast.interrupted_at) == ("interrupted", left)
    life.encoder_arrived(session, livestream_id=made.id, now=left)
    assert (broadcast.state, broadcast.interrupted_at) == ("receiving", None)
    assert broadcast.opened_at == started
    ended = now + timedelta(minutes=9)
    life.end(session, livestream=made, now=ended)
    assert states(world, made) == ("ended", "receiving")
    assert (made.ended_at, broadcast.end_requested_at, made.published_at) == (ended, ended, None)
    life.drained(session, livestream_id=made.id, now=ended)
    assert (states(world, made), broadcast.ended_at) == (("ended", "ended"), ended)
    released = now + timedelta(hours=1)
    life.publish(session, livestream=made, now=released)
    assert (made.state, made.published_at, made.ended_at) == ("published", released, ended)


def test_end_publishes_at_once_when_no_release_is_needed(world: World) -> None:
    made = world.livestream(state="live", broadcast="receiving", replay_policy="at_end")
    life.end(world.session, livestream=made, now=world.now)
    assert (made.state, made.published_at) == ("published", world.now)
    later = world.now + timedelta(minutes=1)
    life.drained(world.session, livestream_id=made.id, now=later)
    assert (states(world, made), made.published_at) == (("published", "ended"), world.now)


def test_end_of_an_idle_broadcast_that_nobody_owns_is_final(world: World) -> None:
    made = world.livestream(state="live")
    life.end(world.session, livestream=made, now=world.now)
    assert states(world, made) == ("ended", "ended")


def test_end_of_an_idle_broadcast_that_a_node_owns_waits_for_the_node(world: World) -> None:
    made = world.livestream(state="live")
    lease = database_now(world.session) + timedelta(seconds=10)
    broadcast_of(world, made).lease_until = lease
    life.end(world.session, livestream=made, now=world.now)
    assert states(world, made) == ("ended", "idle")


def test_cancel_of_a_rehearsal_asks_for_its_end(world: World) -> None:
    made = world.livestream(state="scheduled", broadcast="receiving")
    life.cancel(world.session, livestream=made, now=world.now)
    assert states(world, made) == ("cancelled", "receiving")
    assert broadcast_of(world, made).end_requested_at == world.now


def test_close_window_ends(world: World) -> None:
    made = world.livestream(state="live", broadcast="interrupted")
    life.close_window(world.session, livestream_id=made.id, now=world.now)
    assert states(world, made) == ("ended", "interrupted")
    assert broadcast_of(world, made).end_requested_at == world.now


def test_start_by_a_host_who_is_not_verified(world: World) -> None:
    made = world.livestream(state="scheduled", moderators=1)
    world.session.get_one(Host, "host").verified_until = world.now
    with pytest.raises(GateShut) as shut:
        life.start(world.session, livestream=made, now=world.now)
    assert [error.field for error in shut.value.errors] == ["host_verified"]
    assert str(shut.value) == "The host's licence is not verified at present."
    assert states(world, made) == ("scheduled", "idle")


def test_encoder_arrived_starts_by_itself_only_through_the_gate(world: World) -> None:
    made = world.livestream(state="scheduled", auto_start=True, moderators=1)
    host = world.session.get_one(Host, "host")
    verified, host.verified_until = host.verified_until, None
    with pytest.raises(GateShut) as shut:
        life.encoder_arrived(world.session, livestream_id=made.id, now=world.now)
    assert [error.field for error in shut.value.errors] == ["host_verified"]
    assert states(world, made) == ("scheduled", "idle")
    host.verified_until = verified
    world.session.flush()
    life.encoder_arrived(world.session, livestream_id=made.id, now=world.now)
    assert states(world, made) == ("live", "receiving")
    assert broadcast_of(world, made).opened_at == world.now


def test_what_is_due_agrees_with_the_rules(world: World) -> None:
    live = world.livestream(state="live", broadcast="receiving")
    world.livestream(state="ended", broadcast="receiving")
    waiting = world.livestream(state="scheduled")
    world.livestream(state="scheduled", broadcast="receiving")
    overrun_at, missed_at = live.ends_at + rules.OVERRUN, waiting.starts_at + rules.NO_SHOW
    tick = timedelta(microseconds=1)
    session = world.session
    assert queries.overrun_livestreams(session, now=overrun_at - tick) == []
    assert queries.overrun_livestreams(session, now=overrun_at) == [live.id]
    assert queries.missed_livestreams(session, now=missed_at - tick) == []
    assert queries.missed_livestreams(session, now=missed_at) == [waiting.id]


def test_rivals_move_once(sessions: Sessions, now: datetime) -> None:
    """Eight people press Start at once: one of them started it, seven are told what it is."""
    with sessions() as opened:
        made = World(opened, now).build().livestream(state="scheduled", moderators=1)
        opened.commit()
    together = Barrier(8)

    def press(number: int) -> str:
        together.wait()
        with sessions() as own:
            try:
                livestream = own.get_one(Livestream, made.id)
                life.start(own, livestream=livestream, now=now + timedelta(seconds=number))
                own.commit()
            except Refusal as refusal:
                return refusal.code
            return "started"

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(press, range(8)))
    assert answers == ["started"] + ["wrong_state"] * 7


def test_an_encoder_and_a_cancellation_at_once_leave_one_pair(
    sessions: Sessions, now: datetime
) -> None:
    with sessions() as opened:
        world = World(opened, now).build()
        ids = [world.livestream(state="scheduled").id for _ in range(6)]
        opened.commit()

    def run(event: Event) -> None:
        for livestream_id in ids:
            with sessions() as own:
                try:
                    life.apply_event(own, livestream_id=livestream_id, event=event, now=now)
                    own.commit()
                except Refusal:
                    own.rollback()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, [Event.ENCODER_ARRIVED, Event.CANCEL]))
    with sessions() as opened:
        found = {queries.standing_of(opened, livestream_id=it).pair for it in ids}
    assert found <= {("cancelled", "idle"), ("cancelled", "receiving")}


def test_start_shows_nothing_of_a_rehearsal_that_was_pushed_too_fast(world: World) -> None:
    session, now = world.session, world.now
    made = world.livestream(state="scheduled", broadcast="receiving", moderators=1)
    lease = acquire_lease(session, broadcast_id=made.broadcast_id, node="a")
    assert lease is not None
    ingest = open_ingest(session, lease, kind=IngestKind.RTMP, now=now)
    run = start_run(
        session, lease, ingest_id=ingest.id, mode=PackagerMode.COPY, base_us=0, program_at=now
    )
    rendition = ensure_rendition(
        session, broadcast_id=made.broadcast_id, name="source", kind="muxed", position=0
    )
    cut = Cut(b"x", 0, 90_000_000)
    add_segment(session, lease, run, rendition, sequence=0, cut=cut, sha256="0" * 64)
    life.start(session, livestream=made, now=now + timedelta(seconds=5))
    assert broadcast_of(world, made).opened_at == now + timedelta(seconds=90)
