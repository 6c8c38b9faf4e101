"""On whose behalf questions are asked, wanted and changed; :mod:`streams.moderation` decides.

Whoever may know of a livestream may take part in its room. Who that is decides whether, and is
written down nowhere: from here on there is only what the room knows them by.
"""

from dataclasses import dataclass
from datetime import datetime
from secrets import randbelow
from typing import Final

from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.access import livestream_for
from catalog.models import Livestream
from catalog.queries import LivestreamView
from catalog.rules import is_id
from core.errors import _
from core.sealing import fingerprint
from streams.questions import services
from streams.questions.errors import NoSuchQuestion, QuestionsClosed
from streams.questions.models import Question
from streams.questions.queries import own_questions, question_of_token
from streams.questions.rules import SHOWN
from streams.questions.services import Asked
from streams.questions.services.asking import limit_asking
from streams.questions.services.voting import limit_votes
from streams.room.models import Room
from streams.room.queries import code_of, participant_of, standing_of
from streams.room.rules import Door, address_key, how_many
from streams.room.services import Entered, enter_room

CLOSED: Final = {
    Door.UNREAD: _(
        "Questions rest for the moment: no moderator is here to read them. They open again as "
        "soon as one is back. You can go on watching, and want with others what was asked."
    ),
    Door.CLOSED: _(
        "The crew has closed the questions. You can go on watching, and want with others what "
        "was asked."
    ),
    Door.OVER: _(
        "Questions are closed, because this livestream is over. The secret link to a question "
        "goes on working."
    ),
    Door.NOT_YET: _("Questions open as soon as this livestream is announced."),
}
"""What is said instead of the form: why, and what still works."""
VOTING: Final = frozenset({Door.OPEN, Door.UNREAD, Door.CLOSED})
"""Also without a moderator: what is voted on has been read."""
LONGEST_TOKEN: Final = 100
OFFERED: Final = 8
"""Names that a page holds ready, so that choosing asks nobody."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who comes: may they know of it, what their browser holds, from where. Nothing is stored."""

    actor: Actor
    token: str
    """Of the pass (:func:`streams.room.passes.pass_of`)."""
    address: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A question that was taken, and the pass of its asker."""

    asked: Asked
    entered: Entered


def ask_for(
    session: Session,
    *,
    livestream_id: str,
    visitor: Visitor,
    text: str,
    page_language: str,
    now: datetime,
    name: int | None = None,
    key: str = "",
) -> Taken:
    """Ask in a room; the caller commits and gives the browser its pass.

    Args:
        session: Of the request.
        livestream_id: As it came.
        visitor: Who asks.
        text: As it was typed.
        page_language: Of the page or the request.
        now: The present moment.
        name: The made-up name that was offered.
        key: The ``Idempotency-Key`` of the request; the same request is answered the same.

    Raises:
        NotFound: The actor may not know of the livestream.
        QuestionsClosed: With the reason.
        InvalidInput: As ``services.ask_question``.
        TooMany: As ``limit_asking``.
    """
    livestream = livestream_for(session, livestream_id=livestream_id, actor=visitor.actor)
    door = standing_of(session, livestream=livestream, now=now).door
    if door is not Door.OPEN:
        raise QuestionsClosed(CLOSED[door])
    entered = _enter(session, livestream, visitor, now)
    room = session.get_one(Room, livestream.id)
    limit_asking(
        session,
        room=room,
        participant=entered.participant,
        visitor=visitor.address,
        now=now,
    )
    asked = services.ask_question(
        session,
        room=room,
        participant=entered.participant,
        text=text,
        page_language=page_language,
        now=now,
        name=name,
        repeat=_repeats(room, entered, visitor, key, text) if key else (),
    )
    return Taken(asked, entered)


def vote_for(
    session: Session,
    *,
    livestream_id: str,
    question_id: str,
    visitor: Visitor,
    wanted: bool,
    now: datetime,
) -> tuple[int, Entered]:
    """Count that somebody wants to know a question as well, or not any more; how many do now.

    Raises:
        NotFound: The actor may not know of the livestream.
        NoSuchQuestion: It is not shown there.
        QuestionsClosed: The livestream is over.
        TooMany: As ``limit_votes``, or too many newcomers of one address.
    """
    livestream = livestream_for(session, livestream_id=livestream_id, actor=visitor.actor)
    door = standing_of(session, livestream=livestream, now=now).door
    question = session.get(Question, question_id) if is_id(question_id) else None
    if question is None or question.livestream_id != livestream.id or question.state not in SHOWN:
        raise NoSuchQuestion
    if door not in VOTING:
        raise QuestionsClosed(CLOSED[door])
    entered = _enter(session, livestream, visitor, now)
    room = session.get_one(Room, livestream.id)
    limit_votes(session, room=room, visitor=visitor.address, now=now)
    change = services.vote if wanted else services.take_vote_back
    return change(session, question=question, participant=entered.participant), entered


def question_by_pass(
    session: Session, *, livestream_id: str, question_id: str, visitor: Visitor
) -> Question:
    """Return a question to whoever asked it in this room with the same browser.

    Raises:
        NotFound: The actor may not know of the livestream.
        NoSuchQuestion: It is not theirs, or the room has forgotten everybody.
    """
    livestream = livestream_for(session, livestream_id=livestream_id, actor=visitor.actor)
    person = participant_of(session, livestream_id=livestream.id, token=visitor.token)
    question = session.get(Question, question_id) if is_id(question_id) else None
    is_here = question is not None and question.livestream_id == livestream.id
    if question is None or not is_here or person is None or question.participant != person:
        raise NoSuchQuestion
    return question


def question_by_link(session: Session, *, token: str) -> Question:
    """Return the question of a secret link.

    Raises:
        NoSuchQuestion: There is none; which links there were is not told.
    """
    fits = bool(token) and len(token) <= LONGEST_TOKEN and token.isascii()
    found = question_of_token(session, token) if fits else None
    if found is None:
        raise NoSuchQuestion
    return found


def question_by_token(session: Session, *, question_id: str, token: str) -> Question:
    """Return a question to whoever holds its token; raises as :func:`question_by_link`."""
    found = question_by_link(session, token=token)
    if found.id != question_id:
        raise NoSuchQuestion
    return found


def _enter(session: Session, livestream: Livestream, visitor: Visitor, now: datetime) -> Entered:
    return enter_room(
        session,
        livestream_id=livestream.id,
        token=visitor.token,
        visitor=visitor.address,
        now=now,
    )


def _repeats(
    room: Room, entered: Entered, visitor: Visitor, key: str, text: str
) -> tuple[str, ...]:
    """Return what tells this request from all others; first as it is known now.

    Without a pass it is only known where it came from: others are there too, so that it counts
    what was said as well.
    """
    from_there = f"{address_key(room.secret, visitor.address)}:{fingerprint(text)}:{key}"
    return (from_there,) if entered.is_new else (f"{entered.participant}:{key}", from_there)


@dataclass(frozen=True, slots=True)
class AskingPanel:
    """The part of the page on which somebody asks."""

    door: Door
    closed: str
    """Why nothing can be asked now, and what still works; empty while it can."""
    name: int | None
    """The number of the made-up name that the room calls them; None: they have none yet."""
    offered: tuple[int, ...]
    """Numbers of names that they may choose from."""
    own: list[Question]


def panel_for(
    session: Session, *, livestream: LivestreamView, token: str, now: datetime
) -> AskingPanel:
    """Return what the page shows to whoever may know of a livestream.

    Args:
        session: Only read from.
        livestream: As the page has it.
        token: Of the pass of their browser.
        now: The present moment.
    """
    door = standing_of(session, livestream=livestream, now=now).door
    person = participant_of(session, livestream_id=livestream.id, token=token)
    name = code_of(session, livestream_id=livestream.id, participant=person) if person else None
    own = own_questions(session, livestream_id=livestream.id, participant=person) if person else []
    offered = () if name is not None else tuple(randbelow(how_many()) for _ in range(OFFERED))
    return AskingPanel(door, CLOSED.get(door, ""), name, offered, own)
