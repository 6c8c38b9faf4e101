"""Which rungs viewers have been shown: those go on, and no other begins."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from media.models import Broadcast, Rendition, Segment
from media.packager import SOURCE
from media.rungs import RUNGS


def rungs_shown(session: Session, *, broadcast_id: str) -> Collection[str] | None:
    """Return the rungs with a segment that viewers may see; None while they may see none at all."""
    opened_at = session.get_one(Broadcast, broadcast_id).opened_at
    if opened_at is None:
        return None
    live = select(Rendition.id, Rendition.name).where(
        Rendition.broadcast_id == broadcast_id,
        Rendition.name.in_([SOURCE, *(rung.name for rung in RUNGS)]),
    )
    newest = {name: _newest(session, rendition_id) for rendition_id, name in session.execute(live)}
    shown = {name for name, row in newest.items() if row is not None and _end(row) > opened_at}
    return shown - {SOURCE} if shown else None


def _newest(session: Session, rendition_id: str) -> Segment | None:
    query = select(Segment).where(Segment.rendition_id == rendition_id)
    return session.scalars(query.order_by(Segment.sequence.desc()).limit(1)).first()


def _end(row: Segment) -> datetime:
    return row.program_at + timedelta(microseconds=row.duration_us)
