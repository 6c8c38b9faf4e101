"""Uploads on behalf of whoever runs a livestream."""

from datetime import datetime

from sqlalchemy.orm import Session

from accounts.rules import Actor
from accounts.services import record_audit
from catalog.access import livestream_to_run
from catalog.rules import is_id
from media.models import Upload
from streams.uploads import services
from streams.uploads.errors import NoSuchUpload
from streams.uploads.queries import UploadView, newest_upload, upload_view


def upload_for(session: Session, *, actor: Actor, livestream_id: str, upload_id: str) -> Upload:
    """Return an upload of a livestream that the actor runs.

    Raises:
        NotFound, SignInNeeded, NotAllowed: As ``livestream_to_run``.
        NoSuchUpload: It is none of this livestream.
    """
    livestream = livestream_to_run(session, livestream_id=livestream_id, actor=actor)
    upload = session.get(Upload, upload_id, populate_existing=True) if is_id(upload_id) else None
    if upload is None or upload.broadcast_id != livestream.broadcast_id:
        raise NoSuchUpload
    return upload


def newest_upload_for(session: Session, *, actor: Actor, livestream_id: str) -> UploadView | None:
    """Return the latest upload of a livestream that the actor runs."""
    livestream = livestream_to_run(session, livestream_id=livestream_id, actor=actor)
    upload = newest_upload(session, broadcast_id=livestream.broadcast_id)
    return None if upload is None else upload_view(session, upload)


def begin(
    session: Session, *, actor: Actor, livestream_id: str, name: str, size: int, now: datetime
) -> UploadView:
    """Begin an upload; raises as ``services.begin_upload`` does."""
    livestream = livestream_to_run(session, livestream_id=livestream_id, actor=actor)
    upload = services.begin_upload(
        session,
        livestream=livestream,
        owner_id=str(actor.user_id),
        name=name,
        size=size,
        now=now,
    )
    return upload_view(session, upload)


def complete(
    session: Session, *, actor: Actor, livestream_id: str, upload_id: str, now: datetime
) -> UploadView:
    """Complete an upload, and write that down."""
    upload = upload_for(session, actor=actor, livestream_id=livestream_id, upload_id=upload_id)
    services.complete_upload(session, upload=upload, now=now)
    _record(session, actor, "livestream.upload", livestream_id, upload, now)
    return upload_view(session, upload)


def cancel(
    session: Session, *, actor: Actor, livestream_id: str, upload_id: str, now: datetime
) -> UploadView:
    """Cancel an upload, and write that down."""
    upload = upload_for(session, actor=actor, livestream_id=livestream_id, upload_id=upload_id)
    services.cancel_upload(session, upload=upload, now=now)
    _record(session, actor, "livestream.cancel_upload", livestream_id, upload, now)
    return upload_view(session, upload)


def _record(
    session: Session, actor: Actor, act: str, livestream_id: str, upload: Upload, now: datetime
) -> None:
    record_audit(
        session,
        actor_id=actor.user_id,
        act=act,
        subject_kind="livestream",
        subject_id=livestream_id,
        now=now,
        details={"upload": upload.id, "size": upload.size},
    )
