"""What goes when: everybody of a room soon after its end, and later what was never shown.

Retention is data: the times stand in :mod:`streams.room.rules` and :mod:`streams.questions.rules`.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, delete, func, or_, select, update
from sqlalchemy.orm import Session

from catalog.enums import LivestreamState as L
from catalog.models import Livestream
from core.limits import LimitCount
from media.models import Broadcast
from streams.polls.models import Poll, PollVote
from streams.questions.enums import QuestionState as S
from streams.questions.models import Question, QuestionVote
from streams.questions.rules import REJECTED_KEPT
from streams.room.models import Room, RoomName
from streams.room.rules import SECRET_KEPT
from streams.room.services import limits_of

BY_ASKER = (S.WAITING, S.WITHDRAWN)
"""States in which the latest change is the asker's own."""
GONE_AFTER_DECISION = (S.REFUSED, S.WITHDRAWN)
GONE_AFTER_END = (S.WAITING, S.HELD, S.PRIVATE, S.MERGED)


def forget_people(session: Session, now: datetime) -> None:
    """Destroy the secrets of rooms that are over for long enough; a job of the clock.

    From then on a question is its words and nothing else: no key, no name that is somebody's, no
    moment at which somebody pressed a button, no vote of anybody.
    """
    due = _over(now - SECRET_KEPT).join(Room, Room.livestream_id == Livestream.id)
    rooms = session.execute(due.where(Room.secret != "").order_by(Livestream.id)).all()
    for livestream_id, starts_at in rooms:
        _forget(session, livestream_id, starts_at, now)


def forget_rejected(session: Session, now: datetime) -> None:
    """Delete what was never shown, 30 days after its refusal or the end; a job of the clock."""
    before = now - REJECTED_KEPT
    over = Question.livestream_id.in_(_over(before).with_only_columns(Livestream.id))
    session.execute(
        delete(Question)
        .where(
            Question.changed_at <= before,
            or_(
                Question.state.in_(GONE_AFTER_DECISION),
                Question.state.in_(GONE_AFTER_END) & over,
            ),
        )
        .execution_options(synchronize_session=False)
    )


def _over(before: datetime) -> Any:  # noqa: ANN401 -- a statement
    """Select what was over at a moment, whatever ended it: id and planned start."""
    ended_at: ColumnElement[datetime] = case(
        (
            Livestream.state == L.CANCELLED,
            func.coalesce(Broadcast.end_requested_at, Livestream.updated_at),
        ),
        (Livestream.state == L.MISSED, Livestream.starts_at),
        else_=func.coalesce(Livestream.ended_at, Livestream.published_at, Livestream.updated_at),
    )
    return (
        select(Livestream.id, Livestream.starts_at)
        .join(Broadcast, Broadcast.id == Livestream.broadcast_id)
        .where(
            Livestream.state.in_((L.ENDED, L.PUBLISHED, L.CANCELLED, L.MISSED)), ended_at <= before
        )
    )


def _forget(session: Session, livestream_id: str, starts_at: datetime, now: datetime) -> None:
    """Empty one room; every moment becomes the planned start, which everybody knows."""
    mine = select(Question.id).where(Question.livestream_id == livestream_id)
    polls = select(Poll.id).where(Poll.livestream_id == livestream_id)
    by_asker = Question.state.in_(BY_ASKER)
    for statement in (
        update(Room)
        .where(Room.livestream_id == livestream_id)
        .values(secret="", created_at=starts_at, destroyed_at=now),
        update(Question)
        .where(Question.livestream_id == livestream_id)
        .values(
            participant=None,
            asked_at=starts_at,
            changed_at=case((by_asker, starts_at), else_=Question.changed_at),
        ),
        delete(QuestionVote).where(QuestionVote.question_id.in_(mine)),
        delete(PollVote).where(PollVote.poll_id.in_(polls)),
        delete(RoomName).where(RoomName.livestream_id == livestream_id),
        delete(LimitCount).where(
            LimitCount.key.startswith(limits_of(livestream_id), autoescape=True)
        ),
    ):
        session.execute(statement.execution_options(synchronize_session=False))
