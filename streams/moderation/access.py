"""Who reads what was asked: the livestream's moderators and the staff, and never its host."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.models import Livestream
from catalog.rules import is_id
from core.errors import NotAllowed, NotFound, SignInNeeded
from streams.moderation import services
from streams.moderation.errors import HostDoesNotModerate, NotOffered
from streams.moderation.queries import Queued, find_queued
from streams.moderation.rules import OF_HOST, act_for, offered, offered_to_host
from streams.moderation.services import Wish
from streams.questions.errors import NoSuchQuestion
from streams.questions.models import Question
from streams.questions.rules import SHOWN
from streams.readiness.access import livestream_of_crew
from streams.readiness.queries import is_on_duty
from streams.readiness.services import note_presence


@dataclass(frozen=True, slots=True)
class Move:
    """What a program wants a question that it saw as ``version`` to become."""

    to: str
    version: int
    reason: str = ""
    text: str = ""
    target_id: str = ""


def may_moderate(session: Session, *, livestream: Livestream, actor: Actor) -> bool:
    """Tell whether somebody moderates a livestream; its host does not, whatever else they are."""
    if actor.user_id is None or actor.user_id == livestream.host_id:
        return False
    return actor.is_staff or is_on_duty(session, livestream_id=livestream.id, user_id=actor.user_id)


def livestream_to_moderate(session: Session, *, livestream_id: str, actor: Actor) -> Livestream:
    """Return a livestream to whoever moderates it.

    Raises:
        NotFound: The actor may not know of it.
        SignInNeeded, NotAllowed: The actor may know of it but is not of its crew.
        HostDoesNotModerate: The actor hosts it.
    """
    livestream = livestream_of_crew(session, livestream_id=livestream_id, actor=actor)
    if not may_moderate(session, livestream=livestream, actor=actor):
        raise HostDoesNotModerate
    return livestream


def question_to_moderate(
    session: Session, *, livestream_id: str, question_id: str, actor: Actor
) -> Queued:
    """Return a question that has not been taken back; raises as :func:`livestream_to_moderate`.

    Raises:
        NoSuchQuestion: It is gone, or is asked elsewhere.
    """
    livestream_to_moderate(session, livestream_id=livestream_id, actor=actor)
    found = find_queued(session, livestream_id=livestream_id, question_id=question_id)
    if found is None:
        raise NoSuchQuestion
    return found


def take_question(
    session: Session, *, livestream_id: str, question_id: str, actor: Actor, now: datetime
) -> bool:
    """Open a question at the desk; False: somebody else has it open.

    Raises:
        NoSuchQuestion, NotFound, SignInNeeded, NotAllowed: As :func:`question_to_moderate`.
    """
    question_to_moderate(session, livestream_id=livestream_id, question_id=question_id, actor=actor)
    me = _me(actor)
    note_presence(session, livestream_id=livestream_id, user_id=me, now=now)
    question = session.get_one(Question, question_id)
    return services.take(session, question=question, reader_id=me, now=now)


def decide_question(
    session: Session,
    *,
    livestream_id: str,
    question_id: str,
    actor: Actor,
    wish: Wish,
    data_key: str,
    now: datetime,
) -> Question:
    """Do to a question what a moderator wants.

    Raises:
        NoSuchQuestion, NotFound, SignInNeeded, NotAllowed: As :func:`question_to_moderate`.
        DecidedMeanwhile, NotOffered, InvalidInput: As ``services.carry_out``.
    """
    for one in filter(None, (question_id, wish.target_id)):
        question_to_moderate(session, livestream_id=livestream_id, question_id=one, actor=actor)
    return services.carry_out(
        session,
        question_id=question_id,
        wish=wish,
        actor_id=_me(actor),
        data_key=data_key,
        now=now,
    )


def move_question(
    session: Session, *, actor: Actor, question_id: str, move: Move, data_key: str, now: datetime
) -> Question:
    """Bring a question to a state for a program: by the act of the desk or the studio that does.

    Raises:
        NoSuchQuestion: There is none, or the actor may not know of it.
        SignInNeeded, NotAllowed: It is shown, and the actor is not of its crew, or hosts it and
            wants what its moderators decide.
        DecidedMeanwhile, NeverShown, NotOffered, InvalidInput: As ``services.carry_out``.
    """
    question = _question_of_crew(session, question_id=question_id, actor=actor)
    livestream = session.get_one(Livestream, question.livestream_id)
    says = move.text.strip() != ""
    act = act_for(move.to, state=question.state, tier=question.tier, says=says)
    is_host = not may_moderate(session, livestream=livestream, actor=actor)
    if is_host and act not in OF_HOST:
        raise NotAllowed
    if act is None:
        raise NotOffered({"state": question.state, "version": question.version})
    of_host = offered_to_host(question.state, question.tier)
    as_host = act in of_host and act not in offered(question.state, question.tier)
    doing = act_as_host if is_host or as_host else decide_question
    return doing(
        session,
        livestream_id=livestream.id,
        question_id=question_id,
        actor=actor,
        wish=Wish(act, move.version, move.reason, move.text, move.target_id),
        data_key=data_key,
        now=now,
    )


def undo_decision(
    session: Session,
    *,
    livestream_id: str,
    question_id: str,
    version: int,
    actor: Actor,
    now: datetime,
) -> Question:
    """Take back what the actor decided last on a question.

    Raises:
        NoSuchQuestion, NotFound, SignInNeeded, NotAllowed: As :func:`question_to_moderate`.
        NothingToUndo: Something has happened since.
    """
    question_to_moderate(session, livestream_id=livestream_id, question_id=question_id, actor=actor)
    return services.undo(
        session, question_id=question_id, version=version, actor_id=_me(actor), now=now
    )


def set_door(
    session: Session, *, livestream_id: str, is_closed: bool, actor: Actor, now: datetime
) -> None:
    """Close or open the questions; for the whole crew, the host as well.

    Raises:
        NotFound, SignInNeeded, NotAllowed: As ``livestream_of_crew``.
    """
    livestream = livestream_of_crew(session, livestream_id=livestream_id, actor=actor)
    services.set_door(
        session, livestream_id=livestream.id, is_closed=is_closed, actor_id=_me(actor), now=now
    )


def act_as_host(
    session: Session,
    *,
    livestream_id: str,
    question_id: str,
    actor: Actor,
    wish: Wish,
    data_key: str,
    now: datetime,
) -> Question:
    """Answer an approved question, or go on; for the whole crew.

    Raises:
        NotFound, SignInNeeded, NotAllowed: As ``livestream_of_crew``.
        NoSuchQuestion: It is gone, or asked elsewhere.
        DecidedMeanwhile, NotOffered: As ``services.carry_out``.
    """
    livestream = livestream_of_crew(session, livestream_id=livestream_id, actor=actor)
    if find_queued(session, livestream_id=livestream.id, question_id=question_id) is None:
        raise NoSuchQuestion
    return services.carry_out(
        session,
        question_id=question_id,
        wish=wish,
        actor_id=_me(actor),
        data_key=data_key,
        as_host=True,
        now=now,
    )


def _question_of_crew(session: Session, *, question_id: str, actor: Actor) -> Question:
    """Return a question to the crew; others are told nothing of what nobody has let through."""
    question = session.get(Question, question_id) if is_id(question_id) else None
    if question is None:
        raise NoSuchQuestion
    try:
        livestream_of_crew(session, livestream_id=question.livestream_id, actor=actor)
    except (NotFound, SignInNeeded, NotAllowed) as refusal:
        if question.state in SHOWN and not isinstance(refusal, NotFound):
            raise
        raise NoSuchQuestion from refusal
    return question


def _me(actor: Actor) -> str:
    if actor.user_id is None:
        raise SignInNeeded
    return actor.user_id
