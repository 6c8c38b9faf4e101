"""Reads of the board of notices that the ledger's own reads do not give: what happened today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.notices.enums import NoticeState
from accounts.notices.models import Notice
from core.clock import as_utc

OPEN: Final = (
    *(NoticeState.FAILED, NoticeState.WAITING, NoticeState.LEASED),
    *(NoticeState.SENDING, NoticeState.HELD),
)
OVERDUE: Final = timedelta(minutes=5)
"""A notice that waits longer than this after it was due is not being sent as it should be."""
BACK: Final = timedelta(days=2)
"""What is sent or dropped today was due within this: so the index of due rows finds it."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a person ought to look at."""

    failed: int
    overdue: int


def midnight(now: datetime, zone: ZoneInfo) -> datetime:
    """Return when the day began that it is now in a zone."""
    local = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return as_utc(local)


def counts(session: Session, *, today: datetime) -> Mapping[str, int]:
    """Return how many notices there are in each state; of settled ones those since ``today``."""
    is_open = Notice.state.in_(OPEN)
    query = select(Notice.state, func.count()).where(is_open).group_by(Notice.state)
    found = {row[0]: row[1] for row in session.execute(query)}
    settled = session.execute(
        select(Notice.state, func.count())
        .where(Notice.state.in_((NoticeState.SENT, NoticeState.DROPPED)))
        .where(Notice.due_at >= today - BACK)
        .where(func.coalesce(Notice.sent_at, Notice.due_at) >= today)
        .group_by(Notice.state)
    )
    found |= {row[0]: row[1] for row in settled}
    return {state.value: found.get(state.value, 0) for state in NoticeState}


def trouble(session: Session, *, now: datetime) -> Trouble:
    """Return how many notices have failed, and how many should have left and did not."""
    failed = select(func.count()).where(Notice.state == NoticeState.FAILED)
    overdue = select(func.count()).where(
        Notice.state == NoticeState.WAITING, Notice.due_at < now - OVERDUE
    )
    row = session.execute(select(failed.scalar_subquery(), overdue.scalar_subquery())).one()
    return Trouble(*row)
