"""Rows of the ledger that a worker sends next: claimed together, kept by a lease, given back.

Every change is compare-and-set on the lease: a worker that was thought dead can spoil nothing.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.orm import Session

from accounts.notices.enums import Channel, NoticeState
from accounts.notices.models import Notice

BATCH: Final = 50
LEASE_SECONDS: Final = 30
NO_LEASE: Final[dict[str, Any]] = {"leased_by": "", "lease_until": None}
HELD_BY_WORKERS: Final = (NoticeState.LEASED, NoticeState.SENDING)


def claim(
    session: Session,
    *,
    worker: str,
    channels: Collection[Channel],
    now: datetime,
    most: int = BATCH,
    lease_seconds: float = LEASE_SECONDS,
) -> Sequence[str]:
    """Claim what a vanished worker left and then what is due longest; return the ids in order.

    However many workers ask at once, each row goes to one of them, and nobody waits for another.
    """
    until = now + timedelta(seconds=lease_seconds)
    left = (Notice.state.in_(HELD_BY_WORKERS), Notice.lease_until < now)
    waiting = (Notice.state == NoticeState.WAITING, Notice.due_at <= now)
    ids: list[str] = []
    for which in (left, waiting):  # apart: together they would make the database sort all rows
        if len(ids) < most:
            due = _due(which, channels, most - len(ids))
            ids += _taken(session, due, worker, until)
    return ids


def renew(
    session: Session, *, worker: str, now: datetime, lease_seconds: float = LEASE_SECONDS
) -> None:
    """Keep all that a worker still has, but for what it is changing at this moment."""
    # A row that its worker is just changing is passed over: that renews the lease by itself, and
    # waiting for it while it waits for another of these would be a deadlock.
    mine = select(Notice.id).where(Notice.state.in_(HELD_BY_WORKERS), Notice.leased_by == worker)
    rows = mine.with_for_update(skip_locked=True).cte("mine")
    longer = update(Notice).where(Notice.id.in_(select(rows.c.id)), Notice.leased_by == worker)
    until = now + timedelta(seconds=lease_seconds)
    session.execute(longer.values(lease_until=until).execution_options(synchronize_session=False))


def give_back(session: Session, *, worker: str) -> None:
    """Let others send what a worker has claimed and not begun to send; no attempt is counted."""
    mine = update(Notice).where(Notice.state == NoticeState.LEASED, Notice.leased_by == worker)
    free = mine.values(state=NoticeState.WAITING, **NO_LEASE)
    session.execute(free.execution_options(synchronize_session=False))


def _due(
    which: tuple[ColumnElement[bool], ...], channels: Collection[Channel], most: int
) -> Select[Any]:
    """Return the question for rows; on PostgreSQL it passes over what others are claiming."""
    found = select(Notice.id).where(*which, Notice.channel.in_(channels))
    return found.order_by(Notice.due_at).limit(most).with_for_update(skip_locked=True)


def _taken(session: Session, due: Select[Any], worker: str, until: datetime) -> list[str]:
    # A common table expression with a lock is evaluated once; a plain subquery may be run again,
    # and would then lock more rows than were asked for.
    rows = due.cte("due")
    lease = update(Notice).where(Notice.id.in_(select(rows.c.id)))
    taken = lease.values(state=NoticeState.LEASED, leased_by=worker, lease_until=until)
    given = session.execute(
        taken.returning(Notice.due_at, Notice.id).execution_options(synchronize_session=False)
    )
    return [str(row.id) for row in sorted(given, key=lambda row: (row.due_at, row.id))]
