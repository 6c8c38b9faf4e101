"""What packagers make: runs, renditions, init segments and segments."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, insert, literal, select, update
from sqlalchemy.orm import Session

from core.ids import new_id
from media.enums import PackagerMode
from media.errors import LeaseLostError
from media.models import Broadcast, InitSegment, Rendition, Run, Segment
from media.mp4 import AUDIO, VIDEO, Init
from media.paths import init_key, segment_key
from media.segmenter import Cut
from media.services.leases import Lease, check_lease, held_by

MICROSECONDS = 1_000_000


def start_run(
    session: Session,
    lease: Lease,
    *,
    ingest_id: str,
    mode: PackagerMode,
    base_us: int,
    program_at: datetime,
) -> Run:
    """Add the next run; its timeline zero lies ``base_us`` after the first media of its ingest."""
    check_lease(session, lease)
    last = session.scalar(
        select(func.max(Run.number)).where(Run.broadcast_id == lease.broadcast_id)
    )
    run = Run(
        id=new_id(),
        broadcast_id=lease.broadcast_id,
        ingest_id=ingest_id,
        number=0 if last is None else last + 1,
        mode=mode,
        base_us=base_us,
        program_at=program_at,
    )
    session.add(run)
    session.flush()
    return run


def ensure_rendition(
    session: Session, *, broadcast_id: str, name: str, kind: str, position: int
) -> Rendition:
    """Return the rendition of that name, adding it the first time."""
    found = session.scalar(
        select(Rendition).where(Rendition.broadcast_id == broadcast_id, Rendition.name == name)
    )
    if found is not None:
        return found
    rendition = Rendition(
        id=new_id(), broadcast_id=broadcast_id, name=name, kind=kind, position=position
    )
    session.add(rendition)
    session.flush()
    return rendition


def describe_rendition(
    session: Session, *, rendition: Rendition, init: Init, frame_rate: float
) -> None:
    """Fill in what the first init segment says; later runs do not change what players were told."""
    if rendition.codecs:
        return
    picture, sound = init.track(VIDEO), init.track(AUDIO)
    rendition.codecs = ",".join(track.codec for track in (picture, sound) if track is not None)
    if picture is not None:
        rendition.width, rendition.height = picture.width, picture.height
        rendition.frame_rate = frame_rate
    session.add(rendition)
    session.flush()


def add_init(
    session: Session, run: Run, rendition: Rendition, *, size: int, sha256: str
) -> InitSegment:
    """Add the init segment of a run in a rendition."""
    row = InitSegment(
        run_id=run.id,
        rendition_id=rendition.id,
        object_key=init_key(run.broadcast_id, rendition.name, run.number),
        size=size,
        sha256=sha256,
    )
    session.add(row)
    session.flush()
    return row


def add_segment(
    session: Session,
    lease: Lease,
    run: Run,
    rendition: Rendition,
    *,
    sequence: int,
    cut: Cut,
    sha256: str,
) -> None:
    """Insert a segment's row if the epoch still holds.

    Raises:
        LeaseLostError: Another owner has the broadcast; nothing was written.
    """
    check_lease(session, lease)
    key = segment_key(lease.broadcast_id, rendition.name, run.number, sequence)
    values = {
        "rendition_id": rendition.id,
        "sequence": sequence,
        "broadcast_id": lease.broadcast_id,
        "run_id": run.id,
        "run_number": run.number,
        "epoch": lease.epoch,
        "starts_us": cut.starts_us,
        "duration_us": cut.duration_us,
        "program_at": run.program_at + timedelta(microseconds=cut.starts_us),
        "object_key": key,
        "size": len(cut.data),
        "sha256": sha256,
    }
    columns = Segment.__table__.c
    row = select(*(literal(value, columns[name].type) for name, value in values.items()))
    held = row.where(select(Broadcast.id).where(*held_by(lease)).exists())
    done = session.execute(
        insert(Segment).from_select(list(values), held),
        execution_options={"preserve_rowcount": True},  # else PostgreSQL's count of an INSERT is -1
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]  # an INSERT has a row count
        raise LeaseLostError(lease.broadcast_id)
    _raise_bandwidth(session, rendition, cut)
    _count_frames(session, rendition, cut)


def mark_uploaded(session: Session, rows: Sequence[Segment | InitSegment], *, now: datetime) -> int:
    """Note that object storage has these; return how many of them there still are."""
    known = 0
    for row in rows:
        model = type(row)
        done = session.execute(
            update(model).where(model.object_key == row.object_key).values(uploaded_at=now)
        )
        known += done.rowcount  # type: ignore[attr-defined]  # an UPDATE has a row count
    return known


def _raise_bandwidth(session: Session, rendition: Rendition, cut: Cut) -> None:
    peak = len(cut.data) * 8 * MICROSECONDS // max(cut.duration_us, MICROSECONDS // 2)
    session.execute(
        update(Rendition)
        .where(Rendition.id == rendition.id, Rendition.bandwidth < peak)
        .values(bandwidth=peak)
    )


def _count_frames(session: Session, rendition: Rendition, cut: Cut) -> None:
    """Tell players the frame rate of a feed that did not say one itself."""
    if not rendition.width or rendition.frame_rate or not cut.frames:
        return
    rendition.frame_rate = round(cut.frames * MICROSECONDS / cut.duration_us, 3)
    session.execute(
        update(Rendition)
        .where(Rendition.id == rendition.id, Rendition.frame_rate == 0)
        .values(frame_rate=rendition.frame_rate)
    )
