"""Reads of what belongs to a recording: three queries, however much there is."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from media.enums import RenditionKind, TrackKind
from media.models import Asset, Broadcast, Rendition, TextTrack
from media.paths import playlist_url, url_of_key
from media.tracks import tracks_of
from streams.recordings.rules import Chapter, Line, best_language, transcript_lines

LIVE_SOUND = "sound"  # the rendition without picture that is made while live


@dataclass(frozen=True, slots=True)
class File:
    """Something to fetch; ``size`` in bytes."""

    url: str
    size: int
    details: Mapping[str, int | float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Captions:
    """Captions in one language, and the same words as the lines of a transcript."""

    language: str
    source: str
    file: File
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Recording:
    """What a replay offers besides its picture; what has not been made is empty."""

    sound: str
    """Address of the playlist without picture."""
    captions: tuple[Captions, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    files: Mapping[str, File] = field(default_factory=dict)
    """By kind: ``poster``, ``sound``, ``storyvtt``."""


def recording_of(
    session: Session, *, broadcast_id: str, page_language: str, spoken: str
) -> Recording:
    """Return what there is of a recording, its captions in the order of preference.

    Args:
        session: Only read from.
        broadcast_id: Which recording.
        page_language: What the reader reads; decides about chapters too.
        spoken: The language of the talk.
    """
    tracks = tracks_of(session, broadcast_id)
    chapters = _chapters(tracks, page_language, spoken)
    captions = [_captions(one, chapters) for one in tracks if one.kind == TrackKind.CAPTIONS]
    first = best_language([one.language for one in captions], page=page_language, spoken=spoken)
    return Recording(
        sound=sound_playlist(session, broadcast_id),
        captions=tuple(sorted(captions, key=lambda one: one.language != first)),
        chapters=tuple(chapters),
        files=_files(session, broadcast_id),
    )


def sound_playlist(session: Session, broadcast_id: str) -> str:
    """Return the address of the playlist without picture: that of the shown generation."""
    query = (
        select(Rendition.name)
        .join(Broadcast, Broadcast.id == Rendition.broadcast_id)
        .where(
            Broadcast.id == broadcast_id,
            Rendition.kind == RenditionKind.AUDIO,
            Rendition.generation == Broadcast.generation,
        )
    )
    return playlist_url(broadcast_id, session.scalar(query) or LIVE_SOUND)


def _files(session: Session, broadcast_id: str) -> dict[str, File]:
    query = select(Asset.kind, Asset.object_key, Asset.size, Asset.details).where(
        Asset.broadcast_id == broadcast_id
    )
    return {
        kind: File(url_of_key(key), size, details)
        for kind, key, size, details in session.execute(query)
    }


def _captions(track: TextTrack, chapters: list[Chapter]) -> Captions:
    cues = ((int(start), int(end), str(text)) for start, end, text in track.cues)
    breaks = [chapter.start_ms for chapter in chapters]
    lines = transcript_lines(cues, language=track.language, breaks=breaks)
    file = File(url_of_key(track.object_key), track.size)
    return Captions(track.language, track.source, file, tuple(lines))


def _chapters(tracks: list[TextTrack], page_language: str, spoken: str) -> list[Chapter]:
    by_language = {one.language: one for one in tracks if one.kind == TrackKind.CHAPTERS}
    chosen = best_language(list(by_language), page=page_language, spoken=spoken)
    cues = by_language[chosen].cues if chosen else []
    return [Chapter(int(start), str(title)) for start, _end, title in cues]
