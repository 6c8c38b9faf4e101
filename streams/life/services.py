"""A livestream's life: every event moves the livestream and its broadcast at once, or neither.

Services flush and never commit; a caller that races another gets :class:`NotInThisState`, never
half a move. Whoever asks is checked before, in :mod:`catalog.access`.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog import services as catalog
from catalog.enums import LivestreamState as L
from catalog.models import Livestream
from catalog.rules import LivestreamDraft
from core.database import database_now
from core.errors import FieldError
from media.enums import BroadcastState as B
from media.models import Broadcast
from media.queries import last_program_end
from streams.doors.keys import make_key
from streams.life import rules
from streams.life.errors import GateShut, NotInThisState
from streams.life.queries import Standing, standing_of
from streams.life.rules import Event, Move

ATTEMPTS = 3  # a rival's move changes the pair; after three in a row somebody should look


def create_livestream(
    session: Session,
    *,
    actor: Actor,
    draft: LivestreamDraft,
    window_seconds: int,
    data_key: str,
    now: datetime,
) -> Livestream:
    """Create a draft with its broadcast and stream key; raises as ``catalog.services`` does."""
    livestream = catalog.create_livestream(
        session, actor=actor, draft=draft, window_seconds=window_seconds, now=now
    )
    make_key(session, livestream_id=livestream.id, data_key=data_key, now=now)
    return livestream


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
        move = rules.next_move(event, standing.pair, standing.policy)
        if move is None:
            break
        if _moved(session, livestream_id, standing.broadcast_id, event, move, now):
            return _reloaded(session, livestream_id, standing.broadcast_id)
    state, broadcast = standing_of(session, livestream_id=livestream_id).pair
    raise NotInThisState(state=state.value, broadcast=broadcast.value, event=event.value)


def propose(session: Session, *, livestream: Livestream, now: datetime) -> Livestream:
    """Hand a draft to the editors."""
    return apply_event(session, livestream_id=livestream.id, event=Event.PROPOSE, now=now)


def schedule(session: Session, *, livestream: Livestream, now: datetime) -> Livestream:
    """Announce a livestream: from now on encoders may push."""
    return apply_event(session, livestream_id=livestream.id, event=Event.SCHEDULE, now=now)


def start(session: Session, *, livestream: Livestream, now: datetime) -> Livestream:
    """Open playback.

    Raises:
        GateShut: Something that going live needs is missing; all of it is listed.
        NotInThisState: It is not scheduled.
    """
    standing = standing_of(session, livestream_id=livestream.id)
    if rules.next_move(Event.START, standing.pair, standing.policy) is not None:
        check_gate(session, livestream_id=livestream.id, now=now)
    return apply_event(session, livestream_id=livestream.id, event=Event.START, now=now)


def end(session: Session, *, livestream: Livestream, now: datetime) -> Livestream:
    """End a livestream; the media node drains what it has, or there is nothing to drain."""
    apply_event(session, livestream_id=livestream.id, event=Event.END, now=now)
    return _drained_if_unowned(session, livestream.id, now)


def publish(session: Session, *, livestream: Livestream, now: datetime) -> Livestream:
    """Release the replay.

    Raises:
        NotInThisState: There is none to release.
        GateShut: It was uploaded, and its host may not go live at present: nobody has seen it yet.
    """
    standing = standing_of(session, livestream_id=livestream.id)
    may_move = rules.next_move(Event.PUBLISH, standing.pair, standing.policy) is not None
    if may_move and livestream.started_at is None:
        check_gate(session, livestream_id=livestream.id, now=now)
    return apply_event(session, livestream_id=livestream.id, event=Event.PUBLISH, now=now)


def cancel(session: Session, *, livestream: Livestream, now: datetime) -> Livestream:
    """Call a livestream off; a rehearsal that is running is ended."""
    apply_event(session, livestream_id=livestream.id, event=Event.CANCEL, now=now)
    return _drained_if_unowned(session, livestream.id, now)


def miss(session: Session, *, livestream_id: str, now: datetime) -> Livestream:
    """Give up a livestream that nobody began."""
    return apply_event(session, livestream_id=livestream_id, event=Event.MISS, now=now)


def encoder_arrived(session: Session, *, livestream_id: str, now: datetime) -> Livestream:
    """Note that an encoder pushes; with ``auto_start`` and an open gate this is the start."""
    standing = standing_of(session, livestream_id=livestream_id)
    event = rules.arrival(
        state=standing.pair[0],
        auto_start=standing.auto_start,
        gate_is_open=not rules.missing(_gate(standing, now)),
    )
    return apply_event(session, livestream_id=livestream_id, event=event, now=now)


def encoder_left(session: Session, *, livestream_id: str, now: datetime) -> Livestream:
    """Note that the encoder is gone: a live broadcast is interrupted, a rehearsal is over."""
    return apply_event(session, livestream_id=livestream_id, event=Event.ENCODER_LEFT, now=now)


def close_window(session: Session, *, livestream_id: str, now: datetime) -> Livestream:
    """End a livestream whose encoder did not come back in time."""
    return apply_event(session, livestream_id=livestream_id, event=Event.WINDOW_CLOSED, now=now)


def imported(session: Session, *, livestream_id: str, now: datetime) -> Livestream:
    """Note that an uploaded talk is the recording of a livestream that never was live."""
    return apply_event(session, livestream_id=livestream_id, event=Event.IMPORTED, now=now)


def check_gate(session: Session, *, livestream_id: str, now: datetime) -> None:
    """Refuse who may not go live at present.

    Raises:
        GateShut: Something that going live needs is missing; all of it is listed.
    """
    shut = rules.missing(_gate(standing_of(session, livestream_id=livestream_id), now))
    if shut:
        raise GateShut(*(FieldError(item.code, item.reason) for item in shut))


def drained(session: Session, *, livestream_id: str, now: datetime) -> Livestream:
    """Note that the last segment of an ended livestream is packaged: the broadcast is over."""
    return apply_event(session, livestream_id=livestream_id, event=Event.DRAINED, now=now)


def _gate(standing: Standing, now: datetime) -> tuple[rules.GateItem, ...]:
    return rules.start_gate(host_verified_until=standing.host_verified_until, now=now)


def _drained_if_unowned(session: Session, livestream_id: str, now: datetime) -> Livestream:
    """Finish the broadcast when no encoder is there and no node holds it: nobody else would."""
    standing = standing_of(session, livestream_id=livestream_id)
    lease = standing.lease_until
    if standing.pair[1] is B.IDLE and (lease is None or lease <= database_now(session)):
        return apply_event(session, livestream_id=livestream_id, event=Event.DRAINED, now=now)
    return _reloaded(session, livestream_id, standing.broadcast_id)


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
        .values(_broadcast_values(event, move, _opening(session, event, broadcast_id, now), now))
        .returning(Broadcast.id)
    )
    for statement in (livestream, broadcast):
        unsynchronised = statement.execution_options(synchronize_session=False)
        if session.execute(unsynchronised).scalar_one_or_none() is None:
            savepoint.rollback()
            return False
    savepoint.commit()
    return True


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


def _opening(session: Session, event: Event, broadcast_id: str, now: datetime) -> datetime | None:
    """Return since when viewers see media; a rehearsal may be pushed faster than it plays."""
    if event not in {Event.START, Event.ENCODER_ARRIVED_AND_START}:
        return None
    last = last_program_end(session, broadcast_id=broadcast_id)
    if last is None:
        return now
    return max(now, last.program_at + timedelta(microseconds=last.duration_us))


def _broadcast_values(
    event: Event, move: Move, opened_at: datetime | None, now: datetime
) -> dict[str, Any]:
    values: dict[str, Any] = {"state": move.new[1].value}
    if opened_at is not None:
        values["opened_at"] = opened_at
    if event in {Event.END, Event.WINDOW_CLOSED, Event.CANCEL}:
        values["end_requested_at"] = now
    if move.new[1] is B.INTERRUPTED and move.old[1] is not B.INTERRUPTED:
        values["interrupted_at"] = now
    if move.new[1] is B.RECEIVING:
        values["interrupted_at"] = None
    if event in {Event.DRAINED, Event.IMPORTED}:
        values["ended_at"] = now
    return values


def _reloaded(session: Session, livestream_id: str, broadcast_id: str) -> Livestream:
    session.get_one(Broadcast, broadcast_id, populate_existing=True)
    return session.get_one(Livestream, livestream_id, populate_existing=True)
