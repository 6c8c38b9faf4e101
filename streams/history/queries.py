"""Reads of what somebody watched."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.enums import LivestreamState
from catalog.models import Livestream
from core.words import Words
from streams.history.models import Position

MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Watched:
    """A replay and how far somebody came in it."""

    livestream_id: str
    titles: Words
    seconds: int
    is_finished: bool
    watched_at: datetime
    can_be_watched: bool


def position_in(session: Session, *, owner: str, livestream_id: str) -> int:
    """Return the second at which somebody goes on; 0 when there is nothing to go on with."""
    row = session.execute(
        select(Position.seconds, Position.is_finished).where(
            Position.owner == owner, Position.livestream_id == livestream_id
        )
    ).one_or_none()
    return 0 if row is None or row.is_finished else row.seconds


def watched_by(session: Session, *, owner: str) -> Sequence[Watched]:
    """Return what somebody watched, newest first."""
    rows = session.execute(
        select(Position, Livestream.titles, Livestream.state)
        .join(Livestream, Livestream.id == Position.livestream_id)
        .where(Position.owner == owner)
        .order_by(Position.watched_at.desc(), Livestream.starts_at.desc(), Livestream.id)
        .limit(MOST)
    )
    return [
        Watched(
            row.Position.livestream_id,
            row.titles,
            row.Position.seconds,
            row.Position.is_finished,
            row.Position.watched_at,
            row.state == LivestreamState.PUBLISHED,
        )
        for row in rows
    ]
