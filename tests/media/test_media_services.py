"""Leases and epochs on both databases: one owner at a time, and who lost writes nothing."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Barrier, Event

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.database import Sessions, database_now
from media.enums import BroadcastState, IngestKind, PackagerMode
from media.errors import LeaseLostError
from media.feeds.ports import Shape
from media.models import Broadcast, Ingest, Rendition, Run, Segment
from media.queries import (
    claimable_broadcasts,
    end_is_requested,
    last_program_end,
    next_sequence,
    open_ingests,
    packaged_until_us,
    pending_inits,
    pending_segments,
)
from media.rules import LEASE, lease_is_free, window_is_over
from media.segmenter import Cut
from media.services import (
    Lease,
    acquire_lease,
    add_init,
    add_segment,
    check_lease,
    close_ingest,
    create_broadcast,
    ensure_rendition,
    mark_packaged,
    mark_uploaded,
    note_jump,
    note_next_chunk,
    note_shape,
    open_ingest,
    release_lease,
    renew_leases,
    start_run,
)

pytestmark = pytest.mark.integration


@dataclass
class Desk:
    """A broadcast with one ingest, a run and a rendition, under a lease of node ``a``."""

    lease: Lease
    ingest: Ingest
    run: Run
    rendition: Rendition


def desk(session: Session, now: datetime) -> Desk:
    broadcast = create_broadcast(session, window_seconds=120, now=now)
    lease = acquire_lease(session, broadcast_id=broadcast.id, node="a")
    assert lease is not None
    ingest = open_ingest(session, lease, kind=IngestKind.RTMP, now=now)
    run = start_run(
        session,
        lease,
        ingest_id=ingest.id,
        mode=PackagerMode.COPY,
        base_us=0,
        program_at=now,
    )
    rendition = ensure_rendition(
        session, broadcast_id=broadcast.id, name="source", kind="muxed", position=0
    )
    return Desk(lease, ingest, run, rendition)


def add(session: Session, on: Desk, sequence: int, *, lease: Lease | None = None) -> None:
    add_segment(
        session,
        lease or on.lease,
        on.run,
        on.rendition,
        sequence=sequence,
        cut=Cut(b"x" * 1_000, sequence * 1_000_000, 1_000_000),
        sha256="0" * 64,
    )


def expire(session: Session, broadcast_id: str) -> None:
    past = database_now(session) - timedelta(seconds=1)
    session.execute(update(Broadcast).where(Broadcast.id == broadcast_id).values(lease_until=past))


def segments(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Segment)) or 0


def test_a_lease_is_held_by_one_node_at_a_time(session: Session, now: datetime) -> None:
    broadcast = create_broadcast(session, window_seconds=120, now=now)
    first = acquire_lease(session, broadcast_id=broadcast.id, node="a")
    assert first == Lease(broadcast.id, "a", 1)
    assert acquire_lease(session, broadcast_id=broadcast.id, node="b") is None
    again = acquire_lease(session, broadcast_id=broadcast.id, node="a")
    assert again == Lease(broadcast.id, "a", 2)
    assert acquire_lease(session, broadcast_id="none", node="a") is None


def test_a_lease_that_ran_out_is_taken_under_the_next_epoch(
    session: Session, now: datetime
) -> None:
    on = desk(session, now)
    expire(session, on.lease.broadcast_id)
    taken = acquire_lease(session, broadcast_id=on.lease.broadcast_id, node="b")
    assert taken == Lease(on.lease.broadcast_id, "b", on.lease.epoch + 1)
    assert renew_leases(session, [on.lease]) == {on.lease.broadcast_id}
    assert renew_leases(session, [taken]) == set()
    with pytest.raises(LeaseLostError):
        check_lease(session, on.lease)


def test_a_lease_that_is_renewed_does_not_run_out(session: Session, now: datetime) -> None:
    on = desk(session, now)
    expire(session, on.lease.broadcast_id)
    assert renew_leases(session, [on.lease]) == set()
    assert acquire_lease(session, broadcast_id=on.lease.broadcast_id, node="b") is None
    row = session.get_one(Broadcast, on.lease.broadcast_id, populate_existing=True)
    assert row.lease_until is not None
    assert abs(row.lease_until - database_now(session) - LEASE) < timedelta(seconds=5)


def test_a_lease_given_back_is_free_at_once(session: Session, now: datetime) -> None:
    on = desk(session, now)
    release_lease(session, on.lease)
    taken = acquire_lease(session, broadcast_id=on.lease.broadcast_id, node="b")
    assert taken is not None
    release_lease(session, on.lease)
    assert renew_leases(session, [taken]) == set()


def test_who_lost_the_lease_writes_nothing(session: Session, now: datetime) -> None:
    on = desk(session, now)
    add(session, on, 0)
    expire(session, on.lease.broadcast_id)
    taken = acquire_lease(session, broadcast_id=on.lease.broadcast_id, node="b")
    assert taken is not None
    writes = (
        lambda: add(session, on, 1),
        lambda: open_ingest(session, on.lease, kind=IngestKind.RTMP, now=now),
        lambda: mark_packaged(session, on.lease, ingest_id=on.ingest.id, now=now),
        lambda: note_next_chunk(session, on.lease, ingest_id=on.ingest.id, next_chunk=4),
        lambda: start_run(
            session,
            on.lease,
            ingest_id=on.ingest.id,
            mode=PackagerMode.COPY,
            base_us=0,
            program_at=now,
        ),
    )
    for write in writes:
        with pytest.raises(LeaseLostError):
            write()
    assert segments(session) == 1
    ingests = session.scalars(select(Ingest).execution_options(populate_existing=True)).all()
    assert [(row.packaged_at, row.next_chunk) for row in ingests] == [(None, 0)]
    add(session, on, 1, lease=taken)
    assert segments(session) == 2


def test_two_nodes_race_for_one_broadcast(sessions: Sessions, now: datetime) -> None:
    with sessions() as session:
        broadcast = create_broadcast(session, window_seconds=120, now=now)
        session.commit()
    barrier = Barrier(4)

    def race(node: str) -> Lease | None:
        barrier.wait()
        with sessions() as session:
            lease = acquire_lease(session, broadcast_id=broadcast.id, node=node)
            session.commit()
            return lease

    with ThreadPoolExecutor(4) as pool:
        won = [lease for lease in pool.map(race, "abcd") if lease is not None]
    assert len(won) == 1
    assert won[0].epoch == 1


def test_a_takeover_waits_for_the_segment_in_hand(sessions: Sessions, now: datetime) -> None:
    """Either the old owner's segment is there before the new epoch, or it never is."""
    with sessions() as session:
        on = desk(session, now)
        expire(session, on.lease.broadcast_id)
        session.commit()
    inserted, asked = Event(), Event()
    order: list[str] = []

    def take() -> int:
        inserted.wait(10)
        with sessions() as session:
            asked.set()
            lease = acquire_lease(session, broadcast_id=on.lease.broadcast_id, node="b")
            sequence = next_sequence(session, rendition_id=on.rendition.id)
            order.append("taken")
            session.commit()
        assert lease is not None
        return sequence

    with ThreadPoolExecutor(1) as pool, sessions() as session:
        waiting = pool.submit(take)
        add(session, on, 0)
        inserted.set()
        asked.wait(10)
        with pytest.raises(TimeoutError):
            waiting.result(timeout=0.2)
        order.append("written")
        session.commit()
        assert waiting.result(timeout=10) == 1
    assert order == ["written", "taken"]


