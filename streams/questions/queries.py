"""Reads of questions: what everybody may see, and one by its secret link."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.sealing import fingerprint
from streams.questions.enums import QuestionState, RiskTier
from streams.questions.models import Question, QuestionVote
from streams.questions.rules import SHOWN


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A question that everybody may read; ``code`` is the number of its asker's made-up name."""

    id: str
    code: int
    text: str
    language: str
    state: str
    votes: int
    reply: str
    shown_at: datetime
    on_air_at: datetime | None
    answered_at: datetime | None


_SHOWN = (
    select(
        Question.id,
        Question.pseudonym.label("code"),
        Question.text,
        Question.language,
        Question.state,
        Question.votes,
        Question.reply,
        Question.shown_at,
        Question.on_air_at,
        Question.answered_at,
    )
    .where(
        Question.state.in_(tuple(SHOWN)),
        Question.tier != RiskTier.HIGH,
        Question.shown_at.is_not(None),
    )
    .order_by(Question.votes.desc(), Question.shown_at, Question.id)
)


def shown_questions(session: Session, livestream_id: str) -> list[ShownQuestion]:
    """Return what everybody may read of a room, the most wanted first: the only way to it."""
    found = session.execute(_SHOWN.where(Question.livestream_id == livestream_id))
    return [ShownQuestion(**row) for row in found.mappings()]


def question_of_token(session: Session, token: str) -> Question | None:
    """Return the question of a secret link, in whatever state; None: there is no such link."""
    wanted = select(Question).where(Question.edit_fingerprint == fingerprint(token))
    return session.scalars(wanted).one_or_none()


def own_questions(session: Session, *, livestream_id: str, participant: str) -> list[Question]:
    """Return what somebody asked in a room, in order; what they took back is gone."""
    wanted = select(Question).where(
        Question.livestream_id == livestream_id,
        Question.participant == participant,
        Question.state != QuestionState.WITHDRAWN,
    )
    return list(session.scalars(wanted.order_by(Question.asked_at, Question.id)))


def voted_by(session: Session, *, livestream_id: str, participant: str) -> frozenset[str]:
    """Return the ids of the questions in a room that somebody wants to know as well."""
    wanted = (
        select(QuestionVote.question_id)
        .join(Question, Question.id == QuestionVote.question_id)
        .where(
            Question.livestream_id == livestream_id,
            QuestionVote.participant == participant,
        )
    )
    return frozenset(session.scalars(wanted))


def told_of(session: Session, question: Question) -> Question:
    """Return the question whose state tells how this one stands: of one that was merged, the other.

    Its asker reads the words of the other as well: everybody may, as long as it is shown.
    """
    while question.merged_into_id is not None:
        question = session.get_one(Question, question.merged_into_id)
    return question
