"""Who may push: a stream key, a livestream in the right state, a broadcast this node may own."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.enums import LivestreamState
from media.enums import BroadcastState
from media.models import Broadcast
from streams.doors.keys import livestream_of_key
from streams.life import services as life
from streams.life.queries import standing_of

MAY_RECEIVE = frozenset({LivestreamState.SCHEDULED, LivestreamState.LIVE})


@dataclass(frozen=True, slots=True)
class Invitation:
    """A key that opens a livestream now."""

    livestream_id: str
    broadcast_id: str


def invitation_of(session: Session, *, key: str) -> Invitation | None:
    """Return what a stream key opens, or None: unknown, too early, over or being ended."""
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
    return Invitation(livestream_id, standing.broadcast_id)


def note_arrival(session: Session, *, livestream_id: str, now: datetime) -> None:
    """Move to ``receiving``; a publisher that replaces a stale one finds it there already."""
    if standing_of(session, livestream_id=livestream_id).pair[1] is not BroadcastState.RECEIVING:
        life.encoder_arrived(session, livestream_id=livestream_id, now=now)


def note_departure(session: Session, *, livestream_id: str, now: datetime) -> None:
    """Move away from ``receiving``; an end that came first has said all there is to say."""
    state, broadcast_state = standing_of(session, livestream_id=livestream_id).pair
    if state in MAY_RECEIVE and broadcast_state is BroadcastState.RECEIVING:
        life.encoder_left(session, livestream_id=livestream_id, now=now)
