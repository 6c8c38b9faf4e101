"""Who has a question open, and whether the room takes any."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, or_, update
from sqlalchemy.orm import Session

from accounts.services import record_audit
from streams.moderation.rules import TAKEN_FOR
from streams.questions.models import Question
from streams.room.models import Room
from streams.room.services import open_room, say_changed


def take(session: Session, *, question: Question, reader_id: str, now: datetime) -> bool:
    """Take a question for a minute, and let go of the others; False: somebody else has it.

    Whoever has it is only shown: a decision is compared with the version it was made on.
    """
    let_go = (
        update(Question)
        .where(Question.livestream_id == question.livestream_id, Question.id != question.id)
        .where(Question.reader_id == reader_id, Question.read_until > now)
        .values(read_until=now)
    )
    mine = (
        update(Question)
        .where(Question.id == question.id)
        .where(
            or_(
                Question.reader_id.is_(None),
                Question.reader_id == reader_id,
                Question.read_until.is_(None),
                Question.read_until <= now,
            )
        )
        .values(reader_id=reader_id, read_until=now + TAKEN_FOR)
    )
    session.execute(let_go.execution_options(synchronize_session=False))
    done = session.execute(mine.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", done).rowcount == 1


def set_door(
    session: Session, *, livestream_id: str, is_closed: bool, actor_id: str, now: datetime
) -> None:
    """Close the questions of a livestream, or open them again; twice is once."""
    open_room(session, livestream_id=livestream_id, now=now)
    closing = Room.closed_at.is_(None) if is_closed else Room.closed_at.is_not(None)
    done = session.execute(
        update(Room)
        .where(Room.livestream_id == livestream_id, closing)
        .values(closed_at=now if is_closed else None)
        .execution_options(synchronize_session=False)
    )
    if not cast("CursorResult[Any]", done).rowcount:
        return
    say_changed(session, livestream_id=livestream_id)
    record_audit(
        session,
        actor_id=actor_id,
        act="questions.close" if is_closed else "questions.open",
        subject_kind="livestream",
        subject_id=livestream_id,
        now=now,
    )
