"""The background steps of uploads: the import, and the removal of parts."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from sqlalchemy import delete
from sqlalchemy.orm import Session

from core.clock import utc_now
from core.errors import _
from media.enums import UploadState
from media.imports.errors import SHOW_BEGAN, UploadRefused
from media.imports.forgetting import FORGET, forget_talk, remove_objects
from media.imports.step import import_upload
from media.jobs import STEPS as MADE
from media.jobs import enqueue_replay_steps
from media.models import Upload, UploadPart
from media.paths import upload_prefix
from media.steps import Step, StepContext
from streams.life.errors import NotInThisState
from streams.life.queries import livestream_of_broadcast, standing_of
from streams.life.rules import is_held
from streams.life.services import imported
from streams.uploads.queries import CLEAR, IMPORT
from streams.uploads.services import clear_later


def import_talk(context: StepContext) -> None:
    """Make the uploaded file the recording of its livestream, and ask for all that follows.

    Raises:
        UploadRefused: The file is not taken, or an encoder was faster.
    """
    upload_id = str(context.payload["upload"])

    def settle(session: Session, now: datetime) -> None:
        if _take_over(session, context.subject, now):
            forget_talk(session, broadcast_id=context.subject, kinds=MADE, now=now)
        enqueue_replay_steps(session, broadcast_id=context.subject, now=now)

    try:
        import_upload(context, upload_id=upload_id, settle=settle)
    except UploadRefused:
        _clear_soon(context, upload_id)
        raise
    _clear_soon(context, upload_id)


def clear_upload(context: StepContext) -> None:
    """Remove the parts of an upload that is over, from storage and from the tables."""
    over = (UploadState.DONE, UploadState.FAILED, UploadState.CANCELLED)
    with context.sessions() as session:
        upload = session.get(Upload, context.subject)
        if upload is not None and upload.state not in over:
            return
    for key in list(context.storage.list_keys(upload_prefix(context.subject))):
        context.storage.delete(key)
        context.progress(0.5)
    with context.sessions.begin() as session:
        session.execute(delete(UploadPart).where(UploadPart.upload_id == context.subject))


def _take_over(session: Session, broadcast_id: str, now: datetime) -> bool:
    """Move the livestream on; tell whether the file takes the place of a talk that was held."""
    livestream_id = livestream_of_broadcast(session, broadcast_id=broadcast_id)
    if livestream_id is None:
        raise UploadRefused(SHOW_BEGAN)
    was_held = is_held(standing_of(session, livestream_id=livestream_id).pair)
    try:
        imported(session, livestream_id=livestream_id, now=now)
    except NotInThisState as error:
        raise UploadRefused(SHOW_BEGAN) from error
    return was_held


def _clear_soon(context: StepContext, upload_id: str) -> None:
    with context.sessions.begin() as session:
        clear_later(session, upload_id=upload_id, now=utc_now())


STEPS: Final[Mapping[str, Step]] = MappingProxyType(
    {IMPORT: import_talk, CLEAR: clear_upload, FORGET: remove_objects}
)
"""What the worker runs besides the steps of media, by the kind of work."""

TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        IMPORT: _("Import of an uploaded talk"),
        CLEAR: _("Clean-up after an upload"),
        FORGET: _("Removal of the talk that was replaced or taken back"),
    }
)
"""What a person reads instead of the kind."""
