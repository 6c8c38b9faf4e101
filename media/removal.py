"""Takes all media of a broadcast away: rows, objects, and what this node kept on its disk.

What is removed may still be written to: by the node that packaged it, by the uploader, by a step
of the worker. So the writers are shut out first (:func:`shut_out`), then the rows go, and then the
objects, until a listing is empty: a writer that was in the middle of one object finds that its row
is gone and takes the object back. Every part may be repeated after a kill.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from core.settings import Settings
from core.work.enums import WorkState
from core.work.models import Work
from media import paths
from media.errors import StorageUnavailable
from media.models import (
    Asset,
    Broadcast,
    Ingest,
    InitSegment,
    Rendition,
    Run,
    Segment,
    TextTrack,
    TrackVersion,
    Upload,
    UploadPart,
)
from media.ports import ObjectStorage
from media.steps import StepContext

SHORTLY: Final = 0.5  # how many are left is not known; what matters is that a step may stop

ROUNDS: Final = 5  # a storage that keeps what it was told to remove must be named

Found = Callable[[int, int, int], None]
"""Told the number of the listing, from 0, and how many objects of how many bytes it has."""


def remove_media(context: StepContext) -> None:
    """Remove all objects of the broadcast ``context.subject``, and what this node kept of it.

    For a broadcast whose rows are gone already.
    """
    sweep(context, [paths.broadcast_prefix(context.subject)], found=lambda *_: None)
    forget_files(context.settings, context.subject)


def shut_out(session: Session, *, broadcast_id: str) -> None:
    """Let nobody write media of the broadcast any more, and no edge give out what it keeps."""
    session.execute(
        update(Broadcast)
        .where(Broadcast.id == broadcast_id)
        .values(
            node="", lease_until=None, epoch=Broadcast.epoch + 1, revision=Broadcast.revision + 1
        )
    )


def drop_work(session: Session, *, broadcast_id: str, but: str, now: datetime) -> bool:
    """Forget every step on the broadcast and its uploads; tell whether a worker was on one.

    It notices within a second, and leaves nothing behind. ``but`` is the kind that stays.
    """
    subjects = [broadcast_id, *upload_ids(session, broadcast_id=broadcast_id)]
    of_it = (Work.subject.in_(subjects), Work.kind != but)
    held = (Work.state == WorkState.RUNNING, Work.lease_until > now)
    busy = session.scalars(select(Work.id).where(*of_it, *held)).all()
    session.execute(delete(Work).where(*of_it))
    return bool(busy)


def upload_ids(session: Session, *, broadcast_id: str) -> list[str]:
    """Return the uploads that were ever begun for the broadcast."""
    mine = select(Upload.id).where(Upload.broadcast_id == broadcast_id)
    return list(session.scalars(mine.order_by(Upload.id)))


def delete_rows(session: Session, *, broadcast_id: str) -> dict[str, int]:
    """Delete every row of media but the broadcast itself; return how many, by table."""
    renditions = select(Rendition.id).where(Rendition.broadcast_id == broadcast_id)
    uploads = select(Upload.id).where(Upload.broadcast_id == broadcast_id)
    inits = delete(InitSegment).where(InitSegment.rendition_id.in_(renditions))
    parts = delete(UploadPart).where(UploadPart.upload_id.in_(uploads))
    tables = (Segment, Run, Ingest, Rendition, Asset, TextTrack, TrackVersion, Upload)
    statements = {InitSegment.__tablename__: inits, UploadPart.__tablename__: parts}
    for table in tables:
        statements[table.__tablename__] = delete(table).where(table.broadcast_id == broadcast_id)
    gone = {name: _count(session.execute(one)) for name, one in statements.items()}
    _forget_what_it_was(session, broadcast_id)
    return {name: number for name, number in gone.items() if number}


def note_emptied(session: Session, *, broadcast_id: str, now: datetime) -> None:
    """Write down that nothing is left."""
    session.execute(
        update(Broadcast)
        .where(Broadcast.id == broadcast_id)
        .values(emptied_at=now, revision=Broadcast.revision + 1)
    )


def sweep(context: StepContext, prefixes: Iterable[str], *, found: Found) -> None:
    """Remove every object below ``prefixes``; ``found`` is told of each listing before it goes.

    Raises:
        StorageUnavailable: Objects stay, or come back, whatever is done.
    """
    for prefix in prefixes:
        for number in range(ROUNDS):
            listed = dict(context.storage.list_sizes(prefix))
            if not listed:
                break
            found(number, len(listed), sum(listed.values()))
            for key in listed:
                context.storage.delete(key)
                context.progress(SHORTLY)
        else:
            raise StorageUnavailable(prefix, "its objects stay")


def measure(storage: ObjectStorage, prefixes: Iterable[str]) -> tuple[int, int]:
    """Return how many objects there are below ``prefixes``, and their bytes."""
    sizes = [size for prefix in prefixes for _key, size in storage.list_sizes(prefix)]
    return len(sizes), sum(sizes)


def forget_files(settings: Settings, broadcast_id: str) -> None:
    """Remove what this node has of a broadcast: segments, journals; harmless when repeated."""
    for folder in _folders(settings):
        shutil.rmtree(folder / broadcast_id, ignore_errors=True)


def kept_files(settings: Settings) -> Iterator[str]:
    """Yield the broadcasts of which this node has files; one may come twice."""
    for folder in _folders(settings):
        if folder.is_dir():
            yield from (one.name for one in folder.iterdir())


def _folders(settings: Settings) -> tuple[Path, ...]:
    return settings.spool, settings.journal


def _forget_what_it_was(session: Session, broadcast_id: str) -> None:
    """Leave nothing on the broadcast's own row that tells of its media."""
    session.execute(
        update(Broadcast)
        .where(Broadcast.id == broadcast_id)
        .values(faults=[], generation=0, generation_at=None, live_retired_at=None)
    )


def _count(result: object) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0
