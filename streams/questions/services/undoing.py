"""Taking back what was decided on a question, as long as nothing has happened to it since."""

from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import CursorResult, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from streams.questions.enums import QuestionState as S
from streams.questions.enums import RiskTier
from streams.questions.errors import (
    AlreadyMoreOnAir,
    ChangedMeanwhile,
    NeverShown,
    NoSuchQuestion,
    NotNow,
)
from streams.questions.models import Question, QuestionVote
from streams.questions.rules import NEVER_AT_RISK, SHOWN
from streams.room.services import say_changed

BACK_TO: Final = frozenset({S.WAITING, S.HELD, S.APPROVED, S.ON_AIR})
"""What a question was before a decision that can be taken back."""


def take_back(
    session: Session, *, question_id: str, to: str, version: int, now: datetime
) -> Question:
    """Put a question back to what it was before the decision that made it ``version``.

    What was replied goes, and votes that came from another question go back to it.

    Raises:
        NoSuchQuestion: It is gone.
        NotNow: It was never that, or its asker took it back.
        NeverShown: It is of tier ``high``, and others would see it.
        ChangedMeanwhile: Something has happened to it since.
        AlreadyMoreOnAir: It was on air, and another one is by now.
    """
    question = session.get(Question, question_id, populate_existing=True)
    if question is None:
        raise NoSuchQuestion
    if to not in BACK_TO or question.state in {S.WITHDRAWN, to}:
        raise NotNow
    if question.tier == RiskTier.HIGH and to in NEVER_AT_RISK:
        raise NeverShown
    old, into_id = question.state, question.merged_into_id
    try:
        with session.begin_nested():
            _write(session, question, to, version, now)
    except IntegrityError as error:
        raise AlreadyMoreOnAir from error
    if into_id is not None:
        _give_back_votes(session, question, into_id)
    if old in SHOWN or to in SHOWN or into_id is not None:
        say_changed(session, livestream_id=question.livestream_id)
    session.refresh(question)
    return question


def _write(session: Session, question: Question, to: str, version: int, now: datetime) -> None:
    values: dict[str, Any] = {
        "state": to,
        "reason": "",
        "merged_into_id": None,
        "reply": "",
        "reply_sealed": "",
        "replied_at": None,
        "answered_at": None,
        "version": version + 1,
        "changed_at": now,
    }
    if to != S.ON_AIR:
        values["on_air_at"] = None
    if to not in SHOWN:
        values["shown_at"] = None
    done = session.execute(
        update(Question)
        .where(Question.id == question.id, Question.version == version)
        .values(values)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[Any]", done).rowcount != 1:
        raise ChangedMeanwhile


def _give_back_votes(session: Session, question: Question, into_id: str) -> None:
    """Take from the other what the merge brought it; who had wanted both is asked again there."""
    if question.participant is None:
        return  # the room has forgotten who wanted what
    brought = select(QuestionVote.participant).where(QuestionVote.question_id == question.id)
    session.execute(
        delete(QuestionVote)
        .where(QuestionVote.question_id == into_id)
        .where(
            QuestionVote.participant.in_(brought)
            | (QuestionVote.participant == question.participant)
        )
        .execution_options(synchronize_session=False)
    )
    left = select(func.count()).where(QuestionVote.question_id == into_id).scalar_subquery()
    session.execute(
        update(Question)
        .where(Question.id == into_id)
        .values(votes=left)
        .execution_options(synchronize_session=False)
    )
