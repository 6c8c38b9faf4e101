"""What becomes of a question, who decided it, and taking that back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from accounts.services import record_audit
from core.database import insert_into
from core.errors import WrongState
from streams.moderation.enums import Act
from streams.moderation.errors import DecidedMeanwhile, NothingToUndo, NotOffered
from streams.moderation.models import Handed
from streams.moderation.queries import SUBJECT, last_decision
from streams.moderation.rules import help_text, is_open_case, offered, offered_to_host
from streams.questions import services as questions
from streams.questions.enums import QuestionState as Q
from streams.questions.enums import RiskTier
from streams.questions.errors import ChangedMeanwhile, NeverShown, NoSuchQuestion, NotNow
from streams.questions.models import Question

TO: Final = {
    Act.APPROVE: Q.APPROVED,
    Act.NEXT: Q.APPROVED,
    Act.HOLD: Q.HELD,
    Act.REFUSE: Q.REFUSED,
    Act.ON_AIR: Q.ON_AIR,
    Act.ANSWERED: Q.ANSWERED,
    Act.BACK: Q.APPROVED,
}
UNDONE: Final = "undo"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to do to a question that they saw as ``version``."""

    act: Act
    version: int
    reason: str = ""
    text: str = ""
    """A reply; where help is found is said in prepared words alone."""
    target_id: str = ""


def carry_out(
    session: Session,
    *,
    question_id: str,
    wish: Wish,
    actor_id: str,
    data_key: str,
    now: datetime,
    as_host: bool = False,
) -> Question:
    """Do to a question what a moderator (or its host) wants, and write down who did it.

    Raises:
        NoSuchQuestion: It is gone.
        DecidedMeanwhile: It is not what it was when they saw it; nothing was done.
        NeverShown: Its asker may be in danger, and it would be shown, merged or refused.
        NotOffered: Its state does not allow it.
        InvalidInput: A reply is empty or too long.
    """
    question = _as_seen(session, question_id, wish.version)
    choice = offered_to_host if as_host else offered
    if wish.act not in choice(question.state, question.tier):
        raise _not_to_be(question, as_host=as_host)
    before = question.state
    try:
        done = _done(session, question, wish, data_key, now)
    except ChangedMeanwhile as error:
        session.refresh(question)
        raise DecidedMeanwhile(_present(question)) from error
    _keep_handed(session, question_id, wish.act, now)
    details = {"livestream": done.livestream_id, "from": before, "to": done.state}
    if done.reason:
        details["reason"] = done.reason
    if done.merged_into_id:
        details["into"] = done.merged_into_id
    _write_down(session, done, wish.act, actor_id, details, now)
    return done


def undo(
    session: Session, *, question_id: str, version: int, actor_id: str, now: datetime
) -> Question:
    """Take back the last decision on a question, by whoever made it.

    Raises:
        NothingToUndo: Somebody else was the last, or something has happened since.
    """
    last = last_decision(session, question_id=question_id)
    if last is None or last.actor_id != actor_id or not is_undoable(last.details, version):
        raise NothingToUndo
    try:
        done = questions.take_back(
            session, question_id=question_id, to=last.details["from"], version=version, now=now
        )
    except (ChangedMeanwhile, NotNow) as error:
        raise NothingToUndo from error
    session.execute(delete(Handed).where(Handed.question_id == question_id))
    details = {"livestream": done.livestream_id, "from": last.details["to"], "to": done.state}
    _write_down(session, done, UNDONE, actor_id, details, now)
    return done


def is_undoable(details: Any, version: int) -> bool:  # noqa: ANN401 -- JSON of the audit log
    """Tell whether a line of the audit log is the decision that made a question ``version``."""
    before, after = details.get("from"), details.get("to")
    return details.get("version") == version and before != after and before in questions.BACK_TO


def _as_seen(session: Session, question_id: str, version: int, *, lock: bool = False) -> Question:
    """Return the question as it is in the database, if it is still what somebody saw."""
    question = session.get(
        Question, question_id, populate_existing=True, with_for_update=lock or None
    )
    if question is None:
        raise NoSuchQuestion
    if question.version != version:
        raise DecidedMeanwhile(_present(question))
    return question


def _not_to_be(question: Question, *, as_host: bool) -> WrongState:
    """Return why an act is not offered; a host learns nothing of what nobody let through."""
    if as_host:
        return NotOffered()
    is_at_risk = question.tier == RiskTier.HIGH and is_open_case(question.state)
    return NeverShown() if is_at_risk else NotOffered(_present(question))


def _present(question: Question) -> dict[str, object]:
    return {"state": question.state, "version": question.version}


def _done(
    session: Session, question: Question, wish: Wish, data_key: str, now: datetime
) -> Question:
    of, version = question.id, wish.version
    if wish.act is Act.MERGE:
        return questions.merge(
            session, question_id=of, into_id=wish.target_id, version=version, now=now
        )
    if wish.act in {Act.PRIVATE, Act.PUBLIC, Act.HELP}:
        return questions.reply(
            session,
            question_id=of,
            text=help_text(question.language) if wish.act is Act.HELP else wish.text,
            private=wish.act is not Act.PUBLIC,
            data_key=data_key,
            version=version,
            now=now,
        )
    to = TO[wish.act]
    if question.state == to:  # approved already: the host is only asked to answer it next
        return _as_seen(session, of, version, lock=True)
    return questions.decide(
        session, question_id=of, to=to, version=version, reason=wish.reason, now=now
    )


def _keep_handed(session: Session, question_id: str, act: Act, now: datetime) -> None:
    """Keep what the host is asked to answer next; whatever else becomes of it ends that."""
    if act is Act.NEXT:
        values = {"question_id": question_id, "handed_at": now}
        session.execute(insert_into(session, Handed).values(values).on_conflict_do_nothing())
    else:
        session.execute(delete(Handed).where(Handed.question_id == question_id))


def _write_down(
    session: Session,
    question: Question,
    act: str,
    actor_id: str,
    details: dict[str, Any],
    now: datetime,
) -> None:
    """Add the line of the audit log: who did what to which question, never what it says."""
    record_audit(
        session,
        actor_id=actor_id,
        act=f"question.{act}",
        subject_kind=SUBJECT,
        subject_id=question.id,
        now=now,
        details={**details, "version": question.version},
    )
