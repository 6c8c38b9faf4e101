"""Writing to whoever must know of a question that cannot wait. What it says is in no mail."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, exists, select, update
from sqlalchemy.orm import Session

from accounts.notices.services import Posting, post_to_staff, post_to_users
from catalog.models import Livestream
from core.database import insert_into
from scheduler.duties.rules import STANDING
from scheduler.models import Duty
from streams.moderation.enums import Hurry
from streams.moderation.models import Alert
from streams.moderation.rules import UNREAD_BY_CREW, hurry
from streams.questions.enums import RiskTier
from streams.questions.models import Question
from streams.questions.rules import UNREAD
from streams.readiness.models import Presence
from streams.readiness.rules import HERE


def raise_alerts(session: Session, now: datetime) -> None:
    """Write to whoever must know of a question that cannot wait; a job of the clock."""
    for row in session.execute(_urgent(now)).all():
        who = hurry(
            age=now - row.asked_at,
            is_looked_after=row.read_until is not None and now < row.read_until + UNREAD_BY_CREW,
            somebody_here=row.somebody_here,
            anybody_on_duty=row.anybody_on_duty,
            told=now - row.crew_told_at if row.crew_told_at else None,
        )
        _note(session, row.id, who, now)


def _note(session: Session, question_id: str, who: Hurry, now: datetime) -> None:
    first = insert_into(session, Alert).values(question_id=question_id, raised_at=now)
    session.execute(first.on_conflict_do_nothing())
    if who is Hurry.NOBODY:
        return
    told = Alert.crew_told_at if who is Hurry.CREW else Alert.staff_told_at
    written = session.execute(
        update(Alert)
        .where(Alert.question_id == question_id, told.is_(None))
        .values({told: now})
        .execution_options(synchronize_session=False)
    )
    if not cast("CursorResult[Any]", written).rowcount:
        return  # another clock was faster
    if who is Hurry.STAFF:
        host = _host_of(session, question_id)
        post_to_staff(session, Posting("staff_question", question_id), now=now, but=host)
        return
    crew = session.scalars(
        select(Duty.moderator_id)
        .join(Question, Question.livestream_id == Duty.livestream_id)
        .join(Livestream, Livestream.id == Duty.livestream_id)
        .where(Question.id == question_id, *_on_duty())
    )
    post_to_users(session, dict.fromkeys(crew, Posting("duty_question", question_id)), now=now)


def _host_of(session: Session, question_id: str) -> str | None:
    return session.scalar(
        select(Livestream.host_id)
        .join(Question, Question.livestream_id == Livestream.id)
        .where(Question.id == question_id)
    )


def _on_duty() -> tuple[Any, ...]:
    return Duty.state.in_(STANDING), Duty.moderator_id != Livestream.host_id


def _urgent(now: datetime) -> Any:  # noqa: ANN401 -- a statement
    """Select what is undecided and of high risk, unless even the staff was written to."""
    present = exists().where(
        Presence.livestream_id == Question.livestream_id,
        Presence.user_id != Livestream.host_id,
        Presence.seen_at > now - HERE,
    )
    crew = exists().where(Duty.livestream_id == Question.livestream_id, *_on_duty())
    return (
        select(
            Question.id,
            Question.asked_at,
            Question.read_until,
            Alert.crew_told_at,
            present.label("somebody_here"),
            crew.label("anybody_on_duty"),
        )
        .join(Livestream, Livestream.id == Question.livestream_id)
        .outerjoin(Alert, Alert.question_id == Question.id)
        .where(Question.tier == RiskTier.HIGH, Question.state.in_(tuple(UNREAD)))
        .where(Alert.staff_told_at.is_(None))
        .order_by(Question.asked_at, Question.id)
    )
