"""The ledger as the work board shows it; no address is ever part of it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from accounts.notices.enums import Channel, NoticeState
from accounts.notices.models import Notice

PAGE_ROWS: Final = 50


class NoticeLine(NamedTuple):
    """A row of the ledger for people who look after it."""

    id: str
    kind: str
    channel: str
    state: str
    occurrence: str
    recipient_id: str
    attempts: int
    reason: str
    """A :class:`~accounts.notices.enums.DropReason` when dropped, else what went wrong last."""
    due_at: datetime
    give_up_at: datetime | None
    created_at: datetime
    sent_at: datetime | None


_LINE: Final = select(*(getattr(Notice, name) for name in NoticeLine._fields))


def list_notices(
    session: Session, *, state: str | None = None, kind: str | None = None, page: int = 1
) -> Sequence[NoticeLine]:
    """Return one page of rows, the latest due first: :data:`PAGE_ROWS`, one more if more follow."""
    query = _LINE.order_by(Notice.due_at.desc(), Notice.id.desc())
    if state is not None:
        query = query.where(Notice.state == state)
    if kind is not None:
        query = query.where(Notice.kind == kind)
    rows = session.execute(query.offset(PAGE_ROWS * (page - 1)).limit(PAGE_ROWS + 1))
    return [NoticeLine._make(row) for row in rows]


def find_notice(session: Session, *, notice_id: str) -> NoticeLine | None:
    """Return one row as it is now."""
    row = session.execute(_LINE.where(Notice.id == notice_id)).one_or_none()
    return None if row is None else NoticeLine._make(row)


def has_due(session: Session, *, channels: Collection[Channel], now: datetime) -> bool:
    """Tell whether anything may be claimed; a light question for a loop to ask."""
    waiting = exists().where(
        Notice.state == NoticeState.WAITING, Notice.due_at <= now, Notice.channel.in_(channels)
    )
    left = exists().where(
        Notice.state.in_((NoticeState.LEASED, NoticeState.SENDING)),
        Notice.lease_until < now,
        Notice.channel.in_(channels),
    )
    found: bool = session.execute(select(waiting | left)).scalar_one()
    return found
