"""Setting and changing marks, and the chapters that they become. Services flush."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from catalog.enums import LivestreamState
from catalog.models import Livestream
from core.errors import FieldError, InvalidInput, _
from core.ids import new_id
from core.words import without_controls
from core.work.services import enqueue
from media.cuts.services import keep_whole_track
from media.cuts.undo import WholeTrack
from media.enums import TrackKind, TrackSource
from media.ladder.rows import hold_broadcast
from media.models import Broadcast, TextTrack
from media.ports import ObjectStorage
from media.premiere import premiere_of
from media.queries import last_program_end
from media.recording import replay_rows
from media.tracks import keep_track, tracks_of
from streams.marks.errors import NotOnAir
from streams.marks.models import Mark
from streams.marks.queries import count_marks, livestream_of, marked_without, marks_of
from streams.marks.rules import LONGEST_TITLE, MOST, Moment, as_chapters, bounded, chapters_of
from streams.room.services import open_room, say_changed

CHAPTERS: Final = "chapters"
ATTEMPTS: Final = 6
LATEST: Final = timedelta(days=1)
"""So long after the end it is seen to that marks become chapters."""
TOO_MANY: Final = _("There are already as many chapters as anybody reads.")
TOO_LONG: Final = _("Use at most 120 characters.")


def add_mark(
    session: Session, *, livestream: Livestream, at: datetime | None, title: str, now: datetime
) -> Mark:
    """Set a mark at the program time ``at``, or at the latest picture there is.

    Raises:
        NotOnAir: It is not live.
        InvalidInput: The title is too long, or there are too many marks.
    """
    broadcast = session.get_one(Broadcast, livestream.broadcast_id)
    if livestream.state != LivestreamState.LIVE or broadcast.opened_at is None:
        raise NotOnAir
    if count_marks(session, livestream_id=livestream.id) >= MOST:
        raise InvalidInput(FieldError("at", TOO_MANY))
    mark = Mark(
        id=new_id(),
        livestream_id=livestream.id,
        at=_within(session, broadcast, at, now),
        title=_checked_title(title),
    )
    session.add(mark)
    session.flush()
    _say_changed(session, livestream, now)
    return mark


def change_mark(
    session: Session,
    *,
    livestream: Livestream,
    mark: Mark,
    at: datetime | None,
    title: str | None,
    now: datetime,
) -> Mark:
    """Move a mark or name it; None leaves it as it is.

    Raises:
        InvalidInput: The title is too long.
    """
    broadcast = session.get_one(Broadcast, livestream.broadcast_id)
    if at is not None:
        mark.at = _within(session, broadcast, at, now)
    if title is not None:
        mark.title = _checked_title(title)
    session.flush()
    _say_changed(session, livestream, now)
    return mark


def remove_mark(session: Session, *, livestream: Livestream, mark: Mark, now: datetime) -> None:
    """Take a mark away."""
    session.delete(mark)
    session.flush()
    _say_changed(session, livestream, now)


def ask_for_chapters(session: Session, *, livestream_id: str, now: datetime) -> None:
    """Ask for the marks of a livestream that is over to become chapters of its replay."""
    if count_marks(session, livestream_id=livestream_id):
        livestream = session.get_one(Livestream, livestream_id)
        enqueue(
            session,
            kind=CHAPTERS,
            subject=livestream.broadcast_id,
            now=now,
            max_attempts=ATTEMPTS,
        )


def ask_for_missing_chapters(session: Session, now: datetime) -> None:
    """Ask for the chapters of what is over and was marked: no node ends a premiere; the clock."""
    for livestream_id in marked_without(session, kind=CHAPTERS, since=now - LATEST):
        ask_for_chapters(session, livestream_id=livestream_id, now=now)


def make_chapters(
    session: Session, storage: ObjectStorage, *, broadcast_id: str, now: datetime
) -> None:
    """Turn marks into chapters, unless somebody has written chapters already.

    They are those of the whole recording: a cut that was made before may be undone.
    """
    livestream = livestream_of(session, broadcast_id=broadcast_id)
    if livestream is None or not livestream.recorded or chapter_tracks(session, broadcast_id):
        return
    hold_broadcast(session, broadcast_id=broadcast_id)
    moments = [Moment(one.at, one.title) for one in marks_of(session, livestream_id=livestream.id)]
    rows = replay_rows(session, broadcast_id=broadcast_id, uncut=True)
    found = chapters_of(moments, rows, language=livestream.language)
    if found:
        track = WholeTrack(TrackKind.CHAPTERS, livestream.language, TrackSource.HUMAN, found)
        keep_whole_track(session, storage, broadcast_id=broadcast_id, track=track, now=now)


def write_chapters(
    session: Session,
    storage: ObjectStorage,
    *,
    livestream: Livestream,
    titles: dict[int, str],
    now: datetime,
) -> None:
    """Give a replay the chapters of these titles by their starts in milliseconds.

    Those that lie behind its end are left out; none at all removes the chapters.

    Raises:
        InvalidInput: A title is too long, or there are too many.
    """
    broadcast_id = livestream.broadcast_id
    rows = replay_rows(session, broadcast_id=broadcast_id)
    length_ms = sum(row.duration_us for row in rows) // 1000
    within = {at: _checked_title(title) for at, title in titles.items() if 0 <= at < length_ms}
    if len(within) > MOST:
        raise InvalidInput(FieldError("chapters", TOO_MANY))
    if not within:
        for track in chapter_tracks(session, broadcast_id):
            session.delete(track)
        session.flush()
        return
    found = as_chapters({0: "", **within}, length_ms=length_ms, language=livestream.language)
    _keep(session, storage, livestream, found, now)


def chapter_tracks(session: Session, broadcast_id: str) -> list[TextTrack]:
    """Return the chapters of a recording, one track for each language."""
    return [one for one in tracks_of(session, broadcast_id) if one.kind == TrackKind.CHAPTERS]


def _keep(
    session: Session,
    storage: ObjectStorage,
    livestream: Livestream,
    chapters: Sequence[tuple[int, int, str]],
    now: datetime,
) -> None:
    keep_track(
        session,
        storage,
        broadcast_id=livestream.broadcast_id,
        kind=TrackKind.CHAPTERS,
        language=livestream.language,
        source=TrackSource.HUMAN,
        cues=chapters,
        now=now,
    )


def _within(session: Session, broadcast: Broadcast, at: datetime | None, now: datetime) -> datetime:
    """Return ``at`` within what was recorded so far, with what has not arrived yet."""
    opened_at = broadcast.opened_at or now
    last = last_program_end(session, broadcast_id=broadcast.id)
    latest = max(last.ends_at, opened_at) if last is not None else opened_at
    if at is None:
        premiere = premiere_of(
            premiere_at=broadcast.premiere_at, opened_at=opened_at, ended_at=None
        )
        due_until = None if premiere is None else premiere.due_until(now)
        return latest if due_until is None else min(due_until, latest)
    until = max(latest + timedelta(seconds=30), now)  # what the host has still to send ends by now
    return bounded(at, opened_at=opened_at, until=until)


def _say_changed(session: Session, livestream: Livestream, now: datetime) -> None:
    """Let pages ask for the chapters anew; once it is over marks are nobody's but the crew's."""
    if livestream.state == LivestreamState.LIVE:
        open_room(session, livestream_id=livestream.id, now=now)
        say_changed(session, livestream_id=livestream.id)


def _checked_title(title: str) -> str:
    plain = without_controls(title).strip()
    if len(plain) > LONGEST_TITLE:
        raise InvalidInput(FieldError("title", TOO_LONG))
    return plain
