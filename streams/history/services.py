"""Writes of what somebody watched. Services flush and never commit."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete
from sqlalchemy.orm import Session

from core.database import insert_into
from streams.history.models import Position
from streams.history.rules import is_finished, to_the_hour


def keep_position(
    session: Session,
    *,
    owner: str,
    livestream_id: str,
    seconds: int,
    duration: int,
    now: datetime,
) -> None:
    """Keep how far somebody came; one row per replay."""
    values = {
        "seconds": seconds,
        "is_finished": is_finished(seconds=seconds, duration=duration),
        "watched_at": to_the_hour(now),
    }
    row = insert_into(session, Position).values(owner=owner, livestream_id=livestream_id, **values)
    session.execute(
        row.on_conflict_do_update(index_elements=["owner", "livestream_id"], set_=values)
    )


def forget(session: Session, *, owner: str, livestream_id: str | None = None) -> int:
    """Delete what somebody watched, one replay or all; return how many there were."""
    mine = delete(Position).where(Position.owner == owner)
    if livestream_id is not None:
        mine = mine.where(Position.livestream_id == livestream_id)
    return cast("CursorResult[Any]", session.execute(mine)).rowcount
