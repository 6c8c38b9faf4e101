"""Keeping the room with its broadcast, so that a replay shows it without any row of a room."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from catalog.enums import LivestreamState
from catalog.models import Livestream
from core.database import Sessions, reading
from core.work.models import Work
from core.work.services import enqueue
from media import paths
from media.enums import BroadcastState
from media.models import Broadcast
from media.ports import ObjectStorage
from streams.polls.enums import PollState
from streams.polls.models import Poll
from streams.polls.queries import released_polls
from streams.polls.services import close_left_open
from streams.questions.queries import shown_questions
from streams.room.models import Room
from streams.room_state.queries import version_of_room
from streams.room_state.rules import archive_object

ARCHIVE: Final = "room_archive"
ATTEMPTS: Final = 6
LATEST: Final = timedelta(days=30)
"""So long after the end a room that was not kept yet is still kept with the broadcast."""
JSON: Final = "application/json"
OVER: Final = (LivestreamState.ENDED, LivestreamState.PUBLISHED)


def keep_rooms(session: Session, now: datetime) -> None:
    """Ask for every room that is over and changed since it was kept; for the clock.

    A poll that was left open is closed first, as nobody can answer it any more.
    """
    for livestream_id in session.scalars(_left_open()).all():
        close_left_open(session, livestream_id=livestream_id, now=now)
    for broadcast_id, version in session.execute(_changed(now)).all():
        enqueue(
            session,
            kind=ARCHIVE,
            subject=broadcast_id,
            revision=version,
            max_attempts=ATTEMPTS,
            now=now,
        )


def keep_room(sessions: Sessions, storage: ObjectStorage, *, broadcast_id: str) -> None:
    """Store the room as it stands beside its broadcast, in place of what was stored before.

    Harmless when repeated. A broadcast that is removed meanwhile gets nothing back.
    """
    with reading(), sessions() as session:
        room = _room_to_keep(session, broadcast_id)
    if room is None:
        return
    key = paths.room_key(broadcast_id)
    storage.put_bytes(key, json.dumps(room, ensure_ascii=False).encode(), content_type=JSON)
    with sessions.begin() as session:
        held = select(Broadcast.emptied_at).where(Broadcast.id == broadcast_id).with_for_update()
        row = session.execute(held).one_or_none()
        if row is None or row.emptied_at is not None:
            storage.delete(key)


def kept_room(storage: ObjectStorage, *, broadcast_id: str) -> Mapping[str, Any]:
    """Return the room that is kept with a broadcast.

    Raises:
        ObjectMissing: Nothing was kept: nobody asked anything, or all of it was removed.
    """
    room: Mapping[str, Any] = json.loads(storage.read_bytes(paths.room_key(broadcast_id)))
    return room


def _room_to_keep(session: Session, broadcast_id: str) -> Mapping[str, Any] | None:
    kept = select(Livestream.id).where(
        Livestream.broadcast_id == broadcast_id,
        Livestream.state.in_(OVER),
        Livestream.recorded,
        Livestream.withheld_at.is_(None),
    )
    livestream_id = session.scalar(kept)
    if livestream_id is None:
        return None
    return archive_object(
        shown_questions(session, livestream_id),
        released_polls(session, livestream_id=livestream_id),
        version=version_of_room(session, livestream_id=livestream_id),
    )


def _left_open() -> Any:  # noqa: ANN401 -- a statement
    return (
        select(Poll.livestream_id)
        .join(Livestream, Livestream.id == Poll.livestream_id)
        .where(Poll.state == PollState.OPEN, Livestream.state != LivestreamState.LIVE)
    )


def _changed(now: datetime) -> Any:  # noqa: ANN401 -- a statement
    """Select broadcasts that are over, with the number of changes of rooms not kept as they are.

    What was kept once follows every later change: a question that is taken back is gone there too.
    """
    is_kept = exists().where(Work.kind == ARCHIVE, Work.subject == Livestream.broadcast_id)
    asked = exists().where(
        Work.kind == ARCHIVE,
        Work.subject == Livestream.broadcast_id,
        Work.revision == Room.version,
    )
    return (
        select(Livestream.broadcast_id, Room.version)
        .join(Room, Room.livestream_id == Livestream.id)
        .join(Broadcast, Broadcast.id == Livestream.broadcast_id)
        .where(
            Livestream.state.in_(OVER),
            or_(Livestream.ended_at > now - LATEST, is_kept),
            Livestream.recorded,
            Livestream.withheld_at.is_(None),
            Broadcast.state == BroadcastState.ENDED,
            Broadcast.emptied_at.is_(None),
            Room.version > 0,
            ~asked,
        )
        .order_by(Livestream.ended_at)
    )
