"""What is done to a livestream, by people and by the node that receives its media."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices.services import Posting, post_to_staff
from accounts.rules import Actor
from catalog import services as catalog
from catalog.models import Livestream
from catalog.rules import LivestreamDraft
from core.database import database_now
from core.errors import FieldError
from media.enums import BroadcastState as B
from media.jobs import rewrite_final_playlists
from media.models import Broadcast
from media.queries import newest_ingest
from scheduler.notices.crew import tell_left_out
from streams.doors.keys import make_key
from streams.life import rules
from streams.life.errors import CannotRestore, GateShut, NotRecorded, Withheld
from streams.life.queries import Standing, standing_of
from streams.life.rules import Event
from streams.life.services.moves import apply_event, reloaded
from streams.life.services.teaching import check_scope, check_verified
from streams.readiness.queries import facts_of
from streams.readiness.rules import GateItem, missing, release_gate, start_gate


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


def propose(session: Session, *, livestream: Livestream, now: datetime) -> Livestream:
    """Hand a draft to the editors, who are told of it.

    Raises:
        BeyondScope: The host's profession does not teach this.
    """
    check_scope(session, livestream=livestream)
    proposed = apply_event(session, livestream_id=livestream.id, event=Event.PROPOSE, now=now)
    posting = Posting("staff_proposal", proposed.id, revision=proposed.sequence)
    post_to_staff(session, posting, now=now)
    return proposed


def schedule(session: Session, *, livestream: Livestream, now: datetime) -> Livestream:
    """Announce a livestream: from now on encoders may push.

    Raises:
        NotVerified: The host's licence is not valid at ``now``, whoever schedules.
        BeyondScope: The host's profession does not teach this.
    """
    check_verified(session, livestream=livestream, now=now)
    check_scope(session, livestream=livestream)
    return apply_event(session, livestream_id=livestream.id, event=Event.SCHEDULE, now=now)


def send_back(session: Session, *, livestream: Livestream, now: datetime) -> Livestream:
    """Make a proposal a draft again; the time that was kept for it is free."""
    return apply_event(session, livestream_id=livestream.id, event=Event.RETURN, now=now)


def start(session: Session, *, livestream: Livestream, now: datetime) -> Livestream:
    """Open playback.

    Raises:
        GateShut: Something that going live needs is missing; all of it is listed.
        NotInThisState: It is not scheduled.
    """
    standing = _held(session, livestream.id)
    if rules.next_move(Event.START, standing.pair, standing.policy) is not None:
        check_gate(session, livestream_id=livestream.id, now=now)
    return apply_event(session, livestream_id=livestream.id, event=Event.START, now=now)


def end(session: Session, *, livestream: Livestream, now: datetime) -> Livestream:
    """End a livestream; the media node drains what it has, or there is nothing to drain.

    A premiere has drained long ago: its playlists are written with the times that viewers know.
    """
    pair = standing_of(session, livestream_id=livestream.id).pair
    apply_event(session, livestream_id=livestream.id, event=Event.END, now=now)
    if pair[1] is B.ENDED:
        rewrite_final_playlists(session, broadcast_id=livestream.broadcast_id, now=now)
    return _drained_if_unowned(session, livestream.id, now)


def publish(session: Session, *, livestream: Livestream, now: datetime) -> Livestream:
    """Release the replay.

    Raises:
        NotInThisState: There is none to release.
        NotRecorded, Withheld: It is not recorded, or its host withdrew the consent to that.
        GateShut: It was uploaded, and its host may not go live at present: nobody has seen it yet.
    """
    standing = standing_of(session, livestream_id=livestream.id)
    may_move = rules.next_move(Event.PUBLISH, standing.pair, standing.policy) is not None
    if may_move and not standing.kept:
        raise Withheld if standing.withheld else NotRecorded
    if may_move and livestream.started_at is None:
        check_release(session, livestream_id=livestream.id, now=now)
    return apply_event(session, livestream_id=livestream.id, event=Event.PUBLISH, now=now)


def cancel(session: Session, *, livestream: Livestream, now: datetime) -> Livestream:
    """Call a livestream off; a rehearsal that is running is ended."""
    apply_event(session, livestream_id=livestream.id, event=Event.CANCEL, now=now)
    return _drained_if_unowned(session, livestream.id, now)


def restore(session: Session, *, livestream: Livestream, now: datetime) -> Livestream:
    """Let a livestream that was called off take place after all, at the time that it had.

    Its moderators were released and stay so: the rota names the gap. A room is given again.

    Raises:
        NotInThisState: It was not called off.
        CannotRestore: It was never announced, its start is over, its host could not come, or
            something was recorded for it.
        NotVerified, BeyondScope: Its host may not do it at present.
        Taken: The host has given that time away; free ones are named.
    """
    standing = standing_of(session, livestream_id=livestream.id)
    livestream = reloaded(session, livestream.id, standing.broadcast_id)
    if rules.next_move(Event.RESTORE, standing.pair, standing.policy) is not None:
        _check_restorable(session, livestream, now)
    ended_at = session.get_one(Broadcast, standing.broadcast_id).end_requested_at
    restored = apply_event(session, livestream_id=livestream.id, event=Event.RESTORE, now=now)
    tell_left_out(session, livestream_id=livestream.id, ended_at=ended_at, now=now)
    return restored


def miss(session: Session, *, livestream_id: str, now: datetime) -> Livestream:
    """Give up a livestream that nobody began."""
    return apply_event(session, livestream_id=livestream_id, event=Event.MISS, now=now)


def encoder_arrived(session: Session, *, livestream_id: str, now: datetime) -> Livestream:
    """Note that an encoder pushes; with ``auto_start`` this is the start.

    Raises:
        GateShut: It would be the start, and something that going live needs is missing.
        NotInThisState: Nothing may be pushed now.
    """
    standing = _held(session, livestream_id)
    event = rules.arrival(standing.pair, auto_start=standing.auto_start)
    if event is Event.ENCODER_ARRIVED_AND_START:
        check_gate(session, livestream_id=livestream_id, now=now)
    return apply_event(session, livestream_id=livestream_id, event=event, now=now)


def encoder_left(session: Session, *, livestream_id: str, now: datetime) -> Livestream:
    """Note that the encoder is gone: a live broadcast is interrupted, a rehearsal is over."""
    return apply_event(session, livestream_id=livestream_id, event=Event.ENCODER_LEFT, now=now)


def close_window(session: Session, *, livestream_id: str, now: datetime) -> Livestream:
    """End a livestream whose encoder did not come back in time."""
    return apply_event(session, livestream_id=livestream_id, event=Event.WINDOW_CLOSED, now=now)


def imported(session: Session, *, livestream_id: str, now: datetime) -> Livestream:
    """Note that an uploaded talk is the recording of a livestream that never was live.

    The talk of a premiere is held for its start instead.
    """
    standing = _held(session, livestream_id)
    event = rules.arrival_of_talk(standing.pair[0], premiere=standing.premiere)
    return apply_event(session, livestream_id=livestream_id, event=event, now=now)


def check_gate(session: Session, *, livestream_id: str, now: datetime) -> None:
    """Refuse who may not go live at present.

    Raises:
        GateShut: Something that going live needs is missing; all of it is listed.
    """
    _refuse(start_gate(facts_of(session, livestream_id=livestream_id), now))


def check_release(session: Session, *, livestream_id: str, now: datetime) -> None:
    """Refuse an uploaded talk whose host may not show it at present; raises as above."""
    _refuse(release_gate(facts_of(session, livestream_id=livestream_id), now))


def drained(session: Session, *, livestream_id: str, now: datetime) -> Livestream:
    """Note that the last segment of an ended livestream is packaged: the broadcast is over."""
    return apply_event(session, livestream_id=livestream_id, event=Event.DRAINED, now=now)


def _check_restorable(session: Session, livestream: Livestream, now: datetime) -> None:
    faults = rules.restore_faults(
        announced_at=livestream.announced_at,
        starts_at=livestream.starts_at,
        host_wanted_at=livestream.host_wanted_at,
        has_media=newest_ingest(session, broadcast_id=livestream.broadcast_id) is not None,
        now=now,
    )
    if faults:
        raise CannotRestore(*(FieldError(fault.code, fault.reason) for fault in faults))
    check_verified(session, livestream=livestream, now=now)
    check_scope(session, livestream=livestream)


def _held(session: Session, livestream_id: str) -> Standing:
    """Return where a livestream stands; nobody changes it or its crew before this transaction ends.

    Whoever takes a moderator off holds the row too (``scheduler.duties``): they come before the
    gate is looked at, or find the livestream live.
    """
    held = select(Livestream.id).where(Livestream.id == livestream_id)
    session.execute(held.with_for_update(key_share=True))
    return standing_of(session, livestream_id=livestream_id)


def _refuse(gate: tuple[GateItem, ...]) -> None:
    if shut := missing(gate):
        raise GateShut(*(item.fault for item in shut))


def _drained_if_unowned(session: Session, livestream_id: str, now: datetime) -> Livestream:
    """Finish the broadcast when no encoder is there and no node holds it: nobody else would."""
    standing = standing_of(session, livestream_id=livestream_id)
    lease = standing.lease_until
    if standing.pair[1] is B.IDLE and (lease is None or lease <= database_now(session)):
        return apply_event(session, livestream_id=livestream_id, event=Event.DRAINED, now=now)
    return reloaded(session, livestream_id, standing.broadcast_id)