def test_ingests_are_numbered_and_closed_once(session: Session, now: datetime) -> None:
    on = desk(session, now)
    second = open_ingest(session, on.lease, kind=IngestKind.CHUNKS, now=now, next_chunk=7)
    assert (on.ingest.number, second.number, second.next_chunk) == (0, 1, 7)
    later = now + timedelta(seconds=5)
    close_ingest(session, ingest_id=on.ingest.id, now=now)
    close_ingest(session, ingest_id=on.ingest.id, now=later)
    session.refresh(on.ingest)
    assert on.ingest.closed_at == now
    ids = [row.id for row in open_ingests(session, broadcast_id=on.lease.broadcast_id)]
    assert ids == [on.ingest.id, second.id]
    mark_packaged(session, on.lease, ingest_id=on.ingest.id, now=now)
    left = open_ingests(session, broadcast_id=on.lease.broadcast_id)
    assert [row.id for row in left] == [second.id]


def test_runs_are_numbered_over_ingests(session: Session, now: datetime) -> None:
    on = desk(session, now)
    second = open_ingest(session, on.lease, kind=IngestKind.RTMP, now=now)
    run = start_run(
        session,
        on.lease,
        ingest_id=second.id,
        mode=PackagerMode.ENCODE,
        base_us=5,
        program_at=now,
    )
    assert (on.run.number, run.number, run.mode, run.base_us) == (0, 1, "encode", 5)


def test_where_an_ingest_and_a_rendition_go_on(session: Session, now: datetime) -> None:
    on = desk(session, now)
    assert next_sequence(session, rendition_id=on.rendition.id) == 0
    assert packaged_until_us(session, ingest_id=on.ingest.id, rendition="source") is None
    assert last_program_end(session, broadcast_id=on.lease.broadcast_id) is None
    for sequence in range(3):
        add(session, on, sequence)
    assert next_sequence(session, rendition_id=on.rendition.id) == 3
    assert packaged_until_us(session, ingest_id=on.ingest.id, rendition="source") == 3_000_000
    assert packaged_until_us(session, ingest_id=on.ingest.id, rendition="sound") is None
    last = last_program_end(session, broadcast_id=on.lease.broadcast_id)
    assert last is not None
    assert (last.sequence, last.program_at) == (2, now + timedelta(seconds=2))


