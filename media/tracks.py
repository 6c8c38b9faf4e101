"""Captions and chapters of a recording: a row with the cues, and a WebVTT object that says so too.

The object comes first, as everywhere: a row never names what is not there. Its name carries a part
of its checksum, so an edge may keep it for ever; the object of replaced words stays behind unnamed,
which nobody is served, and goes with its broadcast.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.ids import new_id
from media import paths
from media.enums import TrackKind, TrackSource
from media.models import TextTrack
from media.ports import ObjectStorage
from media.webvtt import Cue, webvtt

MARK: Final = 8  # hex digits of the checksum in a name


def keep_track(
    session: Session,
    storage: ObjectStorage,
    *,
    broadcast_id: str,
    kind: TrackKind,
    language: str,
    source: TrackSource,
    cues: Iterable[tuple[int, int, str]],
    now: datetime,
) -> TextTrack:
    """Keep a text track in the place of the one of this kind and language; the caller commits.

    Args:
        session: Written to and flushed.
        storage: Where the WebVTT object goes.
        broadcast_id: Which recording.
        kind: What the text says.
        language: ``en`` or ``zh-Hans``.
        source: Who made it.
        cues: (start, end, text), milliseconds after the first second of the replay, in order.
        now: The present moment.

    Raises:
        WebvttInvalidError: The cues make no sense.
        StorageUnavailable: The object could not be stored; nothing has been changed.
    """
    kept = [Cue(*cue) for cue in cues]
    data = webvtt(kept).encode()
    key = track_key(broadcast_id, kind=kind, language=language, cues=kept)
    storage.put_bytes(key, data, content_type=paths.content_type(key))
    track = _track(session, broadcast_id, kind, language)
    track.source = source
    track.cues = [list(cue) for cue in kept]
    track.object_key, track.size = key, len(data)
    track.sha256 = hashlib.sha256(data).hexdigest()
    track.created_at = now
    session.add(track)
    session.flush()
    return track


def track_key(
    broadcast_id: str, *, kind: TrackKind, language: str, cues: Iterable[tuple[int, int, str]]
) -> str:
    """Return the key of the WebVTT object with these cues."""
    digest = hashlib.sha256(webvtt(cues).encode()).hexdigest()
    return paths.asset_key(broadcast_id, f"{kind}-{language.lower()}-{digest[:MARK]}.vtt")


def tracks_of(session: Session, broadcast_id: str) -> list[TextTrack]:
    """Return the text tracks of a recording, by kind and language."""
    order = (TextTrack.kind, TextTrack.language)
    query = select(TextTrack).where(TextTrack.broadcast_id == broadcast_id).order_by(*order)
    return list(session.scalars(query))


def _track(session: Session, broadcast_id: str, kind: TrackKind, language: str) -> TextTrack:
    query = select(TextTrack).where(
        TextTrack.broadcast_id == broadcast_id,
        TextTrack.kind == kind,
        TextTrack.language == language,
    )
    known = session.scalars(query).one_or_none()
    return known or TextTrack(id=new_id(), broadcast_id=broadcast_id, kind=kind, language=language)
