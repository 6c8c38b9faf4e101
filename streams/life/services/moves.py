"""The moves of a livestream and its broadcast: compare-and-set on both, with the time they take."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session, SessionTransaction

from catalog.enums import LivestreamState as L
from catalog.models import Livestream
from core.errors import Refusal
from media.enums import BroadcastState as B
from media.models import Broadcast
from media.queries import last_program_end
from scheduler.programme import services as programme
from streams.life import rules
from streams.life.errors import NotInThisState
from streams.life.queries import standing_of
from streams.life.rules import Event, Move

ATTEMPTS = 3  # a rival's move changes the pair; after three in a row somebody should look


def apply_event(session: Session, *, livestream_id: str, event: Event, now: datetime) -> Livestream:
    """Make the move that ``event`` is in the table of transitions, with compare-and-set.

    Returns:
        The livestream as it is afterwards.

    Raises:
        NotFound: There is no such livestream.
        NotInThisState: The event is not permitted in the present pair of states.
    """
    for _attempt in range(ATTEMPTS):
        standing = standing_of(session, livestream_id=livestream_id)
        move = rules.next_move(event, standing.pair, standing.policy, kept=standing.kept)
        if move is None:
            break
        if _moved(session, livestream_id, standing.broadcast_id, event, move, now):
            return reloaded(session, livestream_id, standing.broadcast_id)
    state, broadcast = standing_of(session, livestream_id=livestream_id).pair
    raise NotInThisState(state=state.value, broadcast=broadcast.value, event=event.value)


def _moved(
    session: Session,
    livestream_id: str,
    broadcast_id: str,
    event: Event,
    move: Move,
    now: datetime,
) -> bool:
    """Write both rows if both are still as the move expects; otherwise write nothing."""
    savepoint = session.begin_nested()
    # The livestream's row comes first in every move, so that two rivals never wait for each other.
    livestream = (
        update(Livestream)
        .where(Livestream.id == livestream_id, Livestream.state == move.old[0])
        .values(_livestream_values(event, move, now))
        .returning(Livestream.id)
    )
    broadcast = (
        update(Broadcast)
        .where(Broadcast.id == broadcast_id, Broadcast.state == move.old[1])
        .values(
            _broadcast_values(event, move, _opening(session, event, move, broadcast_id, now), now)
        )
        .returning(Broadcast.id)
    )
    for statement in (livestream, broadcast):
        unsynchronised = statement.execution_options(synchronize_session=False)
        if session.execute(unsynchronised).scalar_one_or_none() is None:
            savepoint.rollback()
            return False
    _take_time(session, savepoint, livestream_id, move, now)
    savepoint.commit()
    return True


def _take_time(
    session: Session,
    savepoint: SessionTransaction,
    livestream_id: str,
    move: Move,
    now: datetime,
) -> None:
    """Take or give back the time that the move means; without it there is no move."""
    old, new = move.old[0], move.new[0]
    try:
        programme.follow_state(session, livestream_id=livestream_id, old=old, new=new, now=now)
    except Refusal:
        savepoint.rollback()
        session.get_one(Livestream, livestream_id, populate_existing=True)  # as it was
        raise


def _livestream_values(event: Event, move: Move, now: datetime) -> dict[str, Any]:
    old, new = move.old[0], move.new[0]
    values: dict[str, Any] = {"state": new.value, "updated_at": now}
    if new is not old:
        values["sequence"] = Livestream.sequence + 1
    if event is Event.SCHEDULE:
        values["announced_at"] = now
    if new is L.LIVE and old is not L.LIVE:
        values["started_at"] = now
    if old is L.LIVE and new is not L.LIVE:
        values["ended_at"] = now
    if new is L.PUBLISHED and event is not Event.DRAINED:
        values["published_at"] = now
    return values


def _opening(
    session: Session, event: Event, move: Move, broadcast_id: str, now: datetime
) -> datetime | None:
    """Return since when viewers see media; a rehearsal may be pushed faster than it plays."""
    if event not in {Event.START, Event.ENCODER_ARRIVED_AND_START} or move.old[1] is B.ENDED:
        return None
    last = last_program_end(session, broadcast_id=broadcast_id)
    if last is None:
        return now
    return max(now, last.program_at + timedelta(microseconds=last.duration_us))


def _broadcast_values(
    event: Event, move: Move, opened_at: datetime | None, now: datetime
) -> dict[str, Any]:
    values: dict[str, Any] = {"state": move.new[1].value}
    if event is Event.RESTORE:
        former = ("opened_at", "end_requested_at", "ended_at", "emptied_at")
        return values | dict.fromkeys(former)  # a talk that was held may have opened it
    if opened_at is not None:
        values["opened_at"] = opened_at
    if event in {Event.END, Event.WINDOW_CLOSED, Event.CANCEL}:
        values["end_requested_at"] = now
    if move.new[1] is B.INTERRUPTED and move.old[1] is not B.INTERRUPTED:
        values["interrupted_at"] = now
    if move.new[1] is B.RECEIVING:
        values["interrupted_at"] = None
    return values | _talk_values(event, move, now)


def _talk_values(event: Event, move: Move, now: datetime) -> dict[str, Any]:
    """Return what changes with a recording that is complete, or is gone."""
    if event in {Event.DRAINED, Event.IMPORTED, Event.HELD}:
        return {"ended_at": now} | _closing(event, move)
    if event is Event.TAKEN_BACK:
        return {"ended_at": None, "opened_at": None} | _closing(event, move)
    if event is Event.START and move.old[1] is B.ENDED:
        return {"premiere_at": now} | _closing(event, move)
    return {}


def _closing(event: Event, move: Move) -> dict[str, Any]:
    """Raise the revision where what some could fetch is closed to them, or is not there any more.

    Its crew has looked at a talk that is held: at its start their copies must be nobody's.
    """
    if move.old[1] is B.ENDED and event in {Event.START, Event.HELD, Event.TAKEN_BACK}:
        return {"revision": Broadcast.revision + 1}
    return {}


def reloaded(session: Session, livestream_id: str, broadcast_id: str) -> Livestream:
    """Return a livestream as the database has it now, and its broadcast likewise."""
    session.get_one(Broadcast, broadcast_id, populate_existing=True)
    return session.get_one(Livestream, livestream_id, populate_existing=True)
