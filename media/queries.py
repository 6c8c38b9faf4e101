"""Reads of media rows that a node needs."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core.database import database_now
from media.enums import BroadcastState, IngestKind
from media.models import Broadcast, Ingest, InitSegment, Rendition, Run, Segment
from media.window import UNCUT, Cut


def claimable_broadcasts(session: Session, *, node: str) -> Sequence[str]:
    """Return broadcasts in flight that ``node`` holds or may take: their lease has run out."""
    now = database_now(session)
    in_flight = or_(
        Broadcast.state.in_([BroadcastState.RECEIVING, BroadcastState.INTERRUPTED]),
        Broadcast.end_requested_at.is_not(None) & (Broadcast.state != BroadcastState.ENDED),
    )
    free = or_(
        Broadcast.node.in_(["", node]),
        Broadcast.lease_until.is_(None),
        Broadcast.lease_until <= now,
    )
    return session.scalars(select(Broadcast.id).where(in_flight, free)).all()


def open_ingests(session: Session, *, broadcast_id: str) -> Sequence[Ingest]:
    """Return the ingests that are not wholly packaged, oldest first."""
    query = select(Ingest).where(Ingest.broadcast_id == broadcast_id, Ingest.packaged_at.is_(None))
    return session.scalars(query.order_by(Ingest.number)).all()


def packaged_until_us(session: Session, *, ingest_id: str, rendition: str) -> int | None:
    """Return the end of the last segment of an ingest, in microseconds after its first media."""
    ends = Run.base_us + Segment.starts_us + Segment.duration_us
    query = (
        select(func.max(ends))
        .join_from(Segment, Run, Segment.run_id == Run.id)
        .join(Rendition, Segment.rendition_id == Rendition.id)
        .where(Run.ingest_id == ingest_id, Rendition.name == rendition)
    )
    return session.scalar(query)


def last_program_end(session: Session, *, broadcast_id: str) -> Segment | None:
    """Return the segment that ends last by wall time, or None."""
    query = select(Segment).where(Segment.broadcast_id == broadcast_id)
    return session.scalars(query.order_by(Segment.program_at.desc()).limit(1)).first()


def pending_segments(session: Session, *, node: str, limit: int) -> Sequence[Segment]:
    """Return segments of this node's broadcasts that object storage does not have, oldest first."""
    query = (
        select(Segment)
        .join(Broadcast, Segment.broadcast_id == Broadcast.id)
        .where(Segment.uploaded_at.is_(None), Broadcast.node == node)
        .order_by(Segment.program_at)
        .limit(limit)
    )
    return session.scalars(query).all()


def pending_inits(session: Session, *, node: str, limit: int) -> Sequence[InitSegment]:
    """Return init segments of this node's broadcasts that object storage does not have."""
    query = (
        select(InitSegment)
        .join(Run, InitSegment.run_id == Run.id)
        .join(Broadcast, Run.broadcast_id == Broadcast.id)
        .where(InitSegment.uploaded_at.is_(None), Broadcast.node == node)
        .limit(limit)
    )
    return session.scalars(query).all()


def next_sequence(session: Session, *, rendition_id: str) -> int:
    """Return the media sequence number that the next segment of a rendition gets."""
    last = session.scalar(
        select(func.max(Segment.sequence)).where(Segment.rendition_id == rendition_id)
    )
    return 0 if last is None else last + 1


def chunk_ingests(session: Session, *, broadcast_id: str) -> Sequence[Ingest]:
    """Return the ingests of a broadcast that came in numbered chunks, oldest first."""
    query = select(Ingest).where(
        Ingest.broadcast_id == broadcast_id, Ingest.kind == IngestKind.CHUNKS
    )
    return session.scalars(query.order_by(Ingest.number)).all()


def newest_ingest(session: Session, *, broadcast_id: str) -> Ingest | None:
    """Return the last ingest of a broadcast, of whatever kind."""
    query = select(Ingest).where(Ingest.broadcast_id == broadcast_id)
    return session.scalars(query.order_by(Ingest.number.desc()).limit(1)).first()


def waiting_from_us(session: Session, *, ingest_id: str) -> int | None:
    """Return where the media of an ingest begins that object storage lacks; None: it lacks none.

    In microseconds after the first media of the ingest; what is not packaged does not count.
    """
    segments = (
        select(func.min(Run.base_us + Segment.starts_us))
        .join_from(Segment, Run, Segment.run_id == Run.id)
        .where(Run.ingest_id == ingest_id, Segment.uploaded_at.is_(None))
    )
    inits = (
        select(func.min(Run.base_us))
        .join_from(InitSegment, Run, InitSegment.run_id == Run.id)
        .where(Run.ingest_id == ingest_id, InitSegment.uploaded_at.is_(None))
    )
    starts = (session.scalar(segments), session.scalar(inits))
    return min((start for start in starts if start is not None), default=None)


def cut_of(session: Session, *, broadcast_id: str) -> Cut:
    """Return what was cut off a broadcast; nothing for one that is not there."""
    columns = select(Broadcast.shown_from, Broadcast.shown_until)
    row = session.execute(columns.where(Broadcast.id == broadcast_id)).one_or_none()
    return UNCUT if row is None else Cut(*row)


def end_is_requested(session: Session, *, broadcast_id: str) -> bool:
    """Tell whether the broadcast is to end, or has."""
    row = session.execute(
        select(Broadcast.end_requested_at, Broadcast.state).where(Broadcast.id == broadcast_id)
    ).one_or_none()
    return row is None or row[0] is not None or row[1] == BroadcastState.ENDED
