"""Who may push: a stream key, a livestream in the right state, a broadcast this node may own."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.enums import LivestreamState
from catalog.rules import is_verified
from core.errors import NotFound
from media.enums import BroadcastState
from media.models import Broadcast
from scheduler.errors import NotVerified
from streams.doors.chunks.errors import NotReceiving
from streams.doors.keys import livestream_of_key
from streams.life import services as life
from streams.life.queries import standing_of
from streams.life.rules import Event, arrival

MAY_RECEIVE = frozenset({LivestreamState.SCHEDULED, LivestreamState.LIVE})


@dataclass(frozen=True, slots=True)
class Invitation:
    """A key that opens a livestream now."""

    livestream_id: str
    broadcast_id: str
    host_id: str


def invitation_of(session: Session, *, key: str, now: datetime) -> Invitation | None:
    """Return what a stream key opens, or None: unknown, too early, over or being ended.

    Raises:
        NotVerified: The host may not send at ``now``.
        GateShut: This push would be the start, and something is missing for that.
    """
    livestream_id = livestream_of_key(session, key=key)
    if livestream_id is None:
        return None
    standing = standing_of(session, livestream_id=livestream_id)
    state, broadcast_state = standing.pair
    ending = session.scalar(
        select(Broadcast.end_requested_at).where(Broadcast.id == standing.broadcast_id)
    )
    if state not in MAY_RECEIVE or broadcast_state is BroadcastState.ENDED or ending is not None:
        return None
    if arrival(standing.pair, auto_start=standing.auto_start) is Event.ENCODER_ARRIVED_AND_START:
        life.check_gate(session, livestream_id=livestream_id, now=now)
    if not may_send(state, standing.host_verified_until, now):
        raise NotVerified
    return Invitation(livestream_id, standing.broadcast_id, standing.host_id)


def may_send(state: LivestreamState, verified_until: datetime | None, now: datetime) -> bool:
    """Tell whether a host may send at ``now``.

    A licence that expires in the middle of a show lets it finish, and its encoder come back; one
    that was withdrawn (None) does not.
    """
    if state is LivestreamState.LIVE:
        return verified_until is not None
    return is_verified(verified_until, now)


def invitation_by_chunks(
    session: Session, *, livestream_id: str, key: str, now: datetime
) -> Invitation:
    """Return what a key in a chunk's address opens.

    Raises:
        NotFound: It is not the key of this livestream.
        NotVerified, GateShut: As :func:`invitation_of`.
        NotReceiving: The livestream takes no media now.
    """
    check_key(session, livestream_id=livestream_id, key=key)
    invitation = invitation_of(session, key=key, now=now)
    if invitation is None:
        raise NotReceiving
    return invitation


def check_key(session: Session, *, livestream_id: str, key: str) -> None:
    """Refuse a key that is not this livestream's, as if there were nothing.

    Raises:
        NotFound: It is another's or nobody's.
    """
    if livestream_of_key(session, key=key) != livestream_id:
        raise NotFound


def note_arrival(session: Session, *, livestream_id: str, now: datetime) -> None:
    """Move to ``receiving``; a publisher that replaces a stale one finds it there already."""
    if standing_of(session, livestream_id=livestream_id).pair[1] is not BroadcastState.RECEIVING:
        life.encoder_arrived(session, livestream_id=livestream_id, now=now)


def note_departure(session: Session, *, livestream_id: str, now: datetime) -> None:
    """Move away from ``receiving``; an end that came first has said all there is to say."""
    state, broadcast_state = standing_of(session, livestream_id=livestream_id).pair
    if state in MAY_RECEIVE and broadcast_state is BroadcastState.RECEIVING:
        life.encoder_left(session, livestream_id=livestream_id, now=now)
