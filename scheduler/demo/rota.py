"""Who moderates the examples: some have somebody, some still need one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from catalog.enums import LivestreamState as L
from catalog.models import Livestream
from core.errors import Refusal
from scheduler.duties.queries.rota import needed_by
from scheduler.duties.services import accept, assign
from scheduler.models import Duty

AHEAD: Final = timedelta(days=7)
EVERY: Final = 6
"""One in so many is left without a moderator: the board shows what is missing."""


def load_duties(
    session: Session, *, moderators: Sequence[str], now: datetime, host_id: str | None = None
) -> None:
    """Give the examples of the coming days their moderators, in turns; most have said yes.

    What is on air next, and what ``host_id`` hosts, lacks nobody.
    """
    waiting = session.execute(
        select(Livestream, needed_by())
        .where(Livestream.is_example, Livestream.state == L.SCHEDULED)
        .where(Livestream.ends_at > now, Livestream.starts_at <= now + AHEAD)
        .where(~exists().where(Duty.livestream_id == Livestream.id))
        .order_by(Livestream.starts_at, Livestream.id)
    ).all()
    for livestream, needed in waiting:
        hour = int(livestream.starts_at.timestamp()) // 1800  # the same at every loading
        is_wanted = livestream.host_id == host_id or livestream.starts_at <= now
        if hour % EVERY or is_wanted:
            first = hour % max(len(moderators), 1)
            _fill(session, livestream, [*moderators[first:], *moderators[:first]], needed, now)


def _fill(
    session: Session, livestream: Livestream, turns: Sequence[str], needed: int, now: datetime
) -> None:
    """Assign so many people, the first ones who can come."""
    for moderator_id in turns:
        if needed and _assign(session, livestream, moderator_id, now):
            needed -= 1


def _assign(session: Session, livestream: Livestream, moderator_id: str, now: datetime) -> bool:
    """Assign somebody; tell whether they can come."""
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
        return False  # busy then
    return True
