"""Who may write a broadcast: leases and epochs."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from core.database import database_now
from media.errors import LeaseLostError
from media.models import Broadcast
from media.rules import LEASE


@dataclass(frozen=True, slots=True)
class Lease:
    """Permission to write one broadcast: who, and under which epoch."""

    broadcast_id: str
    node: str
    epoch: int


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
        renewed = session.execute(
            update(Broadcast).where(*held_by(lease)).values(lease_until=until)
        )
        if renewed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE has a row count
            lost.add(lease.broadcast_id)
    return lost


def release_lease(session: Session, lease: Lease) -> None:
    """Give a broadcast back at once, so that another node need not wait."""
    session.execute(update(Broadcast).where(*held_by(lease)).values(node="", lease_until=None))


def check_lease(session: Session, lease: Lease) -> None:
    """Refuse an owner that lost its broadcast; whoever takes it waits for the commit."""
    held = select(Broadcast.id).where(*held_by(lease)).with_for_update(read=True)
    if session.scalar(held) is None:
        raise LeaseLostError(lease.broadcast_id)


def held_by(lease: Lease) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions under which a broadcast's row is still this owner's."""
    return (
        Broadcast.id == lease.broadcast_id,
        Broadcast.node == lease.node,
        Broadcast.epoch == lease.epoch,
    )