def test_the_bandwidth_is_the_highest_so_far(session: Session, now: datetime) -> None:
    on = desk(session, now)
    for sequence, duration_us in enumerate((1_000_000, 500_000, 100_000, 1_000_000)):
        cut = Cut(b"x" * 1_000, sequence * 1_000_000, duration_us)
        add_segment(session, on.lease, on.run, on.rendition, sequence=sequence, cut=cut, sha256="")
    session.refresh(on.rendition)
    assert on.rendition.bandwidth == 16_000


def test_what_is_pending_is_of_this_node_and_not_uploaded(session: Session, now: datetime) -> None:
    on = desk(session, now)
    init = add_init(session, on.run, on.rendition, size=1, sha256="")
    for sequence in range(3):
        add(session, on, sequence)
    mine = pending_segments(session, node="a", limit=9)
    assert [row.sequence for row in mine] == [0, 1, 2]
    assert pending_inits(session, node="a", limit=9) == [init]
    assert pending_segments(session, node="b", limit=9) == []
    assert pending_inits(session, node="b", limit=9) == []
    mark_uploaded(session, [mine[0], init], now=now)
    left = pending_segments(session, node="a", limit=1)
    assert [row.sequence for row in left] == [1]
    assert pending_inits(session, node="a", limit=9) == []


@pytest.mark.parametrize(
    ("state", "end", "holder", "claimable"),
    [
        ("receiving", False, "", True),
        ("interrupted", False, "me", True),
        ("receiving", False, "other", False),
        ("idle", False, "", False),
        ("idle", True, "", True),
        ("ended", True, "", False),
    ],
)
def test_what_a_node_may_adopt(
    session: Session, now: datetime, state: str, holder: str, *, end: bool, claimable: bool
) -> None:
    broadcast = create_broadcast(session, window_seconds=120, now=now)
    broadcast.state = BroadcastState(state)
    broadcast.node = holder
    broadcast.lease_until = database_now(session) + LEASE if holder else None
    broadcast.end_requested_at = now if end else None
    session.flush()
    found = claimable_broadcasts(session, node="me")
    assert found == ([broadcast.id] if claimable else [])
    assert end_is_requested(session, broadcast_id=broadcast.id) is end


def test_the_end_of_a_broadcast_that_is_not_there(session: Session) -> None:
    assert end_is_requested(session, broadcast_id="none")


def test_faults_are_kept_with_the_shape(session: Session, now: datetime) -> None:
    on = desk(session, now)
    shape = Shape("avc", 320, 180, 25.0)
    note_shape(
        session,
        ingest_id=on.ingest.id,
        shape=shape,
        faults=["no_sound"],
    )
    session.refresh(on.ingest)
    row = session.get_one(Broadcast, on.lease.broadcast_id, populate_existing=True)
    assert row.faults == ["no_sound"]
    note_jump(session, ingest_id=on.ingest.id)
    assert row.faults == ["no_sound", "clock_jumped"]
    note_shape(
        session,
        ingest_id=on.ingest.id,
        shape=shape,
        faults=["long_gop"],
    )
    session.refresh(row)
    assert row.faults == ["long_gop", "clock_jumped"]
    assert on.ingest.shape == {**shape.as_row(), "faults": ["long_gop", "clock_jumped"]}


def test_rules_of_leases_and_windows(now: datetime) -> None:
    later = now + timedelta(seconds=1)
    free = {
        (holder, until): lease_is_free(node="me", holder=holder, lease_until=until, now=now)
        for holder in ("", "me", "other")
        for until in (None, now, later)
    }
    assert [key for key, is_free in free.items() if not is_free] == [("other", later)]
    over = [
        window_is_over(interrupted_at=since, window_seconds=1, now=later)
        for since in (None, now, later)
    ]
    assert over == [False, True, False]


def test_door_and_owner_write_at_once_without_waiting_for_each_other(
    sessions: Sessions, now: datetime
) -> None:
    with sessions() as session:
        on = desk(session, now)
        lease, ingest_id = on.lease, on.ingest.id
        session.commit()
    barrier = Barrier(2)

    def take_chunks() -> None:
        for number in range(1, 40):
            barrier.wait(30)
            with sessions() as session:
                note_next_chunk(session, lease, ingest_id=ingest_id, next_chunk=number)
                session.commit()

    def describe() -> None:
        for number in range(1, 40):
            barrier.wait(30)
            with sessions() as session:
                shape = Shape(video="avc", width=number)
                note_shape(session, ingest_id=ingest_id, shape=shape, faults=[str(number)])
                session.commit()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(take_chunks), pool.submit(describe)]:
            done.result(60)
    with sessions() as session:
        row = session.get_one(Ingest, ingest_id)
        assert (row.next_chunk, row.shape["width"]) == (39, 39)
