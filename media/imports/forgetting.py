"""A talk that was brought in and is not wanted any more: its rows at once, its objects as work.

Runs stay as rows without segments: their numbers are in the names of objects, and no later run may
get one that is taken. So what is removed is never what came after.
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from core.work.models import Work
from core.work.services import enqueue
from media import paths
from media.errors import NoSuchMedia
from media.models import Asset, Broadcast, InitSegment, Rendition, Run, Segment, TextTrack
from media.steps import StepContext

FORGET: Final = "forget_talk"
ATTEMPTS: Final = 10


def forget_talk(
    session: Session, *, broadcast_id: str, kinds: Collection[str], now: datetime
) -> None:
    """Forget what was brought in and all that was made of it, and ask for its objects to go.

    Args:
        session: The caller commits.
        broadcast_id: Of what.
        kinds: The work that makes something of a recording: it is dropped. Whoever is in the
            middle of it notices within a second.
        now: The present.
    """
    last = select(func.max(Run.number)).where(Run.broadcast_id == broadcast_id)
    last_run = session.scalar(last)
    if last_run is None:
        return
    assets = _asset_keys(session, broadcast_id)
    session.execute(delete(Work).where(Work.subject == broadcast_id, Work.kind.in_(kinds)))
    _delete_rows(session, broadcast_id)
    enqueue(
        session,
        kind=FORGET,
        subject=broadcast_id,
        revision=last_run + 1,  # a talk has one run, which is the last
        payload={"assets": assets},
        now=now,
        max_attempts=ATTEMPTS,
    )


def remove_objects(context: StepContext) -> None:
    """Remove the objects of a talk that was forgotten; harmless when repeated."""
    doomed = set(context.payload["assets"])
    for key in list(_of_runs_before(context)):
        doomed.add(key)
    for number, key in enumerate(sorted(doomed)):
        context.progress(number / len(doomed))
        context.storage.delete(key)


def _of_runs_before(context: StepContext) -> Iterator[str]:
    """Yield the objects of all runs before the number that is the revision."""
    for key in context.storage.list_keys(paths.broadcast_prefix(context.subject)):
        try:
            run = paths.read_key(key).run
        except NoSuchMedia:
            continue
        if 0 <= run < context.revision:
            yield key


def _asset_keys(session: Session, broadcast_id: str) -> list[str]:
    assets = select(Asset.object_key).where(Asset.broadcast_id == broadcast_id)
    tracks = select(TextTrack.object_key).where(TextTrack.broadcast_id == broadcast_id)
    return [*session.scalars(assets), *session.scalars(tracks)]


def _delete_rows(session: Session, broadcast_id: str) -> None:
    renditions = select(Rendition.id).where(Rendition.broadcast_id == broadcast_id)
    session.execute(delete(InitSegment).where(InitSegment.rendition_id.in_(renditions)))
    for model in (Segment, Rendition, Asset, TextTrack):
        session.execute(delete(model).where(model.broadcast_id == broadcast_id))
    session.execute(
        update(Broadcast)
        .where(Broadcast.id == broadcast_id)
        .values(generation=0, generation_at=None, live_retired_at=None)
        .values(shown_from=None, shown_until=None, trimmed_at=None)
        .execution_options(synchronize_session=False)
    )
