"""The life of a premiere: begun and ended by the clock, taken back or released in place of it.

Services flush and never commit. Whoever asks is checked before, in :mod:`streams.premieres.access`.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

import structlog
from sqlalchemy import update
from sqlalchemy.orm import Session

from catalog.models import Livestream
from core.errors import Refusal
from media.enums import UploadState
from media.imports.forgetting import forget_talk
from media.jobs import STEPS as MADE
from media.models import Upload
from streams.life import services as life
from streams.life.errors import NotRecorded
from streams.life.rules import Event
from streams.premieres import queries
from streams.premieres.errors import NewTalkComing
from streams.uploads.queries import upload_under_way
from streams.uploads.rules import TAKEN_BACK

log = structlog.get_logger("mindcast.premieres")


def keep_time(session: Session, now: datetime) -> None:
    """Begin the premieres whose time has come, and end those whose talk is over.

    One whose gate is shut stays: its crew reads at the desk what is missing, and it begins when
    that is there, or is missed as any other.
    """

    def begin(livestream: Livestream) -> None:
        life.start(session, livestream=livestream, now=now)

    def end(livestream: Livestream) -> None:
        life.end(session, livestream=livestream, now=now)

    _each(session, queries.finished_premieres(session, now=now), end)
    _each(session, queries.due_premieres(session, now=now), begin)


def take_back(session: Session, *, livestream: Livestream, now: datetime) -> Livestream:
    """Remove the talk that is held; the livestream is live again, not a premiere.

    Raises:
        NewTalkComing: Another one is on its way in.
        NotInThisState: None is held.
    """
    _check_none_comes(session, livestream)
    life.apply_event(session, livestream_id=livestream.id, event=Event.TAKEN_BACK, now=now)
    forget_talk(session, broadcast_id=livestream.broadcast_id, kinds=MADE, now=now)
    was_it = (Upload.broadcast_id == livestream.broadcast_id, Upload.state == UploadState.DONE)
    gone = {"state": UploadState.CANCELLED, "reason": TAKEN_BACK}
    session.execute(update(Upload).where(*was_it).values(gone))
    return _no_premiere(session, livestream)


def release_instead(session: Session, *, livestream: Livestream, now: datetime) -> Livestream:
    """Make the talk that is held the recording, without a premiere; it waits for its release.

    Raises:
        NewTalkComing: Another one is on its way in.
        NotInThisState: None is held.
        NotRecorded: The talk would not be kept, but removed.
    """
    _check_none_comes(session, livestream)
    if not livestream.recorded:
        raise NotRecorded
    life.apply_event(session, livestream_id=livestream.id, event=Event.SKIPPED, now=now)
    return _no_premiere(session, livestream)


def _check_none_comes(session: Session, livestream: Livestream) -> None:
    if upload_under_way(session, broadcast_id=livestream.broadcast_id) is not None:
        raise NewTalkComing


def _no_premiere(session: Session, livestream: Livestream) -> Livestream:
    plain = update(Livestream).where(Livestream.id == livestream.id).values(premiere=False)
    session.execute(plain.execution_options(synchronize_session=False))
    return session.get_one(Livestream, livestream.id, populate_existing=True)


def _each(session: Session, ids: Sequence[str], act: Callable[[Livestream], None]) -> None:
    """Act on each; one that is refused, or that somebody else has just moved, steps aside."""
    for livestream_id in ids:
        try:
            with session.begin_nested():
                act(session.get_one(Livestream, livestream_id))
        except Refusal as refusal:
            log.debug("premiere waits", livestream=livestream_id, reason=str(refusal))
