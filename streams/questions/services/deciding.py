"""What the crew makes of a question. Every write is compared with the version that was read."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, func, literal, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.database import insert_into
from core.sealing import seal
from streams.questions.enums import QuestionState as S
from streams.questions.enums import RefusalReason, RiskTier
from streams.questions.errors import (
    AlreadyMoreOnAir,
    ChangedMeanwhile,
    NeverShown,
    NoSuchQuestion,
    NotNow,
)
from streams.questions.models import Question, QuestionVote
from streams.questions.rules import BY_REPLY, NEVER_AT_RISK, SHOWN, check_reply, may_move
from streams.room.services import say_changed


def decide(
    session: Session,
    *,
    question_id: str,
    to: str,
    now: datetime,
    version: int | None = None,
    reason: str = "",
) -> Question:
    """Move a question to another state. Putting one on air takes down the one before as answered.

    Args:
        session: Of the request; the caller commits.
        question_id: Which; the caller has looked whether the actor may.
        to: A :class:`QuestionState`. ``merged`` is :func:`merge`, ``private`` is :func:`reply`.
        now: The present moment.
        version: The one that the moderator saw; None: whatever it is now.
        reason: A :class:`RefusalReason`, when it is refused.

    Raises:
        NoSuchQuestion: It is gone.
        ChangedMeanwhile: The version is another by now; nothing was written.
        NotNow: The state does not allow it.
        NeverShown: It is of tier ``high``.
    """
    question = _question(session, question_id)
    if to == S.MERGED or to in BY_REPLY:
        raise NotNow
    _check(question, to)
    values: dict[str, Any] = {"reason": _reason(reason) if to == S.REFUSED else ""}
    if to == S.ON_AIR:
        _take_down(session, question, now)
    try:
        with session.begin_nested():
            return _move(session, question, to, values, version=version, now=now)
    except IntegrityError as error:
        raise AlreadyMoreOnAir from error


def reply(
    session: Session,
    *,
    question_id: str,
    text: str,
    private: bool,
    data_key: str,
    now: datetime,
    version: int | None = None,
) -> Question:
    """Answer a question in writing: for everybody, which shows it, or for its asker alone.

    Raises:
        InvalidInput: The reply is empty or too long.
        NoSuchQuestion, ChangedMeanwhile, NotNow, NeverShown: As :func:`decide`.
    """
    question = _question(session, question_id)
    words = check_reply(text)
    to = S.PRIVATE if private else S.ANSWERED
    if question.state != to:
        _check(question, to)
    said = {"reply_sealed": seal(data_key, words)} if private else {"reply": words}
    return _move(session, question, to, {**said, "replied_at": now}, version=version, now=now)


def merge(
    session: Session, *, question_id: str, into_id: str, now: datetime, version: int | None = None
) -> Question:
    """Put a question together with another that says the same; who wanted it wants that one.

    Its asker is told the state of the other, and counts as one more who wants to know.

    Raises:
        NotNow: They are of two rooms, or the other is not in question any more.
        NoSuchQuestion, ChangedMeanwhile, NeverShown: As :func:`decide`.
    """
    for one in sorted({question_id, into_id}):  # two moderators lock both in the same order
        _question(session, one, lock=True)
    question, into = _question(session, question_id), _question(session, into_id)
    apart = question.id == into.id or question.livestream_id != into.livestream_id
    if apart or into.state in {S.MERGED, S.WITHDRAWN, S.REFUSED, S.PRIVATE}:
        raise NotNow
    if into.tier == RiskTier.HIGH:
        raise NeverShown
    _check(question, S.MERGED)
    _carry_votes(session, question, into)
    values = {"merged_into_id": into.id}
    moved = _move(session, question, S.MERGED, values, version=version, now=now)
    say_changed(session, livestream_id=into.livestream_id)
    return moved


def _question(session: Session, question_id: str, *, lock: bool = False) -> Question:
    """Return the question as it is in the database now, whatever this session saw before."""
    found = session.get(Question, question_id, populate_existing=True, with_for_update=lock or None)
    if found is None:
        raise NoSuchQuestion
    return found


def _check(question: Question, to: str) -> None:
    if question.tier == RiskTier.HIGH and to in NEVER_AT_RISK:
        raise NeverShown
    if not may_move(question.state, to, tier=question.tier):
        raise NotNow


def _reason(reason: str) -> str:
    return RefusalReason(reason) if reason else RefusalReason.UNCLEAR


def _move(
    session: Session,
    question: Question,
    to: str,
    values: dict[str, Any],
    *,
    version: int | None,
    now: datetime,
) -> Question:
    """Write it if nobody was faster, and say so when everybody can see it."""
    old, seen = question.state, question.version if version is None else version
    done = session.execute(
        update(Question)
        .where(Question.id == question.id, Question.version == seen, Question.state == old)
        .values(
            **{**values, **_times(question, to, now)},
            state=to,
            version=seen + 1,
            changed_at=now,
            reader_id=None,
            read_until=None,
        )
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[Any]", done).rowcount != 1:
        raise ChangedMeanwhile
    if old in SHOWN or to in SHOWN:
        say_changed(session, livestream_id=question.livestream_id)
    session.refresh(question)
    return question


def _times(question: Question, to: str, now: datetime) -> dict[str, datetime | None]:
    """Return the moments that this state begins; when it could be read first stays as it was.

    What goes back to the queue was not answered then: the replay shows it nowhere yet.
    """
    times: dict[str, datetime | None] = {}
    if to == S.APPROVED and question.on_air_at is not None:
        times = {"on_air_at": None, "answered_at": None}
    if to in SHOWN and question.shown_at is None:
        times["shown_at"] = now
    if to == S.ON_AIR:
        times["on_air_at"] = now
    if to == S.ANSWERED:
        times["answered_at"] = now
    return times


def _take_down(session: Session, question: Question, now: datetime) -> None:
    """End the one that is on air: the host goes on to the next."""
    session.execute(
        update(Question)
        .where(
            Question.livestream_id == question.livestream_id,
            Question.state == S.ON_AIR,
            Question.id != question.id,
        )
        .values(state=S.ANSWERED, answered_at=now, changed_at=now, version=Question.version + 1)
        .execution_options(synchronize_session=False)
    )


def _carry_votes(session: Session, question: Question, into: Question) -> None:
    """Count everybody once who wanted either; after the rows have gone there are only numbers."""
    rows = select(func.count()).where(QuestionVote.question_id == into.id)
    if question.participant is None or into.participant is None:
        into.votes += question.votes
        session.flush()
        return
    people = select(literal(into.id), QuestionVote.participant).where(
        QuestionVote.question_id == question.id, QuestionVote.participant != into.participant
    )
    columns = ["question_id", "participant"]
    new = insert_into(session, QuestionVote).from_select(columns, people).on_conflict_do_nothing()
    session.execute(new)
    if question.participant and question.participant != into.participant:
        asker = {"question_id": into.id, "participant": question.participant}
        session.execute(insert_into(session, QuestionVote).values(asker).on_conflict_do_nothing())
    into.votes = session.execute(rows).scalar_one()
    session.flush()
