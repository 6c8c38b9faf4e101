"""Who may do what: the crew runs polls, whoever may watch answers."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, TypeAlias

from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.access import livestream_for
from catalog.enums import LivestreamState
from catalog.models import Livestream
from catalog.rules import is_id
from core.errors import NotFound
from streams.polls import services
from streams.polls.enums import PollState
from streams.polls.errors import NoSuchPoll, NotOpen
from streams.polls.models import Poll
from streams.polls.queries import ShownPoll, find_poll, polls_of_crew
from streams.polls.rules import PollDraft
from streams.readiness.access import livestream_of_crew
from streams.room.services import Entered, enter_room

Act: TypeAlias = Callable[[Session, Livestream, str, datetime], Poll]

ACTS: Final[Mapping[str, Act]] = {
    "open": lambda session, it, poll_id, now: services.open_poll(
        session, livestream=it, poll_id=poll_id, now=now
    ),
    "close": lambda session, it, poll_id, now: services.close_poll(
        session, livestream_id=it.id, poll_id=poll_id, now=now
    ),
    "release": lambda session, it, poll_id, now: services.release_poll(
        session, livestream_id=it.id, poll_id=poll_id, now=now
    ),
}
"""What the crew does with a poll."""


def polls_for(session: Session, *, actor: Actor, livestream_id: str) -> list[ShownPoll]:
    """Return the polls of a livestream to its crew.

    Raises:
        NotFound, SignInNeeded, NotAllowed: As ``livestream_of_crew``.
    """
    livestream = livestream_of_crew(session, livestream_id=livestream_id, actor=actor)
    return polls_of_crew(session, livestream_id=livestream.id)


def write_for(
    session: Session, *, actor: Actor, livestream_id: str, draft: PollDraft, now: datetime
) -> Poll:
    """Prepare a poll; raises as :func:`polls_for` and ``services.write_poll``."""
    livestream = livestream_of_crew(session, livestream_id=livestream_id, actor=actor)
    return services.write_poll(session, livestream=livestream, draft=draft, now=now)


def rewrite_for(
    session: Session, *, actor: Actor, livestream_id: str, poll_id: str, draft: PollDraft
) -> Poll:
    """Change a draft; raises as :func:`act_for` and ``services.rewrite_poll``."""
    _of_crew(session, actor, livestream_id, poll_id)
    return services.rewrite_poll(session, poll_id=poll_id, draft=draft)


def act_for(
    session: Session, *, actor: Actor, livestream_id: str, poll_id: str, act: str, now: datetime
) -> Poll:
    """Do one of :data:`ACTS`; raises as :func:`polls_for` and the service.

    Raises:
        NotFound: There is no such act.
    """
    if act not in ACTS:
        raise NotFound
    livestream = _of_crew(session, actor, livestream_id, poll_id)
    return ACTS[act](session, livestream, poll_id, now)


def discard_for(session: Session, *, actor: Actor, livestream_id: str, poll_id: str) -> None:
    """Throw a draft away; raises as :func:`act_for`."""
    _of_crew(session, actor, livestream_id, poll_id)
    services.discard_poll(session, poll_id=poll_id)


def answer_for(
    session: Session,
    *,
    actor: Actor,
    livestream_id: str,
    poll_id: str,
    choice: int,
    token: str,
    visitor: str,
    now: datetime,
) -> Entered:
    """Keep somebody's answer; return whom the room knows them as.

    Args:
        session: Of the request; the caller commits.
        actor: Who asks; decides whether they may watch, and is not written down.
        livestream_id: As it came.
        poll_id: As it came.
        choice: The number of the answer, from 0.
        token: Of the pass of their browser; empty: a newcomer.
        visitor: The address that limits count, by a key of this room alone.
        now: The present moment.

    Raises:
        NotFound: The actor may not know of the livestream.
        NoSuchPoll: It has no such poll, or nobody opened it yet.
        NotOpen, InvalidInput, TooMany: As ``services.vote`` and ``enter_room``.
    """
    livestream = livestream_for(session, livestream_id=livestream_id, actor=actor)
    poll = find_poll(session, poll_id=poll_id) if is_id(poll_id) else None
    if poll is None or poll.livestream_id != livestream.id or poll.state == PollState.DRAFT:
        raise NoSuchPoll
    if poll.state != PollState.OPEN or livestream.state != LivestreamState.LIVE:
        raise NotOpen  # before anything is written for a newcomer
    entered = enter_room(
        session, livestream_id=livestream.id, token=token, visitor=visitor, now=now
    )
    services.vote(
        session,
        livestream=livestream,
        poll_id=poll_id,
        participant=entered.participant,
        choice=choice,
        now=now,
    )
    return entered


def _of_crew(session: Session, actor: Actor, livestream_id: str, poll_id: str) -> Livestream:
    livestream = livestream_of_crew(session, livestream_id=livestream_id, actor=actor)
    poll = find_poll(session, poll_id=poll_id) if is_id(poll_id) else None
    if poll is None or poll.livestream_id != livestream.id:
        raise NoSuchPoll
    return livestream
