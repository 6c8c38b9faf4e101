"""Where the segments of an imported talk go: objects first, all rows together at the end.

No row means that no viewer can know of an object, so a step that is killed leaves nothing visible;
the next attempt writes the same objects again.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from core.ids import new_id
from media import paths
from media.enums import IngestKind, PackagerMode, RenditionKind
from media.feeds.ports import Shape
from media.imports.errors import RunTaken
from media.imports.remuxing import TARGET_SECONDS
from media.models import Broadcast, Ingest, InitSegment, Rendition, Run, Segment
from media.mp4 import Init
from media.packager import SOUND, SOURCE
from media.ports import ObjectStorage
from media.segmenter import Cut
from media.services import describe_rendition

KINDS: Final = {SOURCE: RenditionKind.MUXED, SOUND: RenditionKind.AUDIO}
MICROSECONDS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Kept:
    """An object in storage; the times are in microseconds, 0 for an init segment."""

    key: str
    size: int
    sha256: str
    starts_us: int = 0
    duration_us: int = 0


@dataclass(slots=True)
class Keeper:
    """Takes the output of a pass over a file (:class:`media.packager.Sink`)."""

    storage: ObjectStorage
    broadcast_id: str
    run: int
    inits: dict[str, Init] = field(default_factory=dict)
    init_objects: dict[str, Kept] = field(default_factory=dict)
    segments: dict[str, list[Kept]] = field(default_factory=dict)
    frames: int = 0

    def init(self, rendition: str, init: Init) -> None:
        """Store the init segment of a rendition."""
        key = paths.init_key(self.broadcast_id, rendition, self.run)
        self.inits[rendition] = init
        self.init_objects[rendition] = self._put(key, init.data)
        self.segments[rendition] = []

    def cut(self, rendition: str, cut: Cut) -> None:
        """Store a segment."""
        kept = self.segments[rendition]
        key = paths.segment_key(self.broadcast_id, rendition, self.run, len(kept))
        kept.append(self._put(key, cut.data, cut))
        if rendition == SOURCE:
            self.frames += cut.frames

    def duration_us(self) -> int:
        """Return the length of what has been stored."""
        return max((sum(o.duration_us for o in kept) for kept in self.segments.values()), default=0)

    def discard(self) -> None:
        """Remove every object again: nothing of them will be used."""
        segments = [one for kept in self.segments.values() for one in kept]
        for one in (*self.init_objects.values(), *segments):
            self.storage.delete(one.key)
        self.inits, self.init_objects, self.segments, self.frames = {}, {}, {}, 0

    def _put(self, key: str, data: bytes, cut: Cut | None = None) -> Kept:
        self.storage.put_bytes(key, data, content_type=paths.content_type(key))
        digest = hashlib.sha256(data).hexdigest()
        if cut is None:
            return Kept(key, len(data), digest)
        return Kept(key, len(data), digest, cut.starts_us, cut.duration_us)


def next_run(session: Session, *, broadcast_id: str) -> int:
    """Return the number of the next run; a rehearsal may have had some."""
    last = session.scalar(select(func.max(Run.number)).where(Run.broadcast_id == broadcast_id))
    return 0 if last is None else last + 1


def write_rows(
    session: Session, keeper: Keeper, *, shape: Shape, mode: PackagerMode, now: datetime
) -> list[str]:
    """Make the stored objects the recording of their broadcast, in place of any rehearsal.

    Returns:
        Object keys of the rehearsal, which nobody needs any more.

    Raises:
        RunTaken: An encoder has begun a run of the same number.
    """
    broadcast_id = keeper.broadcast_id
    epoch = _take_over(session, broadcast_id, now)
    if next_run(session, broadcast_id=broadcast_id) != keeper.run:
        raise RunTaken
    old = _forget_rehearsal(session, broadcast_id)
    run = _add_run(session, keeper, shape, mode, epoch, now)
    for position, name in enumerate(KINDS):
        if keeper.segments.get(name):
            _add_rendition(session, keeper, run, name, position, shape.frame_rate, epoch)
    session.flush()
    return old


def _take_over(session: Session, broadcast_id: str, now: datetime) -> int:
    """Shut out any node that still holds the broadcast; open it from ``now`` on."""
    return session.execute(
        update(Broadcast)
        .where(Broadcast.id == broadcast_id)
        .values(epoch=Broadcast.epoch + 1, node="", lease_until=None, opened_at=now, faults=[])
        .returning(Broadcast.epoch)
        .execution_options(synchronize_session=False)
    ).scalar_one()


def _forget_rehearsal(session: Session, broadcast_id: str) -> list[str]:
    runs = select(Run.id).where(Run.broadcast_id == broadcast_id)
    keys = [
        *session.scalars(select(Segment.object_key).where(Segment.broadcast_id == broadcast_id)),
        *session.scalars(select(InitSegment.object_key).where(InitSegment.run_id.in_(runs))),
    ]
    session.execute(delete(Segment).where(Segment.broadcast_id == broadcast_id))
    session.execute(delete(InitSegment).where(InitSegment.run_id.in_(runs)))
    for model in (Run, Ingest, Rendition):
        session.execute(delete(model).where(model.broadcast_id == broadcast_id))
    return keys


def _add_run(
    session: Session, keeper: Keeper, shape: Shape, mode: PackagerMode, epoch: int, now: datetime
) -> Run:
    ingest = Ingest(
        id=new_id(),
        broadcast_id=keeper.broadcast_id,
        number=0,
        kind=IngestKind.UPLOAD,
        epoch=epoch,
        started_at=now,
        closed_at=now,
        packaged_at=now,
        shape=shape.as_row(),
    )
    session.add(ingest)
    session.flush()
    run = Run(
        id=new_id(),
        broadcast_id=keeper.broadcast_id,
        ingest_id=ingest.id,
        number=keeper.run,
        mode=mode,
        program_at=now,
    )
    session.add(run)
    session.flush()
    return run


def _add_rendition(
    session: Session,
    keeper: Keeper,
    run: Run,
    name: str,
    position: int,
    frame_rate: float,
    epoch: int,
) -> None:
    kept, init = keeper.segments[name], keeper.init_objects[name]
    longest = max(one.duration_us for one in kept)
    rendition = Rendition(
        id=new_id(),
        broadcast_id=run.broadcast_id,
        name=name,
        kind=KINDS[name],
        position=position,
        target_duration=max(TARGET_SECONDS, round(longest / MICROSECONDS)),
        bandwidth=max(_rate(one) for one in kept),
    )
    session.add(rendition)
    describe_rendition(session, rendition=rendition, init=keeper.inits[name], frame_rate=frame_rate)
    session.execute(insert(InitSegment).values(_init_row(run, rendition, init, run.program_at)))
    rows = [
        _segment_row(run, rendition, number, one, epoch, run.program_at)
        for number, one in enumerate(kept)
    ]
    session.execute(insert(Segment), rows)


def _rate(one: Kept) -> int:
    return one.size * 8 * MICROSECONDS // max(one.duration_us, MICROSECONDS // 2)


def _init_row(run: Run, rendition: Rendition, init: Kept, now: datetime) -> dict[str, object]:
    return {
        "run_id": run.id,
        "rendition_id": rendition.id,
        "object_key": init.key,
        "size": init.size,
        "sha256": init.sha256,
        "uploaded_at": now,
    }


def _segment_row(
    run: Run, rendition: Rendition, number: int, one: Kept, epoch: int, now: datetime
) -> dict[str, object]:
    return {
        "rendition_id": rendition.id,
        "sequence": number,
        "broadcast_id": run.broadcast_id,
        "run_id": run.id,
        "run_number": run.number,
        "epoch": epoch,
        "starts_us": one.starts_us,
        "duration_us": one.duration_us,
        "program_at": run.program_at + timedelta(microseconds=one.starts_us),
        "object_key": one.key,
        "size": one.size,
        "sha256": one.sha256,
        "uploaded_at": now,
    }
