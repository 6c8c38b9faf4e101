"""Writes of media rows. An owner's writes compare the epoch: who lost the lease writes none.

Rows are locked in one order, or two writers wait for each other: livestream, broadcast, ingest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from core.database import database_now
from core.ids import new_id
from media.enums import IngestKind, PackagerMode
from media.errors import LeaseLostError
from media.feeds.ports import Shape
from media.models import Broadcast, Ingest, InitSegment, Rendition, Run, Segment
from media.mp4 import AUDIO, VIDEO, Init
from media.paths import init_key, segment_key
from media.rules import CLOCK_JUMPED, LEASE
from media.segmenter import Cut

MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Lease:
    """Permission to write one broadcast: who, and under which epoch."""

    broadcast_id: str
    node: str
    epoch: int


def create_broadcast(session: Session, *, window_seconds: int, now: datetime) -> Broadcast:
    """Add an idle broadcast."""
    broadcast = Broadcast(id=new_id(), window_seconds=window_seconds, created_at=now)
    session.add(broadcast)
    session.flush()
    return broadcast


def acquire_lease(session: Session, *, broadcast_id: str, node: str) -> Lease | None:
    """Take a broadcast under a new epoch; None when another node's lease still runs."""
    now = database_now(session)
    free = or_(
        Broadcast.node.in_(["", node]),
        Broadcast.lease_until.is_(None),
        Broadcast.lease_until <= now,
    )
    taken = session.execute(
        update(Broadcast)
        .where(Broadcast.id == broadcast_id, free)
        .values(node=node, epoch=Broadcast.epoch + 1, lease_until=now + LEASE)
        .returning(Broadcast.epoch)
        .execution_options(synchronize_session=False)
    ).scalar()
    return None if taken is None else Lease(broadcast_id, node, taken)


def renew_leases(session: Session, leases: Sequence[Lease]) -> set[str]:
    """Extend every lease that is still held; return the ids of those that are lost."""
    until = database_now(session) + LEASE
    lost = set()
    for lease in leases:
        renewed = session.execute(update(Broadcast).where(*_held(lease)).values(lease_until=until))
        if renewed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE has a row count
            lost.add(lease.broadcast_id)
    return lost


def release_lease(session: Session, lease: Lease) -> None:
    """Give a broadcast back at once, so that another node need not wait."""
    session.execute(update(Broadcast).where(*_held(lease)).values(node="", lease_until=None))


def open_ingest(
    session: Session, lease: Lease, *, kind: IngestKind, now: datetime, next_chunk: int = 0
) -> Ingest:
    """Add the next ingest of a broadcast; ``next_chunk`` is the number its first chunk has."""
    check_lease(session, lease)
    last = session.scalar(
        select(func.max(Ingest.number)).where(Ingest.broadcast_id == lease.broadcast_id)
    )
    ingest = Ingest(
        id=new_id(),
        broadcast_id=lease.broadcast_id,
        number=0 if last is None else last + 1,
        kind=kind,
        epoch=lease.epoch,
        started_at=now,
        next_chunk=next_chunk,
    )
    session.add(ingest)
    session.flush()
    return ingest


def note_next_chunk(session: Session, lease: Lease, *, ingest_id: str, next_chunk: int) -> None:
    """Note that every chunk before ``next_chunk`` is on this node's disk.

    Raises:
        LeaseLostError: Another owner has the broadcast; nothing was written.
    """
    check_lease(session, lease)
    session.execute(
        update(Ingest)
        .where(Ingest.id == ingest_id, Ingest.next_chunk < next_chunk)
        .values(next_chunk=next_chunk)
    )


def close_ingest(session: Session, *, ingest_id: str, now: datetime) -> None:
    """Note that no more bytes will come; harmless when repeated."""
    session.execute(
        update(Ingest)
        .where(Ingest.id == ingest_id, Ingest.closed_at.is_(None))
        .values(closed_at=now)
    )


def mark_packaged(session: Session, lease: Lease, *, ingest_id: str, now: datetime) -> None:
    """Note that the whole journal of an ingest has become segments."""
    check_lease(session, lease)
    session.execute(update(Ingest).where(Ingest.id == ingest_id).values(packaged_at=now))


def note_shape(session: Session, *, ingest_id: str, shape: Shape, faults: Sequence[str]) -> None:
    """Keep what a feed turned out to be, and what its host should know."""
    ingest = _ingest_to_describe(session, ingest_id)
    noticed = {CLOCK_JUMPED} & set(ingest.shape.get("faults", ()))
    _describe(session, ingest, {**shape.as_row(), "faults": [*faults, *noticed]})


def note_jump(session: Session, *, ingest_id: str) -> None:
    """Keep that the clock of an encoder jumped; the door has noticed it."""
    ingest = _ingest_to_describe(session, ingest_id)
    known = ingest.shape.get("faults", ())
    _describe(session, ingest, {**ingest.shape, "faults": [*known, CLOCK_JUMPED]})


