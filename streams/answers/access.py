"""The answer library on somebody's behalf: who writes, who vouches, who reads."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.rules import Actor
from accounts.services import record_audit
from catalog.access import livestream_for
from catalog.models import Host, Livestream
from catalog.rules import is_id, is_verified
from core.errors import NotAllowed, NotFound, SignInNeeded
from streams.answers import services
from streams.answers.errors import NoSuchAnswer, NotAReviewer
from streams.answers.models import Answer
from streams.answers.queries import AnswerView, answer_of, answers_of
from streams.answers.rules import Written
from streams.playback.access import playback_url_for
from streams.playback.queries import facts_of_livestream
from streams.questions.models import Question
from streams.questions.rules import SHOWN
from streams.readiness.access import livestream_of_crew


def answer_for(
    session: Session, *, actor: Actor, answer_id: str, now: datetime
) -> tuple[Livestream, AnswerView]:
    """Return an answer that the actor may read, and its livestream.

    Everybody who may play the replay may read what is shown; its crew everything.

    Raises:
        NoSuchAnswer: There is none, or not for this actor.
    """
    row = session.get(Answer, answer_id) if is_id(answer_id) else None
    if row is None:
        raise NoSuchAnswer
    livestream = livestream_for(session, livestream_id=row.livestream_id, actor=actor)
    found = answer_of(session, answer_id=answer_id, livestream=livestream)
    if found is None or not _may_read(session, actor, livestream, found, now):
        raise NoSuchAnswer
    return livestream, found


def answer_to_edit(
    session: Session, *, actor: Actor, answer_id: str
) -> tuple[Livestream, AnswerView]:
    """Return an answer to its crew, and its livestream.

    Raises:
        NoSuchAnswer: There is none, or the replay has the part no more.
        NotFound, SignInNeeded, NotAllowed: As ``livestream_of_crew``.
    """
    livestream = _livestream_to_edit(session, actor, answer_id)
    found = answer_of(session, answer_id=answer_id, livestream=livestream)
    if found is None:
        raise NoSuchAnswer
    return livestream, found


def library_of(
    session: Session, *, actor: Actor, livestream_id: str
) -> tuple[Livestream, list[AnswerView]]:
    """Return a livestream and its answers to its crew; raises as ``livestream_of_crew``."""
    livestream = livestream_of_crew(session, livestream_id=livestream_id, actor=actor)
    return livestream, answers_of(session, livestream=livestream)


def add_for(
    session: Session,
    *,
    actor: Actor,
    livestream_id: str,
    written: Written,
    question_id: str | None,
    now: datetime,
) -> Answer:
    """Add an answer for its crew; raises as ``services.add_answer`` and :func:`library_of`."""
    livestream = livestream_of_crew(session, livestream_id=livestream_id, actor=actor)
    known = session.get(Question, question_id) if question_id and is_id(question_id) else None
    is_here = known is not None and known.livestream_id == livestream.id and known.state in SHOWN
    of_here = known if is_here else None
    made = services.add_answer(
        session,
        livestream=livestream,
        written=written,
        question_id=of_here.id if of_here else None,
        now=now,
    )
    _record(session, actor, "add", made.id, now)
    return made


def change_for(
    session: Session,
    *,
    actor: Actor,
    answer_id: str,
    version: int,
    written: Written,
    now: datetime,
) -> None:
    """Write an answer anew for its crew; raises as ``services.change_answer``."""
    livestream = _livestream_to_edit(session, actor, answer_id)
    services.change_answer(
        session,
        livestream=livestream,
        answer_id=answer_id,
        version=version,
        written=written,
        now=now,
    )
    _record(session, actor, "change", answer_id, now)


def review_for(
    session: Session, *, actor: Actor, answer_id: str, version: int, now: datetime
) -> None:
    """Vouch for an answer.

    Raises:
        NoSuchAnswer: There is none.
        NotAReviewer: The actor has no valid licence.
        ChangedMeanwhile: It is not the version that was read.
    """
    _livestream_to_edit(session, actor, answer_id)
    if not may_review(session, actor=actor, now=now) or actor.user_id is None:
        raise NotAReviewer
    services.review_answer(
        session, answer_id=answer_id, version=version, reviewer_id=actor.user_id, now=now
    )
    _record(session, actor, "review", answer_id, now)


def show_for(
    session: Session, *, actor: Actor, answer_id: str, version: int, shown: bool, now: datetime
) -> None:
    """Show a reviewed answer to everybody or to nobody; raises as ``services.show_answer``."""
    _livestream_to_edit(session, actor, answer_id)
    services.show_answer(session, answer_id=answer_id, version=version, shown=shown, now=now)
    _record(session, actor, "show" if shown else "hide", answer_id, now)


def remove_for(session: Session, *, actor: Actor, answer_id: str, now: datetime) -> str:
    """Delete an answer for its crew; return the id of its livestream."""
    livestream = _livestream_to_edit(session, actor, answer_id)
    services.remove_answer(session, answer_id=answer_id)
    _record(session, actor, "remove", answer_id, now)
    return livestream.id


def may_review(session: Session, *, actor: Actor, now: datetime) -> bool:
    """Tell whether the actor's licence is valid: such a person can vouch for an answer."""
    host = session.get(Host, actor.user_id) if actor.user_id else None
    return host is not None and is_verified(host.verified_until, now)


def is_crew(session: Session, *, actor: Actor, livestream_id: str) -> bool:
    """Tell whether the actor hosts or moderates it, or is of the staff."""
    try:
        livestream_of_crew(session, livestream_id=livestream_id, actor=actor)
    except (NotFound, SignInNeeded, NotAllowed):
        return False
    return True


def _livestream_to_edit(session: Session, actor: Actor, answer_id: str) -> Livestream:
    row = session.get(Answer, answer_id) if is_id(answer_id) else None
    if row is None:
        raise NoSuchAnswer
    return livestream_of_crew(session, livestream_id=row.livestream_id, actor=actor)


def _may_read(
    session: Session, actor: Actor, livestream: Livestream, found: AnswerView, now: datetime
) -> bool:
    facts = facts_of_livestream(session, livestream.id)
    if facts is None or playback_url_for(facts, actor=actor, now=now) is None:
        return False
    return found.is_public or is_crew(session, actor=actor, livestream_id=livestream.id)


def _record(session: Session, actor: Actor, act: str, answer_id: str, now: datetime) -> None:
    record_audit(
        session,
        actor_id=actor.user_id,
        act=f"answer.{act}",
        subject_kind="answer",
        subject_id=answer_id,
        now=now,
    )
