"""Earlier versions of text tracks: kept when something takes their place, moved by cuts.

A version says no more than the replay shows: what a cut takes away goes from it at once, and does
not come back with an undo. The track itself does, see :mod:`media.cuts.undo`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from core.ids import new_id
from media.models import TextTrack, TrackVersion
from media.webvtt import Cue

MOST: Final = 40
"""Versions of one language: the oldest go."""


def keep_version(session: Session, track: TextTrack, *, now: datetime) -> TrackVersion:
    """Keep a track as it is now, before something takes its place; the caller commits."""
    same = (
        TrackVersion.broadcast_id == track.broadcast_id,
        TrackVersion.kind == track.kind,
        TrackVersion.language == track.language,
    )
    last = session.scalar(select(func.max(TrackVersion.number)).where(*same)) or 0
    version = TrackVersion(
        id=new_id(),
        broadcast_id=track.broadcast_id,
        kind=track.kind,
        language=track.language,
        number=last + 1,
        source=track.source,
        cues=[list(cue) for cue in track.cues],
        kept_at=now,
    )
    session.add(version)
    session.flush()
    session.execute(delete(TrackVersion).where(*same, TrackVersion.number <= last + 1 - MOST))
    return version


def versions_of(session: Session, *, broadcast_id: str, kind: str) -> Sequence[TrackVersion]:
    """Return the earlier versions of the tracks of a kind, the latest first."""
    query = select(TrackVersion).where(
        TrackVersion.broadcast_id == broadcast_id, TrackVersion.kind == kind
    )
    return session.scalars(query.order_by(TrackVersion.language, TrackVersion.number.desc())).all()


def move_versions(session: Session, *, broadcast_id: str, by_ms: int, length_ms: int) -> None:
    """Let every version begin ``by_ms`` earlier and last ``length_ms``, as what is shown does."""
    query = select(TrackVersion).where(TrackVersion.broadcast_id == broadcast_id)
    for version in session.scalars(query):
        moved = (Cue(int(a) - by_ms, int(b) - by_ms, str(text)) for a, b, text in version.cues)
        within = ((max(a, 0), min(b, length_ms), text) for a, b, text in moved)
        version.cues = [list(cue) for cue in within if cue[0] < cue[1]]
    session.flush()
