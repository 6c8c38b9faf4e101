"""Reads of the studio: notes, and what was recorded."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from catalog.models import Livestream
from media.enums import BroadcastState
from media.models import Broadcast, Ingest
from media.queries import newest_ingest
from media.recording import replay_rows
from streams.readiness.models import HostNotes


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a broadcast; ``seconds`` as long as the replay is, once it is whole."""

    seconds: float
    recorded: bool
    is_emptied: bool
    is_withheld: bool
    shown_from: datetime | None
    shown_until: datetime | None


def notes_of(session: Session, *, livestream_id: str) -> HostNotes | None:
    """Return the notes of the host, as the database has them now."""
    return session.get(HostNotes, livestream_id, populate_existing=True)


def recorded_of(session: Session, *, livestream_id: str, broadcast_id: str) -> Recorded:
    """Return what was recorded of a livestream."""
    livestream = session.get_one(Livestream, livestream_id)
    broadcast = session.get_one(Broadcast, broadcast_id)
    return Recorded(
        seconds=_seconds(session, broadcast),
        recorded=livestream.recorded,
        is_emptied=broadcast.emptied_at is not None,
        is_withheld=livestream.withheld_at is not None,
        shown_from=broadcast.shown_from,
        shown_until=broadcast.shown_until,
    )


def latest_feed(session: Session, *, broadcast_id: str) -> Ingest | None:
    """Return what arrives, or arrived last."""
    return newest_ingest(session, broadcast_id=broadcast_id)


def _seconds(session: Session, broadcast: Broadcast) -> float:
    """Return the length of the replay; nothing before all of it is in place."""
    if broadcast.state != BroadcastState.ENDED:
        return 0.0
    rows = replay_rows(session, broadcast_id=broadcast.id)
    return sum(row.duration_us for row in rows) / 1_000_000
