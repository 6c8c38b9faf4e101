"""Who moderates the examples: some have somebody, some still need one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from catalog.enums import LivestreamState as L
from catalog.models import Livestream
from core.errors import Refusal
from scheduler.duties.services import accept, assign
from scheduler.models import Duty

AHEAD: Final = timedelta(days=7)
EVERY: Final = 4
"""One in so many is left without a moderator: the board shows what is missing."""


def load_duties(session: Session, *, moderators: Sequence[str], now: datetime) -> None:
    """Give the examples of the coming days a moderator, in turns; most have said yes."""
    waiting = session.scalars(
        select(Livestream)
        .where(Livestream.is_example, Livestream.state == L.SCHEDULED)
        .where(Livestream.starts_at > now, Livestream.starts_at <= now + AHEAD)
        .where(~exists().where(Duty.livestream_id == Livestream.id))
        .order_by(Livestream.starts_at, Livestream.id)
    ).all()
    for livestream in waiting:
        hour = int(livestream.starts_at.timestamp()) // 3600  # the same at every loading
        if hour % EVERY and moderators:
            _assign(session, livestream, moderators[hour % len(moderators)], now)


def _assign(session: Session, livestream: Livestream, moderator_id: str, now: datetime) -> None:
    try:
        with session.begin_nested():
            duty = assign(
                session,
                livestream_id=livestream.id,
                moderator_id=moderator_id,
                assigned_by=None,
                now=now,
            )
            if livestream.starts_at.day % EVERY:
                accept(session, duty=duty, now=now)
    except Refusal:
        return  # busy or asleep then: the board says who is missing
