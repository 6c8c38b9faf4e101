"""The first step of a ladder: look at the recording, decide, and ask for the work.

Everything is written in one transaction, so a plan is there whole or not at all.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.clock import utc_now
from core.database import reading
from core.work.models import Work
from core.work.services import enqueue
from media.enums import BroadcastState, RenditionKind
from media.errors import MediaError
from media.ladder import kinds
from media.ladder.plan import LadderPlan, Part, PlannedSegment, plan_parts, plan_segments
from media.ladder.rows import ensure_rendition, hold_broadcast, keep_plan, plan_of
from media.ladder.rungs import rungs_of
from media.ladder.source import SourceRun, look_at
from media.models import Broadcast
from media.queries import cut_of
from media.steps import StepContext
from media.window import Cut


class NotEndedError(MediaError):
    """A recording that grows is not made into a ladder."""

    def __init__(self, broadcast_id: str) -> None:
        super().__init__(f"broadcast {broadcast_id} has not ended")


class CutMeanwhileError(MediaError):
    """The recording was cut while it was looked at."""

    def __init__(self, broadcast_id: str) -> None:
        super().__init__(f"broadcast {broadcast_id} was cut meanwhile")


def enqueue_ladder(
    session: Session,
    *,
    broadcast_id: str,
    now: datetime,
    generation: int | None = None,
) -> None:
    """Ask for the next ladder of an ended broadcast; asking again changes nothing.

    Args:
        session: The caller commits.
        broadcast_id: Of what.
        now: The present.
        generation: Which ladder; the one after what is shown when None.
    """
    if generation is None:
        broadcast = session.get_one(Broadcast, broadcast_id)
        generation = broadcast.generation + 1
    enqueue(
        session,
        kind=kinds.PLAN,
        subject=broadcast_id,
        revision=generation,
        now=now,
        max_attempts=kinds.ATTEMPTS,
    )


def enqueue_next_ladder(session: Session, *, broadcast_id: str, now: datetime) -> None:
    """Ask for another ladder than any that was ever asked for; the caller commits."""
    planned = select(func.max(Work.revision)).where(
        Work.kind == kinds.PLAN, Work.subject == broadcast_id
    )
    latest = max(session.scalar(planned) or 0, session.get_one(Broadcast, broadcast_id).generation)
    enqueue_ladder(session, broadcast_id=broadcast_id, now=now, generation=latest + 1)


def plan_ladder(context: StepContext) -> None:
    """Decide rungs, segments and parts, and ask for them; nothing when nothing was shown.

    Raises:
        NotEndedError: The broadcast has not ended; trying again later is right.
        CutMeanwhileError: What is looked at was cut off; trying again is right.
    """
    if _is_planned(context):
        return
    cut = _cut(context)
    recording = look_at(context)
    if recording is None:
        return
    rungs = rungs_of(recording.picture, may_copy=recording.may_copy) if recording.picture else ()
    plan = LadderPlan(
        generation=context.revision,
        source={**recording.source, "cut": cut.as_json()},
        rungs=rungs,
        has_sound=recording.has_sound,
        frame_rate=recording.picture.frame_rate if recording.picture else 0.0,
        parts=parts_of(recording.runs),
    )
    context.progress(0.9)
    with context.sessions.begin() as session:
        hold_broadcast(session, broadcast_id=context.subject)
        if cut_of(session, broadcast_id=context.subject) != cut:
            raise CutMeanwhileError(context.subject)
        keep_plan(session, work_id=context.work_id, plan=plan)
        _add_renditions(session, context.subject, plan)
        _ask_for_parts(session, context.subject, plan, utc_now())


def _cut(context: StepContext) -> Cut:
    with reading(), context.sessions() as session:
        return cut_of(session, broadcast_id=context.subject)


def _is_planned(context: StepContext) -> bool:
    with reading(), context.sessions() as session:
        broadcast = session.get(Broadcast, context.subject)
        if broadcast is None:
            return True  # it was removed meanwhile
        if broadcast.state != BroadcastState.ENDED:
            raise NotEndedError(context.subject)
        planned = plan_of(session, broadcast_id=context.subject, generation=context.revision)
        return planned is not None or broadcast.generation >= context.revision


def _add_renditions(session: Session, broadcast_id: str, plan: LadderPlan) -> None:
    add = partial(ensure_rendition, session, broadcast_id=broadcast_id, generation=plan.generation)
    for position, (name, rung) in enumerate(plan.pictures.items()):
        add(
            name=name,
            kind=RenditionKind.VIDEO,
            position=position,
            size=(rung.width, rung.height),
            frame_rate=plan.frame_rate,
        )
    if plan.has_sound:
        name = kinds.sound_name(plan.generation)
        add(name=name, kind=RenditionKind.AUDIO, position=len(plan.pictures))


def _ask_for_parts(session: Session, broadcast_id: str, plan: LadderPlan, now: datetime) -> None:
    ask = partial(enqueue, session, subject=broadcast_id, now=now, max_attempts=kinds.ATTEMPTS)
    if plan.has_sound:
        ask(kind=kinds.SOUND, revision=plan.generation)
    for part in plan.parts if plan.rungs else ():
        ask(kind=kinds.PART, revision=kinds.part_revision(plan.generation, part.number))


def parts_of(runs: Sequence[SourceRun]) -> tuple[Part, ...]:
    """Divide the runs of a source into parts; segments are numbered through all runs."""
    parts: list[Part] = []
    sequence = 0
    for run in runs:
        segments: tuple[PlannedSegment, ...] = plan_segments(run.pieces, first_sequence=sequence)
        sequence += len(segments)
        parts += plan_parts(
            segments,
            first_number=len(parts),
            run_number=run.number,
            run_id=run.run_id,
            zero=run.zero.isoformat(),
        )
    return tuple(parts)
