"""Writing answers, vouching for them, showing them to everybody. Services flush."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from catalog.models import Livestream
from core.errors import InvalidInput
from core.ids import new_id
from media.models import Broadcast
from media.recording import replay_rows
from streams.answers.errors import AlreadyInLibrary, ChangedMeanwhile, NoReplay, NotReviewed
from streams.answers.models import Answer
from streams.answers.queries import is_asked_no_more
from streams.answers.rules import Written, faults_of, plain_words, program_time


def add_answer(
    session: Session,
    *,
    livestream: Livestream,
    written: Written,
    question_id: str | None,
    now: datetime,
) -> Answer:
    """Keep a new answer; nobody has vouched for it yet.

    Raises:
        InvalidInput: It has faults.
        NoReplay: Nothing was recorded.
        AlreadyInLibrary: The question has an answer.
    """
    answer = Answer(
        id=new_id(),
        livestream_id=livestream.id,
        question_id=question_id,
        created_at=now,
        changed_at=now,
        **_checked(session, livestream, written),
    )
    try:
        with session.begin_nested():
            session.add(answer)
    except IntegrityError as error:
        raise AlreadyInLibrary from error
    return answer


def change_answer(
    session: Session,
    *,
    livestream: Livestream,
    answer_id: str,
    version: int,
    written: Written,
    now: datetime,
) -> None:
    """Write an answer anew; who vouched for the old words has not vouched for these.

    Raises:
        InvalidInput, NoReplay: As :func:`add_answer`.
        ChangedMeanwhile: It is not the version that was read.
    """
    values = _checked(session, livestream, written)
    _set(
        session,
        answer_id,
        version,
        now,
        **values,
        reviewer_id=None,
        reviewed_at=None,
        published_at=None,
    )


def review_answer(
    session: Session, *, answer_id: str, version: int, reviewer_id: str, now: datetime
) -> None:
    """Vouch for an answer as it is, and let everybody read it.

    Raises:
        ChangedMeanwhile: It is not the version that was read.
    """
    _set(
        session,
        answer_id,
        version,
        now,
        reviewer_id=reviewer_id,
        reviewed_at=now,
        published_at=now,
    )


def show_answer(
    session: Session, *, answer_id: str, version: int, shown: bool, now: datetime
) -> None:
    """Let everybody read a reviewed answer, or nobody any more.

    Raises:
        NotReviewed: Nobody has vouched for it.
        ChangedMeanwhile: It is not the version that was read.
    """
    is_reviewed = select(Answer.id).where(Answer.id == answer_id, Answer.reviewed_at.is_not(None))
    if shown and session.scalar(is_reviewed) is None:
        raise NotReviewed
    _set(session, answer_id, version, now, published_at=now if shown else None)


def remove_answer(session: Session, *, answer_id: str) -> None:
    """Delete an answer; the question it was to stays."""
    session.execute(delete(Answer).where(Answer.id == answer_id))


def forget_answers(session: Session) -> None:
    """Delete answers of recordings that were removed for good, and to questions that were.

    The words of an answer came from the recording, or from whoever asked. Nobody could read it
    since the question was taken back (:func:`streams.answers.queries.is_asked_no_more`).
    """
    emptied = (
        select(Livestream.id)
        .join(Broadcast, Broadcast.id == Livestream.broadcast_id)
        .where(Broadcast.emptied_at.is_not(None))
    )
    session.execute(
        delete(Answer)
        .where(Answer.livestream_id.in_(emptied) | is_asked_no_more())
        .execution_options(synchronize_session=False)
    )


def _checked(session: Session, livestream: Livestream, written: Written) -> dict[str, object]:
    plain = Written(
        plain_words(written.titles),
        plain_words(written.texts),
        written.start_ms,
        written.end_ms,
    )
    if faults := tuple(faults_of(plain)):
        raise InvalidInput(*faults)
    rows = replay_rows(session, broadcast_id=livestream.broadcast_id)
    if not rows:
        raise NoReplay
    return {
        "titles": dict(plain.titles),
        "texts": dict(plain.texts),
        "starts_at": program_time(rows, plain.start_ms),
        "ends_at": program_time(rows, plain.end_ms),
    }


def _set(session: Session, answer_id: str, version: int, now: datetime, **values: object) -> None:
    changed = session.execute(
        update(Answer)
        .where(Answer.id == answer_id, Answer.version == version)
        .values(version=version + 1, changed_at=now, **values)
        .execution_options(synchronize_session="fetch")
    )
    if getattr(changed, "rowcount", 0) != 1:
        raise ChangedMeanwhile
