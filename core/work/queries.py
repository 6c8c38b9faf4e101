"""Which work there is."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, case, exists, or_, select
from sqlalchemy.orm import Session

from core.work import rules
from core.work.enums import WorkState
from core.work.models import Work

CANDIDATES: Final = 8  # looked at together, so that workers that lose a race need no new query


def has_due(session: Session, *, kinds: Collection[str], now: datetime) -> bool:
    """Return whether anything may be claimed; a light question for a loop to ask."""
    found: bool = session.execute(select(exists().where(_is_due(kinds, now)))).scalar_one()
    return found


def due_work(session: Session, *, kinds: Collection[str], now: datetime) -> Sequence[Work]:
    """Return what may be claimed: the kinds named first before the others, then by due time."""
    if not kinds:
        return ()
    rank = case(rules.ranks(kinds), value=Work.kind, else_=len(kinds))
    query = select(Work).where(_is_due(kinds, now)).order_by(rank, Work.due_at, Work.id)
    fresh = query.limit(CANDIDATES).execution_options(populate_existing=True)
    return session.execute(fresh).scalars().all()


def is_held(session: Session, *, work_id: str, worker: str) -> bool:
    """Return whether ``worker`` still has the work: it was not cancelled or given to another."""
    query = select(
        exists().where(
            Work.id == work_id, Work.state == WorkState.RUNNING, Work.leased_by == worker
        )
    )
    held: bool = session.execute(query).scalar_one()
    return held


def work_of(session: Session, *, subject: str) -> Sequence[Work]:
    """Return all work on one subject, for the page that shows its progress."""
    query = select(Work).where(Work.subject == subject).order_by(Work.created_at, Work.kind)
    return session.execute(query).scalars().all()


def find_work(session: Session, *, kind: str, subject: str, revision: int) -> Work | None:
    """Return one piece of work, if it was ever asked for."""
    query = select(Work).where(
        Work.kind == kind, Work.subject == subject, Work.revision == revision
    )
    return session.execute(query).scalar_one_or_none()


def _is_due(kinds: Collection[str], now: datetime) -> ColumnElement[bool]:
    waiting = and_(Work.state == WorkState.QUEUED, Work.due_at <= now)
    abandoned = and_(Work.state == WorkState.RUNNING, Work.lease_until < now)
    return and_(Work.kind.in_(kinds), or_(waiting, abandoned))
