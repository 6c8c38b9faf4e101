"""What was told is forgotten: which livestreams somebody was reminded of is health data."""

from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.orm import Session

from accounts.notices.enums import NoticeState
from accounts.notices.models import Notice

KEPT: Final = timedelta(days=90)
"""As long as the rule for reminders says (trust, "Privacy")."""
OVER: Final = (NoticeState.SENT, NoticeState.DROPPED, NoticeState.FAILED, NoticeState.HELD)
MOST: Final = 5_000
"""Rows of one run: other writers wait no longer than for these."""


def forget_told(session: Session, *, now: datetime) -> int:
    """Delete rows of the ledger that were over 90 days ago; return how many."""
    old = select(Notice.id).where(Notice.state.in_(OVER), Notice.due_at < now - KEPT).limit(MOST)
    done = cast("CursorResult[Any]", session.execute(delete(Notice).where(Notice.id.in_(old))))
    return done.rowcount
