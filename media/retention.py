"""What is kept of a broadcast, and for how long. What is listed is never removed.

A day after a ladder is shown, what was made before it is retired: players that began with it have
long gone. A day after the end, segments of a rehearsal go, which nobody was ever shown. The clock
asks for the work (:func:`enqueue_retirements`); a step does it, and may be killed at any moment.
Of a generation the rows go first, so that nothing is listed that is not there.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Select, delete, exists, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.clock import utc_now
from core.database import reading
from core.work.models import Work
from core.work.services import enqueue
from media import paths
from media.enums import BroadcastState
from media.errors import NoSuchMedia
from media.models import Broadcast, InitSegment, Rendition, Segment
from media.steps import StepContext

RETIRE: Final = "retire"
KEPT: Final = timedelta(hours=24)
"""How long old playlists stay valid after a ladder is shown, and a rehearsal after the end."""
ATTEMPTS: Final = 6
REHEARSAL: Final = 0
"""Revision of the work on a broadcast's rehearsal; that of a generation is its number."""


def enqueue_retirements(session: Session, *, now: datetime) -> None:
    """Ask for the retirement of what is due; asking again changes nothing."""
    for broadcast_id, generation in session.execute(_replaced(now)).all():
        _ask(session, broadcast_id, generation, now)
    for broadcast_id in session.scalars(_rehearsed(now)).all():
        _ask(session, broadcast_id, REHEARSAL, now)


def retire(context: StepContext) -> None:
    """Remove what is due of one broadcast; harmless when repeated."""
    if context.revision == REHEARSAL:
        _remove_rehearsal(context)
        return
    with context.sessions.begin() as session:
        retire_generations(session, broadcast_id=context.subject, now=utc_now())
    _sweep(context)


def retire_generations(session: Session, *, broadcast_id: str, now: datetime) -> bool:
    """Forget the renditions before the one that is shown, if they are due; whether they were."""
    shown = session.execute(
        update(Broadcast)
        .where(Broadcast.id == broadcast_id, *_is_due(now))
        .values(live_retired_at=func.coalesce(Broadcast.live_retired_at, now))
        .returning(Broadcast.generation)
    ).scalar_one_or_none()
    if shown is None:
        return False
    older = (Rendition.broadcast_id == broadcast_id, Rendition.generation < shown)
    session.execute(delete(Rendition).where(*older))
    return True


def rehearsed_segments(session: Session, *, broadcast_id: str, now: datetime) -> list[Segment]:
    """Return the segments of an ended broadcast that were never shown, once they are due.

    The line is the one that playlists draw: what ends before the opening.
    """
    query = (
        select(Broadcast.opened_at, Segment)
        .join(Segment, Segment.broadcast_id == Broadcast.id)
        .where(Broadcast.id == broadcast_id, *_is_over(now), _BEGAN_BEFORE)
    )
    rows = session.execute(query).all()
    return [row for opened_at, row in rows if opened_at is None or _ends_at(row) <= opened_at]


def _remove_rehearsal(context: StepContext) -> None:
    """Remove objects and then rows: nobody is ever given these, and rows say what is left to do."""
    now = utc_now()
    with reading(), context.sessions() as session:
        segments = rehearsed_segments(session, broadcast_id=context.subject, now=now)
    for number, row in enumerate(segments):
        context.progress(number / len(segments))
        context.storage.delete(row.object_key)
    with context.sessions.begin() as session:
        for row in segments:
            of_row = (Segment.rendition_id == row.rendition_id, Segment.sequence == row.sequence)
            session.execute(delete(Segment).where(*of_row))
        keys = _unused_inits(session, context.subject) if segments else []
    for key in keys:
        context.storage.delete(key)


def _unused_inits(session: Session, broadcast_id: str) -> list[str]:
    """Forget the init segments of runs of which nothing is left, and return their keys."""
    used = exists().where(
        Segment.run_id == InitSegment.run_id, Segment.rendition_id == InitSegment.rendition_id
    )
    live = select(Rendition.id).where(
        Rendition.broadcast_id == broadcast_id, Rendition.generation == 0
    )
    unused = (InitSegment.rendition_id.in_(live), ~used)
    keys = list(session.scalars(select(InitSegment.object_key).where(*unused)))
    session.execute(delete(InitSegment).where(*unused))
    return keys


def _sweep(context: StepContext) -> None:
    """Remove every object of a rendition that has no row.

    Keys are listed before rows are read: a ladder that is being made has its renditions first, so
    whatever is listed of it is known.
    """
    keys = list(context.storage.list_keys(paths.broadcast_prefix(context.subject)))
    with reading(), context.sessions() as session:
        names = select(Rendition.name).where(Rendition.broadcast_id == context.subject)
        known = frozenset(session.scalars(names))
    gone = [key for key in keys if _rendition(key) not in {"", *known}]
    for number, key in enumerate(gone):
        context.progress(number / len(gone))
        context.storage.delete(key)


def _rendition(key: str) -> str:
    """Return the rendition that an object belongs to; nothing for what belongs to none."""
    try:
        return paths.read_key(key).rendition
    except NoSuchMedia:
        return ""


def _ask(session: Session, broadcast_id: str, revision: int, now: datetime) -> None:
    enqueue(
        session,
        kind=RETIRE,
        subject=broadcast_id,
        revision=revision,
        now=now,
        max_attempts=ATTEMPTS,
    )


def _replaced(now: datetime) -> Select[str, int]:
    older = exists().where(
        Rendition.broadcast_id == Broadcast.id, Rendition.generation < Broadcast.generation
    )
    asked = _asked(Broadcast.generation)
    return select(Broadcast.id, Broadcast.generation).where(*_is_due(now), older, ~asked)


def _rehearsed(now: datetime) -> Select[str]:
    some = exists().where(Segment.broadcast_id == Broadcast.id, _BEGAN_BEFORE)
    return select(Broadcast.id).where(*_is_over(now), some, ~_asked(REHEARSAL))


def _asked(revision: InstrumentedAttribute[int] | int) -> ColumnElement[bool]:
    return exists().where(
        Work.kind == RETIRE, Work.subject == Broadcast.id, Work.revision == revision
    )


def _is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Broadcast.state == BroadcastState.ENDED,
        Broadcast.generation > 0,
        Broadcast.generation_at <= now - KEPT,
        Broadcast.trimmed_at.is_(None),  # a cut may be undone, with what was made before it
    )


def _is_over(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (Broadcast.state == BroadcastState.ENDED, Broadcast.ended_at <= now - KEPT)


def _ends_at(row: Segment) -> datetime:
    return row.program_at + timedelta(microseconds=row.duration_us)


_BEGAN_BEFORE: Final = or_(Broadcast.opened_at.is_(None), Segment.program_at < Broadcast.opened_at)
