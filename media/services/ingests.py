"""Encoder connections: opened, filled, closed, packaged, described."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.ids import new_id
from media.enums import IngestKind
from media.feeds.ports import Shape
from media.models import Broadcast, Ingest
from media.rules import CLOCK_JUMPED
from media.services.leases import Lease, check_lease


def create_broadcast(session: Session, *, window_seconds: int, now: datetime) -> Broadcast:
    """Add an idle broadcast."""
    broadcast = Broadcast(id=new_id(), window_seconds=window_seconds, created_at=now)
    session.add(broadcast)
    session.flush()
    return broadcast


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


def _ingest_to_describe(session: Session, ingest_id: str) -> Ingest:
    """Lock the broadcast and then its ingest, as every other writer does."""
    of_ingest = select(Ingest.broadcast_id).where(Ingest.id == ingest_id).scalar_subquery()
    session.execute(select(Broadcast.id).where(Broadcast.id == of_ingest).with_for_update())
    return session.get_one(Ingest, ingest_id, with_for_update=True, populate_existing=True)


def _describe(session: Session, ingest: Ingest, shape: dict[str, Any]) -> None:
    ingest.shape = shape
    session.get_one(Broadcast, ingest.broadcast_id).faults = shape["faults"]
    session.flush()
