"""The rows of a ladder: renditions, segments as parts bring them, and whether all are there."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from core.ids import new_id
from core.work.enums import WorkState
from core.work.models import Work
from core.work.queries import find_work
from core.work.services import enqueue
from media import paths
from media.enums import RenditionKind
from media.errors import MediaError
from media.ladder import kinds
from media.ladder.plan import TARGET_SECONDS, LadderPlan, Part, PlannedSegment
from media.models import Broadcast, InitSegment, Rendition, Segment
from media.mp4 import Init


class InitDiffersError(MediaError):
    """A part was encoded with other parameters than the parts before it."""

    def __init__(self, key: str) -> None:
        super().__init__(f"another init segment is stored under {key}")


@dataclass(frozen=True, slots=True)
class MadeSegment:
    """A segment that is in storage: what its row says."""

    planned: PlannedSegment
    starts_us: int
    duration_us: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class MadeInit:
    """An init segment that is in storage, and the codec it announces."""

    size: int
    sha256: str
    codec: str


def ensure_rendition(
    session: Session,
    *,
    broadcast_id: str,
    generation: int,
    name: str,
    kind: RenditionKind,
    position: int,
    size: tuple[int, int] = (0, 0),
    frame_rate: float = 0.0,
) -> Rendition:
    """Return the rendition of that name, adding it the first time."""
    query = select(Rendition).where(Rendition.broadcast_id == broadcast_id, Rendition.name == name)
    found = session.scalar(query)
    if found is not None:
        return found
    made = Rendition(
        id=new_id(),
        broadcast_id=broadcast_id,
        generation=generation,
        name=name,
        kind=kind,
        position=position,
        target_duration=TARGET_SECONDS,
        width=size[0],
        height=size[1],
        frame_rate=frame_rate,
    )
    session.add(made)
    session.flush()
    return made


def renditions_of(session: Session, *, broadcast_id: str, generation: int) -> dict[str, Rendition]:
    """Return the renditions of one ladder by name."""
    query = select(Rendition).where(
        Rendition.broadcast_id == broadcast_id, Rendition.generation == generation
    )
    return {row.name: row for row in session.scalars(query.order_by(Rendition.position))}


def hold_broadcast(session: Session, *, broadcast_id: str) -> Broadcast:
    """Lock the broadcast, so that of two parts that finish at once one sees what both wrote."""
    query = select(Broadcast).where(Broadcast.id == broadcast_id).with_for_update()
    return session.execute(query.execution_options(populate_existing=True)).scalar_one()


def has_segments(session: Session, rendition: Rendition, planned: Sequence[PlannedSegment]) -> bool:
    """Return whether the rows of these segments are there: their part was finished."""
    numbers = [one.sequence for one in planned]
    query = select(func.count()).where(
        Segment.rendition_id == rendition.id, Segment.sequence.in_(numbers)
    )
    return bool(session.execute(query).scalar_one() == len(numbers))


def check_init(session: Session, *, key: str, made: MadeInit) -> bool:
    """Tell whether the init segment of a run is there already.

    Raises:
        InitDiffersError: Another one is there.
    """
    query = select(InitSegment.sha256).where(InitSegment.object_key == key)
    found = session.execute(query).scalar_one_or_none()
    if found not in {None, made.sha256}:
        raise InitDiffersError(key)
    return found is not None


def add_init(
    session: Session, rendition: Rendition, part: Part, made: MadeInit, *, now: datetime
) -> None:
    """Add the init segment of a run, or see that it is the one that is there.

    Raises:
        InitDiffersError: Another one is there.
    """
    key = paths.init_key(rendition.broadcast_id, rendition.name, part.run_number)
    if check_init(session, key=key, made=made):
        return
    session.add(
        InitSegment(
            run_id=part.run_id,
            rendition_id=rendition.id,
            object_key=key,
            size=made.size,
            sha256=made.sha256,
            uploaded_at=now,
        )
    )
    if not rendition.codecs:
        rendition.codecs = made.codec
    session.flush()


def add_segments(
    session: Session,
    rendition: Rendition,
    part: Part,
    made: Sequence[MadeSegment],
    *,
    now: datetime,
) -> None:
    """Insert the rows of one part; none of them may be there."""
    epoch = session.get_one(Broadcast, rendition.broadcast_id).epoch
    zero = datetime.fromisoformat(part.zero)
    rows = [
        {
            "rendition_id": rendition.id,
            "sequence": one.planned.sequence,
            "broadcast_id": rendition.broadcast_id,
            "run_id": part.run_id,
            "run_number": part.run_number,
            "epoch": epoch,
            "starts_us": one.starts_us,
            "duration_us": one.duration_us,
            "program_at": zero + timedelta(microseconds=one.starts_us),
            "object_key": paths.segment_key(
                rendition.broadcast_id, rendition.name, part.run_number, one.planned.sequence
            ),
            "size": one.size,
            "sha256": one.sha256,
            "uploaded_at": now,
        }
        for one in made
    ]
    session.execute(insert(Segment), rows)
    peak = max(one.size * 8_000_000 // one.duration_us for one in made)
    raised = update(Rendition).where(Rendition.id == rendition.id, Rendition.bandwidth < peak)
    session.execute(raised.values(bandwidth=peak))


def drop_segments(session: Session, rendition: Rendition) -> None:
    """Forget the segments and init segments of a rendition that nobody is shown."""
    session.execute(delete(Segment).where(Segment.rendition_id == rendition.id))
    session.execute(delete(InitSegment).where(InitSegment.rendition_id == rendition.id))


def plan_of(session: Session, *, broadcast_id: str, generation: int) -> LadderPlan | None:
    """Return what was planned for one ladder, if it has been."""
    work = find_work(session, kind=kinds.PLAN, subject=broadcast_id, revision=generation)
    if work is None or "parts" not in work.payload:
        return None
    return LadderPlan.from_json(work.payload)


def keep_plan(session: Session, *, work_id: str, plan: LadderPlan) -> None:
    """Store the plan with the work that made it."""
    session.execute(update(Work).where(Work.id == work_id).values(payload=plan.as_json()))


def is_complete(session: Session, *, broadcast_id: str, plan: LadderPlan) -> bool:
    """Return whether every rendition has as many segments as were planned."""
    query = (
        select(Rendition.name, func.count(Segment.sequence))
        .join(Segment, Segment.rendition_id == Rendition.id)
        .where(Rendition.broadcast_id == broadcast_id, Rendition.generation == plan.generation)
        .group_by(Rendition.name)
    )
    counts = {row[0]: row[1] for row in session.execute(query)}
    return counts == dict.fromkeys(plan.renditions, len(plan.segments))


def go_on_when_complete(
    session: Session, *, broadcast_id: str, generation: int, now: datetime
) -> None:
    """Ask for what follows the last part; whoever holds the broadcast sees all that is there."""
    plan = plan_of(session, broadcast_id=broadcast_id, generation=generation)
    if plan is None or not is_complete(session, broadcast_id=broadcast_id, plan=plan):
        return
    for kind in (kinds.PUBLISH, kinds.STORYBOARD) if plan.rungs else (kinds.PUBLISH,):
        enqueue(
            session,
            kind=kind,
            subject=broadcast_id,
            revision=generation,
            now=now,
            max_attempts=kinds.ATTEMPTS,
        )
    waiting = (Work.subject == broadcast_id, Work.revision == generation)
    session.execute(  # one that was tried too early need not wait for its next attempt
        update(Work)
        .where(*waiting, Work.kind == kinds.PUBLISH, Work.state == WorkState.QUEUED)
        .values(due_at=now)
    )


def made_init(init: Init) -> MadeInit:
    """Return what the row of an init segment says."""
    codec = ",".join(track.codec for track in init.tracks)
    return MadeInit(len(init.data), hashlib.sha256(init.data).hexdigest(), codec)
