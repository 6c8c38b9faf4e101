"""Reads of uploads: what is held of one, and how far its import is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.work.models import Work
from core.work.queries import find_work
from media.enums import UploadState
from media.models import Upload, UploadPart
from streams.uploads.rules import UNDER_WAY

IMPORT = "import_upload"
CLEAR = "clear_upload"


@dataclass(frozen=True, slots=True)
class UploadView:
    """An upload as its sender sees it; ``progress`` is 0 to 1 of what its state is about."""

    id: str
    name: str
    size: int
    part_size: int
    parts_held: tuple[int, ...]
    held: int
    state: str
    progress: float
    reason: str
    created_at: datetime
    completed_at: datetime | None


def newest_upload(session: Session, *, broadcast_id: str) -> Upload | None:
    """Return the upload of a broadcast that was begun last."""
    query = select(Upload).where(Upload.broadcast_id == broadcast_id)
    return session.scalars(query.order_by(Upload.created_at.desc(), Upload.id)).first()


def upload_under_way(session: Session, *, broadcast_id: str) -> Upload | None:
    """Return the upload that is coming in or being imported, if there is one."""
    query = select(Upload).where(Upload.broadcast_id == broadcast_id, Upload.state.in_(UNDER_WAY))
    return session.scalars(query.order_by(Upload.created_at)).first()


def count_open(session: Session, *, owner_id: str) -> int:
    """Return how many uploads of a person are not finished."""
    query = select(func.count()).where(
        Upload.owner_id == owner_id, Upload.state == UploadState.OPEN
    )
    return session.scalar(query) or 0


def count_uploads(session: Session, *, broadcast_id: str) -> int:
    """Return how many uploads a broadcast ever had."""
    query = select(func.count()).where(Upload.broadcast_id == broadcast_id)
    return session.scalar(query) or 0


def parts_of(session: Session, *, upload_id: str) -> Sequence[tuple[int, int]]:
    """Return (number, size) of every part that is stored, in order."""
    query = select(UploadPart.number, UploadPart.size).where(UploadPart.upload_id == upload_id)
    return [(row.number, row.size) for row in session.execute(query.order_by(UploadPart.number))]


def upload_view(session: Session, upload: Upload) -> UploadView:
    """Return what is known of an upload."""
    parts = parts_of(session, upload_id=upload.id)
    held = sum(size for _number, size in parts)
    return UploadView(
        id=upload.id,
        name=upload.name,
        size=upload.size,
        part_size=upload.part_size,
        parts_held=tuple(number for number, _size in parts),
        held=held,
        state=upload.state,
        progress=_progress(session, upload, held),
        reason=upload.reason,
        created_at=upload.created_at,
        completed_at=upload.completed_at,
    )


def import_work(session: Session, upload: Upload) -> Work | None:
    """Return the background step of an upload, if it has been asked for."""
    query = select(Work).where(Work.kind == IMPORT, Work.subject == upload.broadcast_id)
    rows = session.scalars(query).all()
    return next((one for one in rows if one.payload.get("upload") == upload.id), None)


def clearing_of(session: Session, *, upload_id: str) -> Work | None:
    """Return the step that removes the parts of an upload, if it has been asked for."""
    return find_work(session, kind=CLEAR, subject=upload_id, revision=1)


def _progress(session: Session, upload: Upload, held: int) -> float:
    if upload.state == UploadState.DONE:
        return 1.0
    if upload.state == UploadState.OPEN:
        return held / upload.size
    work = import_work(session, upload)
    return work.progress if work is not None else 0.0
