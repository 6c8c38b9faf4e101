"""What hosts and moderators do to be ready. Services flush and never commit."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import CursorResult, case, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from catalog.models import Livestream
from core.orm import Base
from media.enums import IngestKind
from streams.readiness.errors import ScriptChanged
from streams.readiness.models import DeviceCheck, HostNotes, Presence, ScriptReading
from streams.readiness.rules import HERE, DeviceReport, check_report, report_of_feed, script
from streams.readiness.rules.devices import BROWSER, ENCODER

PRESENCE_KEPT: Final = timedelta(days=30)


def check_devices(
    session: Session, *, user_id: str, report: DeviceReport, now: datetime, source: str = BROWSER
) -> None:
    """Keep that somebody's camera and microphone work; the latest check replaces the former.

    Raises:
        InvalidInput: The check failed, or its figures make no sense.
    """
    check_report(report)
    values = {"checked_at": now, "details": report.as_details(source)}
    known = update(DeviceCheck).where(DeviceCheck.user_id == user_id).values(values)
    _put(session, known, DeviceCheck(user_id=user_id, **values))


def note_feed(
    session: Session, *, broadcast_id: str, kind: str, shape: Mapping[str, Any], now: datetime
) -> None:
    """Let a feed with picture and sound count as a check of its host's devices."""
    report = report_of_feed(shape)
    host_id = session.scalar(
        select(Livestream.host_id).where(Livestream.broadcast_id == broadcast_id)
    )
    if report is None or host_id is None:
        return
    source = BROWSER if kind == IngestKind.CHUNKS else ENCODER
    check_devices(session, user_id=host_id, report=report, now=now, source=source)


def read_script(session: Session, *, user_id: str, version: int, now: datetime) -> None:
    """Keep that somebody has read what to do when a person is at risk.

    Raises:
        ScriptChanged: ``version`` is not the present one.
    """
    if version != script().version:
        raise ScriptChanged
    mine = (ScriptReading.user_id == user_id, ScriptReading.version == version)
    known = update(ScriptReading).where(*mine).values(read_at=now)
    _put(session, known, ScriptReading(user_id=user_id, version=version, read_at=now))


def note_presence(session: Session, *, livestream_id: str, user_id: str, now: datetime) -> None:
    """Note that somebody is in the green room or the studio; who was away comes anew."""
    still_here = Presence.seen_at > now - HERE
    known = (
        update(Presence)
        .where(Presence.livestream_id == livestream_id, Presence.user_id == user_id)
        .values(came_at=case((still_here, Presence.came_at), else_=now), seen_at=now)
    )
    here = Presence(livestream_id=livestream_id, user_id=user_id, came_at=now, seen_at=now)
    _put(session, known, here)


def forget_old_presence(session: Session, now: datetime) -> None:
    """Forget who was in which green room a month ago; a job of the clock."""
    session.execute(delete(Presence).where(Presence.seen_at < now - PRESENCE_KEPT))


def forget_notes(session: Session, *, livestream_id: str) -> None:
    """Remove what the host wrote for themselves: the next one does not read it."""
    session.execute(delete(HostNotes).where(HostNotes.livestream_id == livestream_id))


def _put(session: Session, known: Any, new: Base) -> None:  # noqa: ANN401 -- an update
    """Write the row there is, or the first one; of two that come first the second writes over."""
    known = known.execution_options(synchronize_session=False)
    if cast("CursorResult[Any]", session.execute(known)).rowcount:
        return
    try:
        with session.begin_nested():
            session.add(new)
    except IntegrityError:
        session.execute(known)
