"""Writing, opening, closing and releasing polls, and answering them. Services flush."""

from datetime import datetime
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from catalog.enums import LivestreamState
from catalog.models import Livestream
from core.database import insert_into
from core.errors import FieldError, InvalidInput
from streams.polls.enums import PollState as P
from streams.polls.errors import AnotherOpen, NoSuchPoll, NotOnAir, NotOpen, PollMoved
from streams.polls.models import Poll, PollVote
from streams.polls.queries import count_polls, count_votes, find_poll, still_open
from streams.polls.rules import FROM, MANY_POLLS, MOST_POLLS, NO_CHOICE, PollDraft, checked
from streams.room.models import Room
from streams.room.services import limit_in_room, open_room, say_changed

MOST_VOTES: Final = 20
"""How often somebody may change their mind in a minute; newcomers are limited by address."""
SECONDS: Final = 60


def write_poll(
    session: Session, *, livestream: Livestream, draft: PollDraft, now: datetime
) -> Poll:
    """Prepare a poll.

    Raises:
        InvalidInput: It is not complete, or there are too many.
    """
    kept = checked(draft)
    if count_polls(session, livestream_id=livestream.id) >= MOST_POLLS:
        raise InvalidInput(FieldError("question", MANY_POLLS))
    poll = Poll(
        livestream_id=livestream.id,
        texts=dict(kept.texts),
        choices=[dict(one) for one in kept.choices],
        created_at=now,
    )
    session.add(poll)
    session.flush()
    return poll


def rewrite_poll(session: Session, *, poll_id: str, draft: PollDraft) -> Poll:
    """Put other words in the place of a poll that nobody has seen.

    Raises:
        InvalidInput: It is not complete.
        PollMoved: Somebody opened it: who answers must not find other words under their answer.
    """
    kept = checked(draft)
    rewritten = (
        update(Poll)
        .where(Poll.id == poll_id, Poll.state == P.DRAFT)
        .values(texts=dict(kept.texts), choices=[dict(one) for one in kept.choices])
        .returning(Poll.id)
    )
    if session.scalar(rewritten) is None:
        raise PollMoved
    return session.get_one(Poll, poll_id, populate_existing=True)


def discard_poll(session: Session, *, poll_id: str) -> None:
    """Throw a poll away that nobody has seen.

    Raises:
        PollMoved: Somebody opened it.
    """
    gone = delete(Poll).where(Poll.id == poll_id, Poll.state == P.DRAFT).returning(Poll.id)
    if session.scalar(gone) is None:
        raise PollMoved


def open_poll(session: Session, *, livestream: Livestream, poll_id: str, now: datetime) -> Poll:
    """Let everybody answer; also once more, after it was closed.

    Raises:
        NotOnAir: The livestream is not live.
        AnotherOpen: Viewers answer one at a time.
        PollMoved: It is open or released.
    """
    if livestream.state != LivestreamState.LIVE:
        raise NotOnAir
    open_room(session, livestream_id=livestream.id, now=now)
    try:
        with session.begin_nested():
            _move(session, poll_id, P.OPEN, opened_at=now, closed_at=None, counts=[])
    except IntegrityError:
        raise AnotherOpen from None
    return _changed(session, livestream.id, poll_id)


def close_poll(session: Session, *, livestream_id: str, poll_id: str, now: datetime) -> Poll:
    """Take no more answers, and count them.

    Raises:
        PollMoved: It is not open.
    """
    _move(session, poll_id, P.CLOSED, closed_at=now)
    _count(session, poll_id)
    return _changed(session, livestream_id, poll_id)


def release_poll(session: Session, *, livestream_id: str, poll_id: str, now: datetime) -> Poll:
    """Tell everybody the figures; an open one is closed with it.

    Raises:
        PollMoved: It was never opened, or is released already.
    """
    if find_poll(session, poll_id=poll_id) is None:
        raise NoSuchPoll
    if poll_id in still_open(session, livestream_id=livestream_id):
        close_poll(session, livestream_id=livestream_id, poll_id=poll_id, now=now)
    _move(session, poll_id, P.RELEASED, released_at=now)
    return _changed(session, livestream_id, poll_id)


def close_left_open(session: Session, *, livestream_id: str, now: datetime) -> None:
    """Close what was open when the livestream ended; nothing is released by itself."""
    for poll_id in still_open(session, livestream_id=livestream_id):
        close_poll(session, livestream_id=livestream_id, poll_id=poll_id, now=now)


def vote(
    session: Session,
    *,
    livestream: Livestream,
    poll_id: str,
    participant: str,
    choice: int,
    now: datetime,
) -> int:
    """Keep what somebody chose, in place of what they chose before; return it.

    Whoever closes the poll waits for those who answer at that moment, so that none is told that
    they were counted and were not.

    Raises:
        NotOpen: It takes no answers.
        InvalidInput: There is no such choice.
        TooMany: They cannot make up their mind.
    """
    room = open_room(session, livestream_id=livestream.id, now=now)
    limit_in_room(
        session, room=room, act="poll", by=participant, limit=MOST_VOTES, seconds=SECONDS, now=now
    )
    held = select(Poll).where(Poll.id == poll_id).with_for_update(read=True)
    poll = session.scalars(held.execution_options(populate_existing=True)).one_or_none()
    if poll is None or poll.state != P.OPEN or livestream.state != LivestreamState.LIVE:
        raise NotOpen
    if not 0 <= choice < len(poll.choices):
        raise InvalidInput(FieldError("choice", NO_CHOICE))
    row = insert_into(session, PollVote).values(
        poll_id=poll_id, participant=participant, choice=choice
    )
    kept = row.on_conflict_do_update(
        index_elements=["poll_id", "participant"], set_={"choice": choice}
    )
    session.execute(kept)
    return choice


def forget_votes(session: Session, now: datetime) -> None:
    """Delete who chose what where the secret of the room is gone; figures stay. For the clock."""
    del now
    forgotten = select(Room.livestream_id).where(Room.secret == "")
    polls = select(Poll.id).where(Poll.livestream_id.in_(forgotten))
    session.execute(delete(PollVote).where(PollVote.poll_id.in_(polls)))


def _move(session: Session, poll_id: str, target: P, **values: object) -> None:
    """Compare and set: of two who press at once one is told that it was done already."""
    moved = (
        update(Poll)
        .where(Poll.id == poll_id, Poll.state.in_(FROM[target]))
        .values(state=target, **values)
        .returning(Poll.id)
    )
    if session.scalar(moved) is None:
        raise PollMoved


def _count(session: Session, poll_id: str) -> None:
    """Write down how many chose each; the poll's row is held, nobody answers in between."""
    poll = session.get_one(Poll, poll_id, populate_existing=True)
    poll.counts = list(count_votes(session, poll_id=poll_id, choices=len(poll.choices)))
    session.flush()


def _changed(session: Session, livestream_id: str, poll_id: str) -> Poll:
    say_changed(session, livestream_id=livestream_id)
    return session.get_one(Poll, poll_id, populate_existing=True)
