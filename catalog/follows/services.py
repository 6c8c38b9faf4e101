"""Writes of follows. Services flush and never commit."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete, update
from sqlalchemy.orm import Session

from catalog.follows.errors import FollowsEnough
from catalog.follows.models import COLUMNS, Follow
from catalog.follows.queries import follow_of, number_of
from catalog.follows.rules import MOST, VISIT, Subject
from core.database import insert_into
from core.ids import new_id


def follow(session: Session, *, user_id: str, subject: Subject, now: datetime) -> bool:
    """Let somebody follow something; return whether that was news.

    Raises:
        FollowsEnough: It would be too much for a page.
    """
    if follow_of(session, user_id=user_id, subject=subject) is not None:
        return False
    if number_of(session, user_id=user_id) >= MOST:
        raise FollowsEnough
    row = insert_into(session, Follow).values(
        id=new_id(),
        user_id=user_id,
        since=now,
        visited_at=now,
        seen_at=now,
        **{COLUMNS[subject.kind].key: subject.id},
    )
    made = session.scalar(row.on_conflict_do_nothing().returning(Follow.id))
    return made is not None


def unfollow(session: Session, *, user_id: str, subject: Subject) -> bool:
    """Forget that somebody follows something; return whether that was news."""
    return _forget(session, user_id, COLUMNS[subject.kind] == subject.id) > 0


def unfollow_row(session: Session, *, user_id: str, follow_id: str) -> bool:
    """Forget one of somebody's follows by its id; return whether there was one."""
    return _forget(session, user_id, Follow.id == follow_id) > 0


def note_visit(session: Session, *, user_id: str, now: datetime) -> bool:
    """Note that a new visit begins; return whether it does, and the last one is not still on."""
    begun = session.execute(
        update(Follow)
        .where(Follow.user_id == user_id, Follow.visited_at <= now - VISIT)
        .values(seen_at=Follow.visited_at, visited_at=now)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", begun).rowcount > 0


def _forget(session: Session, user_id: str, *which: Any) -> int:  # noqa: ANN401 -- conditions
    gone = delete(Follow).where(Follow.user_id == user_id, *which)
    done = session.execute(gone.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", done).rowcount
