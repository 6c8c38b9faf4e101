"""A part whose objects are damaged is forgotten and made again."""

from collections.abc import Collection

from sqlalchemy import delete, update

from core.clock import utc_now
from core.work.enums import WorkState
from core.work.models import Work
from media.ladder import kinds
from media.ladder.plan import LadderPlan, Part
from media.ladder.rows import hold_broadcast, renditions_of
from media.models import InitSegment, Segment
from media.steps import StepContext


def make_again(context: StepContext, plan: LadderPlan, damaged: Collection[int]) -> None:
    """Drop the rows of every part with a damaged segment, and ask for it again.

    ``damaged`` are sequence numbers, -1 for an init segment: then every part is made again.
    """
    parts = [part for part in plan.parts if _is_hit(part, damaged)]
    now = utc_now()
    with context.sessions.begin() as session:
        hold_broadcast(session, broadcast_id=context.subject)
        rows = renditions_of(session, broadcast_id=context.subject, generation=plan.generation)
        ids = [row.id for row in rows.values()]
        for part in parts:
            first, last = part.segments[0].sequence, part.segments[-1].sequence
            session.execute(
                delete(Segment).where(
                    Segment.rendition_id.in_(ids), Segment.sequence.between(first, last)
                )
            )
        if -1 in damaged:
            session.execute(delete(InitSegment).where(InitSegment.rendition_id.in_(ids)))
        revisions = [kinds.part_revision(plan.generation, part.number) for part in parts]
        for kind, numbers in ((kinds.PART, revisions), (kinds.SOUND, [plan.generation])):
            session.execute(
                update(Work)
                .where(
                    Work.kind == kind,
                    Work.subject == context.subject,
                    Work.revision.in_(numbers),
                    Work.state == WorkState.DONE,
                )
                .values(state=WorkState.QUEUED, attempts=0, progress=0.0, due_at=now)
            )


def _is_hit(part: Part, damaged: Collection[int]) -> bool:
    return -1 in damaged or any(one.sequence in damaged for one in part.segments)
