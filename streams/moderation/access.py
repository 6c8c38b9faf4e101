"""Who reads what was asked: the livestream's moderators and the staff, and never its host."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.models import Livestream
from core.errors import SignInNeeded
from streams.moderation import services
from streams.moderation.errors import HostDoesNotModerate
from streams.moderation.queries import Queued, find_queued
from streams.moderation.services import Wish
from streams.questions.errors import NoSuchQuestion
from streams.questions.models import Question
from streams.readiness.access import livestream_of_crew
from streams.readiness.queries import is_on_duty
from streams.readiness.services import note_presence


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


def _me(actor: Actor) -> str:
    if actor.user_id is None:
        raise SignInNeeded
    return actor.user_id
