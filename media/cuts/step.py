"""The step that removes for good what was cut off, once it may no longer be undone.

Rows go first, in one transaction that leaves the keys of their objects with the work: whenever the
step is killed, the next attempt removes what is left.
"""

from collections.abc import Iterator

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from core.clock import utc_now
from core.database import reading
from core.work.models import Work
from media.cuts.rules import may_undo
from media.cuts.undo import former_objects, objects_of, payload_of_objects, undo_of, work_of_cut
from media.ladder.rows import hold_broadcast, plan_of
from media.models import Asset, Broadcast, InitSegment, Rendition, Segment, TextTrack
from media.queries import cut_of
from media.steps import StepContext
from media.window import Cut, window_of


def remove_what_was_cut(context: StepContext) -> None:
    """Forget what is behind the line of a cut and delete it; harmless when repeated."""
    with context.sessions.begin() as session:
        if session.get(Broadcast, context.subject) is None:
            return
        hold_broadcast(session, broadcast_id=context.subject)
        _forget(session, context)
    with reading(), context.sessions() as session:
        keys = list(_unnamed(session, context))
    for number, key in enumerate(keys):
        context.progress(number / len(keys))
        context.storage.delete(key)


def _forget(session: Session, context: StepContext) -> None:
    """Forget rows, unless the cut was undone, or another has taken its place."""
    work = work_of_cut(session, context.subject)
    broadcast = session.get_one(Broadcast, context.subject)
    is_due = broadcast.trimmed_at is not None and not may_undo(broadcast.trimmed_at, utc_now())
    if work is None or work.id != context.work_id or not is_due:
        return
    keys = [*_forget_rows(session, broadcast), *former_objects(undo_of(work), broadcast.id)]
    work.payload = payload_of_objects(keys)
    session.execute(update(Broadcast).where(Broadcast.id == broadcast.id).values(trimmed_at=None))


def _forget_rows(session: Session, broadcast: Broadcast) -> list[str]:
    """Forget ladders that have what was cut off, and then the segments; return their keys."""
    keys: list[str] = []
    for rendition in _stale_renditions(session, broadcast):
        of_it = Segment.rendition_id == rendition.id
        keys += session.scalars(select(Segment.object_key).where(of_it))
        inits = select(InitSegment.object_key).where(InitSegment.rendition_id == rendition.id)
        keys += session.scalars(inits)
        session.execute(delete(Rendition).where(Rendition.id == rendition.id))
    for row in _cut_off(session, broadcast):
        keys.append(row.object_key)
        of_row = (Segment.rendition_id == row.rendition_id, Segment.sequence == row.sequence)
        session.execute(delete(Segment).where(*of_row))
    return keys


def _stale_renditions(session: Session, broadcast: Broadcast) -> list[Rendition]:
    """Return the renditions of ladders that are not shown and were made under another cut."""
    cut = cut_of(session, broadcast_id=broadcast.id)
    query = select(Rendition).where(
        Rendition.broadcast_id == broadcast.id,
        Rendition.generation.not_in((0, broadcast.generation)),
    )
    rows = session.scalars(query).all()
    cuts = {one: _cut_of_ladder(session, broadcast.id, one) for one in {r.generation for r in rows}}
    return [row for row in rows if cuts[row.generation] != cut]


def _cut_of_ladder(session: Session, broadcast_id: str, generation: int) -> Cut | None:
    plan = plan_of(session, broadcast_id=broadcast_id, generation=generation)
    return None if plan is None else plan.cut


def _cut_off(session: Session, broadcast: Broadcast) -> Iterator[Segment]:
    """Yield the segments that were shown once and lie behind the line now."""
    if broadcast.opened_at is None:
        return
    whole = window_of(broadcast.opened_at)
    shown = window_of(broadcast.opened_at, Cut(broadcast.shown_from, broadcast.shown_until))
    query = select(Segment).where(Segment.broadcast_id == broadcast.id)
    for row in session.scalars(query).all():
        times = (row.program_at, row.ends_at)
        if whole.shows(*times) and not shown.shows(*times):
            yield row


def _unnamed(session: Session, context: StepContext) -> Iterator[str]:
    """Yield the objects left to remove: another asset or text may have the same content."""
    work = session.get_one(Work, context.work_id)
    named = {
        *session.scalars(select(Asset.object_key).where(Asset.broadcast_id == context.subject)),
        *session.scalars(
            select(TextTrack.object_key).where(TextTrack.broadcast_id == context.subject)
        ),
    }
    waiting = work_of_cut(session, context.subject)
    if waiting is not None:  # what another cut could be undone with
        named |= set(former_objects(undo_of(waiting), context.subject))
    return (key for key in objects_of(work.payload) if key not in named)
