"""The life of an upload: begun, filled part by part, completed or cancelled, imported, cleared.

Every change of state is compare-and-set; nothing is committed here. A part is stored before its
row says so, and both before its sender is told: any process of the site can take any part.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from catalog.enums import LivestreamState as L
from catalog.models import Livestream
from core.ids import new_id
from core.work.enums import WorkState
from core.work.services import enqueue
from media.enums import BroadcastState, UploadState
from media.models import Broadcast, Upload, UploadPart
from media.paths import upload_prefix
from streams.life.services import check_release
from streams.uploads import rules
from streams.uploads.errors import (
    AnotherUpload,
    NotOpen,
    PartsMissing,
    TooLate,
    TooManyUploads,
)
from streams.uploads.queries import (
    CLEAR,
    IMPORT,
    count_open,
    count_uploads,
    import_work,
    parts_of,
    upload_under_way,
)

ATTEMPTS = 4
TAKING = (BroadcastState.IDLE, BroadcastState.ENDED)
"""Nothing has come in yet, or a talk is held that another may take the place of."""


def begin_upload(
    session: Session,
    *,
    livestream: Livestream,
    owner_id: str,
    name: str,
    size: int,
    now: datetime,
) -> Upload:
    """Begin an upload, or go on with the same file where it was left.

    Raises:
        InvalidInput: The file cannot be taken.
        TooLate, GateShut: The livestream takes none.
        AnotherUpload, TooManyUploads: There are others to be finished first.
    """
    kept = rules.check_file(name, size)
    _check_takes_uploads(session, livestream, now)
    known = upload_under_way(session, broadcast_id=livestream.broadcast_id)
    if known is not None:
        if (known.state, known.name, known.size) == (UploadState.OPEN, kept, size):
            return known
        raise AnotherUpload
    if count_open(session, owner_id=owner_id) >= rules.OPEN_PER_PERSON:
        raise TooManyUploads
    upload = Upload(
        id=new_id(),
        broadcast_id=livestream.broadcast_id,
        owner_id=owner_id,
        name=kept,
        size=size,
        part_size=rules.PART_SIZE,
        state=UploadState.OPEN,
        created_at=now,
    )
    session.add(upload)
    session.flush()
    return upload


def _check_takes_uploads(session: Session, livestream: Livestream, now: datetime) -> None:
    """Lock the broadcast, so that two begin one after the other, and look at its state."""
    lock = select(Broadcast.state).where(Broadcast.id == livestream.broadcast_id).with_for_update()
    state = session.scalar(lock)
    if L(livestream.state) not in rules.TAKES_UPLOADS or state not in TAKING:
        raise TooLate
    check_release(session, livestream_id=livestream.id, now=now)


def part_key(upload_id: str, number: int) -> str:
    """Return the object key of one part; parts lie outside what viewers can ask for."""
    return f"{upload_prefix(upload_id)}{number}"


def find_part(session: Session, *, upload_id: str, number: int) -> UploadPart | None:
    """Return a part that is stored."""
    return session.get(UploadPart, (upload_id, number), populate_existing=True)


def add_part(session: Session, *, upload: Upload, number: int, size: int, sha256: str) -> bool:
    """Note that a part is stored; tell whether it is new.

    Raises:
        NotOpen: The upload was completed or cancelled meanwhile.
    """
    locked = select(Upload.state).where(Upload.id == upload.id).with_for_update(read=True)
    if session.scalar(locked) != UploadState.OPEN:
        raise NotOpen
    part = UploadPart(
        upload_id=upload.id,
        number=number,
        size=size,
        sha256=sha256,
        object_key=part_key(upload.id, number),
    )
    try:
        with session.begin_nested():
            session.add(part)
    except IntegrityError:
        return False
    return True


def complete_upload(session: Session, *, upload: Upload, now: datetime) -> None:
    """Ask for the import; harmless when repeated.

    Raises:
        PartsMissing: Not every part is stored.
        NotOpen: It was cancelled or has failed.
    """
    parts = parts_of(session, upload_id=upload.id)
    if sum(size for _number, size in parts) != upload.size:
        raise PartsMissing
    if _move(session, upload, (UploadState.OPEN,), UploadState.RECEIVED, completed_at=now):
        revision = count_uploads(session, broadcast_id=upload.broadcast_id)
        payload = {"upload": upload.id}
        enqueue(
            session,
            kind=IMPORT,
            subject=upload.broadcast_id,
            revision=revision,
            payload=payload,
            now=now,
            max_attempts=ATTEMPTS,
        )
    elif upload.state not in {*rules.UNDER_WAY, UploadState.DONE}:
        raise NotOpen


def cancel_upload(
    session: Session, *, upload: Upload, now: datetime, reason: str = rules.CANCELLED
) -> None:
    """Give up an upload that is not finished, or was not taken; its parts are removed.

    Raises:
        NotOpen: It is being imported or is done.
    """
    given_up = (UploadState.OPEN, UploadState.FAILED, UploadState.CANCELLED)
    if not _move(session, upload, given_up, UploadState.CANCELLED, reason=reason):
        raise NotOpen
    clear_later(session, upload_id=upload.id, now=now)


def clear_later(session: Session, *, upload_id: str, now: datetime) -> None:
    """Ask for the parts of an upload to be removed from storage."""
    enqueue(session, kind=CLEAR, subject=upload_id, now=now, max_attempts=10)


def expire_uploads(session: Session, now: datetime) -> None:
    """Cancel what was not finished in time, and note imports that somebody stopped."""
    old = select(Upload).where(
        Upload.state.in_([UploadState.OPEN, UploadState.FAILED]),
        Upload.created_at <= now - rules.LIFE,
    )
    for upload in session.scalars(old).all():
        cancel_upload(session, upload=upload, now=now, reason=upload.reason or rules.EXPIRED)
    going = select(Upload).where(Upload.state.in_([UploadState.RECEIVED, UploadState.IMPORTING]))
    for upload in session.scalars(going).all():
        _note_stopped(session, upload)


def _note_stopped(session: Session, upload: Upload) -> None:
    """An import that nobody will take up again has failed; its parts wait for another try."""
    work = import_work(session, upload)
    if work is not None and work.state in {WorkState.FAILED, WorkState.CANCELLED}:
        reason = work.reason or rules.STOPPED
        _move(session, upload, rules.UNDER_WAY, UploadState.FAILED, reason=reason)


def _move(
    session: Session,
    upload: Upload,
    old: tuple[UploadState, ...],
    new: UploadState,
    **values: Any,  # noqa: ANN401 -- columns
) -> bool:
    """Set the state if it is one of ``old``; tell whether it was."""
    moved = session.execute(
        update(Upload)
        .where(Upload.id == upload.id, Upload.state.in_(old))
        .values(state=new, **values)
        .returning(Upload.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    session.refresh(upload)
    return moved is not None
