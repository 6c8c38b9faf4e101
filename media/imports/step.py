"""The import of an uploaded file as a background step: all of it, or nothing that can be seen."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session, aliased

from core.clock import utc_now
from core.errors import Refusal
from media.enums import UploadState
from media.errors import StepTooSlow, StorageUnavailable
from media.feeds.ports import Shape
from media.ffmpeg.uploads import output_rate
from media.imports import errors
from media.imports.assembling import assemble
from media.imports.checks import look_into
from media.imports.errors import Unfit, UploadRefused
from media.imports.keeping import Keeper, next_run, write_rows
from media.imports.plans import SHORTEST_US, Facts, ImportPlan, plan_import
from media.imports.remuxing import Remux
from media.models import Upload, UploadPart
from media.plans import Source
from media.process import ProcessFailed
from media.steps import StepContext

ASSEMBLED: Final = 0.15  # share of the progress bar
READ: Final = 0.97
MISSING_US: Final = 2_000_000
MISSING_SHARE: Final = 0.02
"""A file may be this much shorter than it says: tracks of one file do not end together."""
TAKEN: Final = (
    UploadState.OPEN,
    UploadState.RECEIVED,
    UploadState.IMPORTING,
    UploadState.DONE,
)
"""States of a file beside which no other of the same broadcast is imported."""

Settle = Callable[[Session, datetime], None]
"""Says in the same transaction what the recording means for whom it belongs to."""


def import_upload(context: StepContext, *, upload_id: str, settle: Settle) -> None:
    """Make the uploaded file the recording of its broadcast.

    Raises:
        UploadRefused: It can never become one; the upload says why as well.
    """
    upload, parts = _begun(context, upload_id)
    if upload is None:
        return
    try:
        with context.folder() as folder:
            file = folder / "upload"
            assemble(context.within(0.0, ASSEMBLED), parts, file)
            keeper, plan = _segments(context, upload.broadcast_id, file)
        _keep(context, upload, keeper, plan, settle)
    except Refusal as refusal:
        _fail(context, upload_id, refusal)
        raise


def import_file(context: StepContext, *, broadcast_id: str, file: Path, settle: Settle) -> None:
    """Make a file of our own the recording of a broadcast; no upload has brought it.

    Raises:
        UploadRefused: It can never become one.
    """
    keeper, plan = _segments(context, broadcast_id, file)
    _write(context, keeper, plan, settle)


def _segments(context: StepContext, broadcast_id: str, file: Path) -> tuple[Keeper, ImportPlan]:
    """Turn the file into stored segments; copy the picture if its keyframes permit it."""
    plan = plan_import(look_into(file))
    with context.sessions() as session:
        run = next_run(session, broadcast_id=broadcast_id)
    keeper = Keeper(context.storage, broadcast_id, run)
    try:
        plan = _passes(context, plan, file, keeper)
        _check_length(plan.facts, keeper)
    except Refusal:
        with suppress(StorageUnavailable):
            keeper.discard()
        raise
    return keeper, plan


def _passes(context: StepContext, plan: ImportPlan, file: Path, keeper: Keeper) -> ImportPlan:
    if plan.video is Source.COPY:
        try:
            _pass(context, plan, file, keeper)
        except (Unfit, ProcessFailed):
            keeper.discard()
            plan = plan.encoded()
        else:
            return plan
    try:
        _pass(context, plan, file, keeper)
    except StepTooSlow as error:
        raise UploadRefused(errors.TOO_HEAVY) from error
    except ProcessFailed as error:
        raise UploadRefused(errors.UNREADABLE) from error
    return plan


def _pass(context: StepContext, plan: ImportPlan, file: Path, keeper: Keeper) -> None:
    progress = context.within(ASSEMBLED, READ).progress
    Remux(plan, file, keeper, progress, context.deadline).run()


def _check_length(facts: Facts, keeper: Keeper) -> None:
    """Refuse a file of which the end is missing, or that has next to nothing."""
    length = keeper.duration_us()
    if length < SHORTEST_US:
        raise UploadRefused(errors.UNREADABLE if facts.duration_us else errors.TOO_SHORT)
    if length + max(MISSING_US, facts.duration_us * MISSING_SHARE) < facts.duration_us:
        raise UploadRefused(errors.CUT_OFF)


def _begun(context: StepContext, upload_id: str) -> tuple[Upload | None, Sequence[UploadPart]]:
    """Note that the import runs; nothing is to be done for an upload that is done or was cancelled.

    One that failed is tried again: somebody has asked for it. Never beside another file, though:
    both would write the same objects, and what was released could change afterwards.
    """
    ready = (UploadState.RECEIVED, UploadState.IMPORTING, UploadState.FAILED)
    with context.sessions.begin() as session:
        if _is_replaced(session, upload_id):
            raise UploadRefused(errors.REPLACED)
        begun = session.execute(
            update(Upload)
            .where(Upload.id == upload_id, Upload.state.in_(ready))
            .values(state=UploadState.IMPORTING, reason="")
            .returning(Upload.id)
        ).scalar()
        upload = session.get(Upload, upload_id, populate_existing=True) if begun else None
        parts = select(UploadPart).where(UploadPart.upload_id == upload_id)
        found = session.scalars(parts.order_by(UploadPart.number)).all()
        session.expunge_all()
    if upload is not None and sum(part.size for part in found) != upload.size:
        refusal = UploadRefused(errors.PARTS_GONE)
        _fail(context, upload_id, refusal)
        raise refusal
    return upload, found


def _is_replaced(session: Session, upload_id: str) -> bool:
    """Tell whether another file of the same broadcast is on its way or has become its recording.

    One that was done before this one was begun may be a talk that waits for its premiere: this one
    takes its place, or whoever it belongs to refuses.
    """
    other = aliased(Upload)
    query = select(other.id).join(Upload, Upload.broadcast_id == other.broadcast_id)
    before = and_(other.state == UploadState.DONE, other.created_at < Upload.created_at)
    others = query.where(
        Upload.id == upload_id, other.id != upload_id, other.state.in_(TAKEN), ~before
    )
    return session.scalar(others.limit(1)) is not None


def _keep(
    context: StepContext, upload: Upload, keeper: Keeper, plan: ImportPlan, settle: Settle
) -> None:
    """Write every row in one transaction, the state of the upload among them."""

    def settle_all(session: Session, now: datetime) -> None:
        settle(session, now)
        done = update(Upload).where(Upload.id == upload.id, Upload.state == UploadState.IMPORTING)
        session.execute(done.values(state=UploadState.DONE, reason=""))

    _write(context, keeper, plan, settle_all)


def _write(context: StepContext, keeper: Keeper, plan: ImportPlan, settle: Settle) -> None:
    """Write every row in one transaction, then remove what nothing names any more."""
    now = utc_now()
    with context.sessions.begin() as session:
        settle(session, now)  # first: rows are locked in the order livestream, broadcast
        old = write_rows(session, keeper, shape=_shape(plan), mode=plan.mode, now=now)
    with suppress(StorageUnavailable):
        for key in old:
            context.storage.delete(key)


def _shape(plan: ImportPlan) -> Shape:
    """Return what the file carried, and the frame rate that viewers get."""
    picture, sound = plan.facts.picture, plan.facts.sound
    rate = 10.0 if picture is None else picture.frame_rate
    if plan.video is Source.ENCODE:
        rate = float(output_rate(rate))
    return Shape(
        video=picture.codec if picture else "",
        width=picture.width if picture else 0,
        height=picture.height if picture else 0,
        frame_rate=round(rate, 3),
        audio=sound.codec if sound else "",
        sample_rate=sound.sample_rate if sound else 0,
        channels=sound.channels if sound else 0,
    )


def _fail(context: StepContext, upload_id: str, refusal: Refusal) -> None:
    with context.sessions.begin() as session:
        session.execute(
            update(Upload)
            .where(Upload.id == upload_id, Upload.state == UploadState.IMPORTING)
            .values(state=UploadState.FAILED, reason=str(refusal))
        )
