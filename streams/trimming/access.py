"""Cutting on behalf of whoever runs a livestream, with the line in the audit log."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from accounts.rules import Actor
from accounts.services import record_audit
from catalog.access import livestream_to_run
from catalog.models import Livestream
from media.ports import ObjectStorage
from streams.trimming import services
from streams.trimming.errors import NoRecording
from streams.trimming.queries import Trimming, broadcast_of, is_cuttable, trimming_of


def recording_to_cut(session: Session, *, actor: Actor, livestream_id: str) -> Livestream:
    """Return a livestream that the actor runs and whose recording can be cut.

    Raises:
        NotFound, SignInNeeded, NotAllowed: As ``livestream_to_run``.
        NoRecording: It is not over, or nothing of it is kept.
    """
    livestream = livestream_to_run(session, livestream_id=livestream_id, actor=actor)
    if not is_cuttable(livestream, broadcast_of(session, livestream)):
        raise NoRecording
    return livestream


def trimming_for(session: Session, *, actor: Actor, livestream_id: str, now: datetime) -> Trimming:
    """Return how the recording is cut; raises as :func:`recording_to_cut`."""
    livestream = recording_to_cut(session, actor=actor, livestream_id=livestream_id)
    return trimming_of(session, broadcast=broadcast_of(session, livestream), now=now)


def trim_for(
    session: Session,
    storage: ObjectStorage,
    *,
    actor: Actor,
    livestream_id: str,
    start: float | None,
    end: float | None,
    revision: int | None,
    now: datetime,
) -> Trimming:
    """Cut, and write that down; raises as ``services.trim``."""
    livestream = recording_to_cut(session, actor=actor, livestream_id=livestream_id)
    made = services.trim(
        session,
        storage,
        livestream=livestream,
        start=start,
        end=end,
        revision=revision,
        now=now,
    )
    details = {"start_ms": made.start_us // 1000, "end_ms": made.end_us // 1000}
    _record(session, actor, "trim", livestream_id, now, details)
    return trimming_of(session, broadcast=broadcast_of(session, livestream), now=now)


def undo_for(
    session: Session,
    storage: ObjectStorage,
    *,
    actor: Actor,
    livestream_id: str,
    revision: int | None,
    now: datetime,
) -> Trimming:
    """Bring back what was cut off, and write that down; raises as ``services.undo``."""
    livestream = recording_to_cut(session, actor=actor, livestream_id=livestream_id)
    services.undo(session, storage, livestream=livestream, revision=revision, now=now)
    _record(session, actor, "undo_trim", livestream_id, now, {})
    return trimming_of(session, broadcast=broadcast_of(session, livestream), now=now)


def record_chapters(
    session: Session, *, actor: Actor, livestream_id: str, count: int, now: datetime
) -> None:
    """Write down that somebody edited the chapters of a replay."""
    _record(session, actor, "chapters", livestream_id, now, {"chapters": count})


def _record(
    session: Session,
    actor: Actor,
    act: str,
    livestream_id: str,
    now: datetime,
    details: dict[str, Any],
) -> None:
    record_audit(
        session,
        actor_id=actor.user_id,
        act=f"livestream.{act}",
        subject_kind="livestream",
        subject_id=livestream_id,
        now=now,
        details=details,
    )
