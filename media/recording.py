"""The segments of an ended broadcast as files to work on.

What is made from a recording is made from what viewers may see, so the final playlist says which
segments belong to it: never a rehearsal before the doors opened.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.database import Sessions, reading
from media import hls, paths
from media.enums import RenditionKind
from media.errors import NoSuchMedia, NotYetPlayable
from media.hls import SegmentRow
from media.models import Broadcast, Ingest, Rendition
from media.playlists import recorded_playlist
from media.ports import ObjectStorage

TRACKS: Final = {
    RenditionKind.MUXED: "video",
    RenditionKind.VIDEO: "video",
    RenditionKind.AUDIO: "audio",
}
"""The track of a feed that each kind of rendition is looked at for."""
PICTURES: Final = (RenditionKind.MUXED, RenditionKind.VIDEO)
CHUNK: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """One run of a rendition: its init segment and its segments in order, as object keys."""

    init_key: str
    segment_keys: tuple[str, ...]
    durations_us: tuple[int, ...]

    @property
    def duration_us(self) -> int:
        """Length in microseconds."""
        return sum(self.durations_us)


def recorded_runs(
    sessions: Sessions, *, broadcast_id: str, kind: RenditionKind, uncut: bool = False
) -> list[RecordedRun]:
    """Return the runs of the best rendition of ``kind``; none when no encoder sent its track.

    With ``uncut`` also what was cut off and is not removed yet.

    While live a missing track is filled with a still card or silence; nothing is made of those.
    """
    with reading(), sessions() as session:
        rendition = best_rendition(session, broadcast_id=broadcast_id, kind=kind)
        if rendition is None:
            return []
        rows = listed_rows(session, rendition, uncut=uncut)
    folder = paths.playlist_key(broadcast_id, rendition.name).rpartition("/")[0]
    runs = groupby(rows, key=lambda row: row.run_number)
    return [_run(folder, tuple(group)) for _, group in runs]


def best_rendition(
    session: Session, *, broadcast_id: str, kind: RenditionKind, generation: int | None = None
) -> Rendition | None:
    """Return the best rendition with what ``kind`` has; None when no encoder sent its track.

    Unless a ``generation`` is named, it is one made while live as long as those are kept, because
    every encode costs quality; afterwards one that is shown.
    """
    kinds = PICTURES if kind in PICTURES else (kind,)
    wanted = kept_generation(session, broadcast_id) if generation is None else generation
    query = (
        select(Rendition)
        .where(
            Rendition.broadcast_id == broadcast_id,
            Rendition.kind.in_(kinds),
            Rendition.generation == wanted,
        )
        .order_by(Rendition.position, Rendition.name)
    )
    found = session.execute(query).scalars().first()
    if found is None or not _was_sent(session, broadcast_id, TRACKS[kind]):
        return None
    return found


def kept_generation(session: Session, broadcast_id: str) -> int:
    """Return the best generation there is: 0 until the live segments have been retired."""
    row = session.execute(
        select(Broadcast.generation, Broadcast.live_retired_at).where(Broadcast.id == broadcast_id)
    ).one_or_none()
    return 0 if row is None or row.live_retired_at is None else int(row.generation)


def listed_sequences(session: Session, *, rendition: Rendition) -> frozenset[int]:
    """Return the sequence numbers of the segments that viewers were shown."""
    return frozenset(row.sequence for row in listed_rows(session, rendition))


def replay_rows(
    session: Session, *, broadcast_id: str, uncut: bool = False
) -> Sequence[SegmentRow]:
    """Return the segments that the clock of a replay runs over, of the best rendition kept."""
    query = (
        select(Rendition)
        .where(
            Rendition.broadcast_id == broadcast_id,
            Rendition.generation == kept_generation(session, broadcast_id),
        )
        .order_by(Rendition.position, Rendition.name)
    )
    found = session.scalars(query).first()
    return [] if found is None else listed_rows(session, found, uncut=uncut)


def listed_rows(
    session: Session, rendition: Rendition, *, uncut: bool = False
) -> Sequence[SegmentRow]:
    """Return the listed segments of a rendition, with their own sequence numbers.

    With ``uncut`` also those that were cut off and are not removed yet.
    """
    broadcast_id, name = rendition.broadcast_id, rendition.name
    try:
        text = recorded_playlist(session, broadcast_id=broadcast_id, rendition=name, uncut=uncut)
    except (NoSuchMedia, NotYetPlayable):
        return ()
    rows = hls.parse_media_playlist(text).rows()
    keys = (f"{paths.playlist_key(broadcast_id, name).rpartition('/')[0]}/{r.uri}" for r in rows)
    numbers = [paths.read_key(key).sequence for key in keys]
    return [replace(row, sequence=number) for row, number in zip(rows, numbers, strict=True)]


def write_run(
    run: RecordedRun, target: Path, *, storage: ObjectStorage, spool: Path
) -> Iterator[str]:
    """Write one run into ``target`` as a playable file; yield each key when it has been written."""
    with target.open("wb") as file:
        for key in (run.init_key, *run.segment_keys):
            for chunk in object_chunks(key, storage=storage, spool=spool):
                file.write(chunk)
            yield key


def object_chunks(key: str, *, storage: ObjectStorage, spool: Path) -> Iterator[bytes]:
    """Yield an object from this node's spool if it is still there, else from storage."""
    try:
        file = paths.spool_path(spool, key).open("rb")
    except FileNotFoundError:
        with storage.open_stream(key) as stream:
            yield from stream.chunks
        return
    with file:
        while chunk := file.read(CHUNK):
            yield chunk


def _was_sent(session: Session, broadcast_id: str, track: str) -> bool:
    """Return whether any encoder sent ``track``; one whose feed is not described may have."""
    shapes = session.execute(select(Ingest.shape).where(Ingest.broadcast_id == broadcast_id))
    known = [shape for shape in shapes.scalars() if shape]
    return not known or any(shape.get(track) for shape in known)


def _run(folder: str, rows: Sequence[SegmentRow]) -> RecordedRun:
    return RecordedRun(
        init_key=f"{folder}/{rows[0].init_uri}",
        segment_keys=tuple(f"{folder}/{row.uri}" for row in rows),
        durations_us=tuple(row.duration_us for row in rows),
    )
