"""What a ladder is made from: the best recorded segments.

It gives its runs to the plan, and to each part a file on this machine. An uploaded talk has become
segments before (``media.imports``). Times are those at
which pictures are shown, in microseconds on the timeline of the run.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.database import reading
from media import paths
from media.enums import RenditionKind
from media.errors import StepRefused
from media.ffmpeg.ladder import Clip
from media.ladder.boxes import delay_us
from media.ladder.plan import Part, SourcePiece
from media.ladder.rungs import Picture
from media.models import Rendition, Segment
from media.mp4 import AUDIO, VIDEO, Fragment, FragmentReader, Init
from media.recording import (
    best_rendition,
    kept_generation,
    listed_sequences,
    object_chunks,
)
from media.steps import StepContext

MICROSECONDS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class SourceRun:
    """One run of the source; ``zero`` is the wall time of its timeline zero."""

    number: int
    run_id: str
    zero: datetime
    pieces: tuple[SourcePiece, ...]
    sizes: Mapping[int, int] = field(default_factory=dict)
    """Bytes of each piece by its sequence number."""
    shape: tuple[str, int, int] = ("", 0, 0)
    """Codec, width and height of the picture."""
    frame_rate: float = 0.0
    """Counted in the first piece; what the feed said of itself goes first."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """The media of a part on this machine, and the frames of each planned segment if known."""

    clip: Clip
    frames: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Recording:
    """What there is to make a ladder from; ``source`` is what :func:`fetch_part` finds it by."""

    runs: list[SourceRun]
    picture: Picture | None
    has_sound: bool
    source: Mapping[str, Any]
    may_copy: bool = True


def look_at(context: StepContext) -> Recording | None:
    """Return what is recorded, or None when nothing of it was shown."""
    with reading(), context.sessions() as session:
        kept = kept_generation(session, context.subject)
        find = partial(best_rendition, session, broadcast_id=context.subject, generation=kept)
        picture, sound = find(kind=RenditionKind.MUXED), find(kind=RenditionKind.AUDIO)
        best = picture or sound
        rows = _rows(session, best) if best is not None else []
    if best is None or not rows:
        return None
    grouped = groupby(rows, key=lambda row: row.run_number)
    runs = [_run(context, best.name, tuple(group)) for _, group in grouped]
    shape = _picture(runs, best, sound) if picture is not None else None
    return Recording(runs, shape, sound is not None, {"rendition": best.name})


def fetch_part(
    context: StepContext, part: Part, *, source: Mapping[str, Any], folder: Path
) -> Fetched:
    """Bring the media of one part to this machine."""
    return _fetch_recorded(context, part, rendition=source["rendition"], folder=folder)


def _picture(runs: Sequence[SourceRun], rendition: Rendition, sound: Rendition | None) -> Picture:
    """Return what the picture of the runs is; the bytes of muxed sound are not its own."""
    rates = [rate for run in runs for rate in _rates(run)]
    length = sum(piece.duration_us for run in runs for piece in run.pieces)
    size = sum(size for run in runs for size in run.sizes.values())
    beside = sound.bandwidth if sound is not None and rendition.kind == RenditionKind.MUXED else 0
    codec, width, height = max((run.shape for run in runs), key=lambda shape: shape[1] * shape[2])
    return Picture(
        width,
        height,
        rendition.frame_rate or runs[0].frame_rate,
        codec,
        max(size * 8 * MICROSECONDS // max(length, 1) - beside, 0),
        max(max(rates, default=0) - beside, 0),
        alike=len({run.shape for run in runs}) == 1,
    )


def _fetch_recorded(context: StepContext, part: Part, *, rendition: str, folder: Path) -> Fetched:
    """Write the source of one part into a playable file; count its frames on the way."""
    file, reader, counts = folder / "source.mp4", FragmentReader(), dict.fromkeys(_pieces(part), 0)
    init = paths.init_key(context.subject, rendition, part.run_number)
    with file.open("wb") as out:
        _copy(context, init, out, reader)
        for done, sequence in enumerate(counts):
            key = paths.segment_key(context.subject, rendition, part.run_number, sequence)
            counts[sequence] = _copy(context, key, out, reader)
            context.progress(done / len(counts))
    frames = tuple(
        sum(counts[n] for n in range(one.first, one.last + 1) if n in counts)
        for one in part.segments
    )
    return Fetched(Clip(file), frames)


def _copy(
    context: StepContext,
    key: str,
    file: BinaryIO,
    reader: FragmentReader,
) -> int:
    """Append an object to a file; return the frames of the picture it has."""
    frames = 0
    spool = context.settings.spool
    for chunk in object_chunks(key, storage=context.storage, spool=spool):
        file.write(chunk)
        frames += sum(f.frames for f in reader.feed(chunk) if isinstance(f, Fragment))
    return frames


def _pieces(part: Part) -> Iterator[int]:
    for one in part.segments:
        yield from range(one.first, one.last + 1)


def _rows(session: Session, rendition: Rendition) -> Sequence[Segment]:
    """Return the segments that viewers were shown, in order."""
    listed = listed_sequences(session, rendition=rendition)
    query = select(Segment).where(Segment.rendition_id == rendition.id).order_by(Segment.sequence)
    return [row for row in session.scalars(query) if row.sequence in listed]


def _run(context: StepContext, rendition: str, rows: Sequence[Segment]) -> SourceRun:
    init, first = _opening(context, rendition, rows[0])
    track = init.track(VIDEO) or init.track(AUDIO)
    if track is None:
        raise StepRefused
    delay = delay_us(init, first.data)
    pieces = tuple(
        SourcePiece(row.sequence, row.starts_us + delay, row.duration_us) for row in rows
    )
    return SourceRun(
        rows[0].run_number,
        rows[0].run_id,
        rows[0].program_at - timedelta(microseconds=pieces[0].starts_us),
        pieces,
        {row.sequence: row.size for row in rows},
        (track.codec, track.width, track.height),
        round(first.frames * MICROSECONDS / max(first.duration_us, 1), 3),
    )


def _opening(context: StepContext, rendition: str, row: Segment) -> tuple[Init, Fragment]:
    """Return the init segment of a run and its first fragment."""
    reader, spool = FragmentReader(), context.settings.spool
    init_key = paths.init_key(context.subject, rendition, row.run_number)
    found: list[Init | Fragment] = []
    for key in (init_key, row.object_key):
        for chunk in object_chunks(key, storage=context.storage, spool=spool):
            found += reader.feed(chunk)
    fragments = [one for one in found if isinstance(one, Fragment)]
    if reader.init is None or not fragments:
        raise StepRefused
    return reader.init, fragments[0]


def _rates(run: SourceRun) -> Iterator[int]:
    """Yield the bits per second of about four seconds each: the peak a ladder would show."""
    for at in range(0, len(run.pieces), 4):
        some = run.pieces[at : at + 4]
        length = sum(piece.duration_us for piece in some)
        if length >= MICROSECONDS:
            yield sum(run.sizes[piece.sequence] for piece in some) * 8 * MICROSECONDS // length