def start_run(
    session: Session,
    lease: Lease,
    *,
    ingest_id: str,
    mode: PackagerMode,
    base_us: int,
    program_at: datetime,
) -> Run:
    """Add the next run; its timeline zero lies ``base_us`` after the first media of its ingest."""
    check_lease(session, lease)
    last = session.scalar(
        select(func.max(Run.number)).where(Run.broadcast_id == lease.broadcast_id)
    )
    run = Run(
        id=new_id(),
        broadcast_id=lease.broadcast_id,
        ingest_id=ingest_id,
        number=0 if last is None else last + 1,
        mode=mode,
        base_us=base_us,
        program_at=program_at,
    )
    session.add(run)
    session.flush()
    return run


def ensure_rendition(
    session: Session, *, broadcast_id: str, name: str, kind: str, position: int
) -> Rendition:
    """Return the rendition of that name, adding it the first time."""
    found = session.scalar(
        select(Rendition).where(Rendition.broadcast_id == broadcast_id, Rendition.name == name)
    )
    if found is not None:
        return found
    rendition = Rendition(
        id=new_id(), broadcast_id=broadcast_id, name=name, kind=kind, position=position
    )
    session.add(rendition)
    session.flush()
    return rendition


def describe_rendition(
    session: Session, *, rendition: Rendition, init: Init, frame_rate: float
) -> None:
    """Fill in what the first init segment says; later runs do not change what players were told."""
    if rendition.codecs:
        return
    picture, sound = init.track(VIDEO), init.track(AUDIO)
    rendition.codecs = ",".join(track.codec for track in (picture, sound) if track is not None)
    if picture is not None:
        rendition.width, rendition.height = picture.width, picture.height
        rendition.frame_rate = frame_rate
    session.add(rendition)
    session.flush()


def add_init(
    session: Session, run: Run, rendition: Rendition, *, size: int, sha256: str
) -> InitSegment:
    """Add the init segment of a run in a rendition."""
    row = InitSegment(
        run_id=run.id,
        rendition_id=rendition.id,
        object_key=init_key(run.broadcast_id, rendition.name, run.number),
        size=size,
        sha256=sha256,
    )
    session.add(row)
    session.flush()
    return row


def add_segment(
    session: Session,
    lease: Lease,
    run: Run,
    rendition: Rendition,
    *,
    sequence: int,
    cut: Cut,
    sha256: str,
) -> None:
    """Insert a segment's row if the epoch still holds.

    Raises:
        LeaseLostError: Another owner has the broadcast; nothing was written.
    """
    check_lease(session, lease)
    key = segment_key(lease.broadcast_id, rendition.name, run.number, sequence)
    values = {
        "rendition_id": rendition.id,
        "sequence": sequence,
        "broadcast_id": lease.broadcast_id,
        "run_id": run.id,
        "run_number": run.number,
        "epoch": lease.epoch,
        "starts_us": cut.starts_us,
        "duration_us": cut.duration_us,
        "program_at": run.program_at + timedelta(microseconds=cut.starts_us),
        "object_key": key,
        "size": len(cut.data),
        "sha256": sha256,
    }
    columns = Segment.__table__.c
    row = select(*(literal(value, columns[name].type) for name, value in values.items()))
    held = row.where(select(Broadcast.id).where(*_held(lease)).exists())
    done = session.execute(
        insert(Segment).from_select(list(values), held),
        execution_options={"preserve_rowcount": True},  # else PostgreSQL's count of an INSERT is -1
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]  # an INSERT has a row count
        raise LeaseLostError(lease.broadcast_id)
    _raise_bandwidth(session, rendition, cut)


def mark_uploaded(
    session: Session, rows: Sequence[Segment | InitSegment], *, now: datetime
) -> None:
    """Note that object storage has these."""
    for row in rows:
        model = type(row)
        session.execute(
            update(model).where(model.object_key == row.object_key).values(uploaded_at=now)
        )


def check_lease(session: Session, lease: Lease) -> None:
    """Refuse an owner that lost its broadcast; whoever takes it waits for the commit."""
    held = select(Broadcast.id).where(*_held(lease)).with_for_update(read=True)
    if session.scalar(held) is None:
        raise LeaseLostError(lease.broadcast_id)


def _held(lease: Lease) -> tuple[ColumnElement[bool], ...]:
    return (
        Broadcast.id == lease.broadcast_id,
        Broadcast.node == lease.node,
        Broadcast.epoch == lease.epoch,
    )


def _ingest_to_describe(session: Session, ingest_id: str) -> Ingest:
    """Lock the broadcast and then its ingest, as every other writer does."""
    of_ingest = select(Ingest.broadcast_id).where(Ingest.id == ingest_id).scalar_subquery()
    session.execute(select(Broadcast.id).where(Broadcast.id == of_ingest).with_for_update())
    return session.get_one(Ingest, ingest_id, with_for_update=True, populate_existing=True)


def _describe(session: Session, ingest: Ingest, shape: dict[str, Any]) -> None:
    ingest.shape = shape
    session.get_one(Broadcast, ingest.broadcast_id).faults = shape["faults"]
    session.flush()


def _raise_bandwidth(session: Session, rendition: Rendition, cut: Cut) -> None:
    peak = len(cut.data) * 8 * MICROSECONDS // max(cut.duration_us, MICROSECONDS // 2)
    session.execute(
        update(Rendition)
        .where(Rendition.id == rendition.id, Rendition.bandwidth < peak)
        .values(bandwidth=peak)
    )
