"""Lines typed while live, and the captions of the replay that they become."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from catalog.enums import LivestreamState
from catalog.models import Livestream
from core.errors import Busy, FieldError, InvalidInput, _
from core.words import LANGUAGES
from core.work.services import enqueue
from media.captions.editing import plain
from media.captions.recognising import SPEECH
from media.captions.whisper import BY_ITSELF, is_installed
from media.cuts.services import keep_whole_track
from media.cuts.undo import WholeTrack
from media.enums import TrackKind, TrackSource
from media.ladder.rows import hold_broadcast
from media.models import Broadcast
from media.ports import ObjectStorage
from media.recording import replay_rows
from media.showing import premiere_shift
from media.track_versions import keep_version
from streams.captions.errors import NotOnAir
from streams.captions.models import LiveCaption
from streams.captions.queries import (
    last_number,
    track_row,
    typed_and_over,
    unneeded_lines,
    unwritten,
)
from streams.captions.rules import MOST_LINES, MOST_TYPED, Typed, live_cues, said_at
from streams.captions.services.tracks import UNKNOWN_LANGUAGE, enqueue_speech
from streams.marks.queries import livestream_of

TYPED: Final = "typed_captions"
LATEST: Final = timedelta(days=1)
"""So long after the end it is seen to that a replay gets captions."""
KEPT: Final = timedelta(days=7)
TRIES: Final = 8
NO_WORDS: Final = _("Type some words first.")
TOO_LONG: Final = _("Send at most 2,000 characters at once.")
TOO_MANY: Final = _("There are as many lines as captions may have.")


def type_line(
    session: Session,
    *,
    livestream: Livestream,
    language: str,
    text: str,
    age_ms: int,
    now: datetime,
) -> LiveCaption:
    """Add a line to the captions that viewers read now.

    ``age_ms`` is how long ago its words were said.

    Raises:
        NotOnAir: It is not live.
        InvalidInput: It has no words, or too many, or the language is not one of the site's.
        Busy: Others type so fast that no number could be had.
    """
    broadcast = session.get_one(Broadcast, livestream.broadcast_id)
    if livestream.state != LivestreamState.LIVE or broadcast.opened_at is None:
        raise NotOnAir
    line = LiveCaption(
        livestream_id=livestream.id,
        language=language,
        text=_checked(language, text),
        starts_at=said_at(now, age_ms=age_ms, opened_at=broadcast.opened_at),
    )
    for _try in range(TRIES):
        line.number = last_number(session, livestream_id=livestream.id) + 1
        if line.number > MOST_LINES:
            raise InvalidInput(FieldError("text", TOO_MANY))
        try:
            with session.begin_nested():
                session.add(line)
        except IntegrityError:  # another captioner took the number
            continue
        return line
    raise Busy


def take_back(session: Session, *, livestream: Livestream, number: int) -> None:
    """Leave out a line that should not have been sent; who has read it has."""
    session.execute(
        update(LiveCaption)
        .where(LiveCaption.livestream_id == livestream.id, LiveCaption.number == number)
        .values(text="")
        .execution_options(synchronize_session="fetch")
    )


def keep_typed(
    session: Session, storage: ObjectStorage, *, broadcast_id: str, now: datetime
) -> None:
    """Turn typed lines into captions of the replay, one track for each language.

    They are those of the whole recording: a cut that was made before may be undone. What somebody
    has brought meanwhile stays; what a program has made goes. Lines of a premiere lie on the clock
    that its viewers saw, later than that of the recording.
    """
    livestream = livestream_of(session, broadcast_id=broadcast_id)
    if livestream is None or not livestream.recorded or livestream.withheld_at is not None:
        return
    shift = premiere_shift(hold_broadcast(session, broadcast_id=broadcast_id))
    rows = replay_rows(session, broadcast_id=broadcast_id, uncut=True)
    lines = session.scalars(
        select(LiveCaption).where(LiveCaption.livestream_id == livestream.id)
    ).all()
    for language in LANGUAGES:
        typed = [
            Typed(one.starts_at - shift, one.text) for one in lines if one.language == language
        ]
        cues = live_cues(typed, rows, language=language)
        if cues and _make_room(session, broadcast_id, language, now):
            track = WholeTrack(TrackKind.CAPTIONS, language, TrackSource.LIVE, cues)
            keep_whole_track(session, storage, broadcast_id=broadcast_id, track=track, now=now)
    if rows:
        _forget(session, [livestream.id])


def ask_for_missing(session: Session, now: datetime) -> None:
    """Ask for the captions of what is over: from typed lines, else from a speech engine."""
    since = now - LATEST
    for broadcast_id in typed_and_over(session, kind=TYPED, since=since):
        enqueue(session, kind=TYPED, subject=broadcast_id, now=now, max_attempts=6)
    if is_installed():
        for broadcast_id, language in unwritten(
            session, kind=SPEECH, since=since, languages=BY_ITSELF
        ):
            enqueue_speech(session, broadcast_id=broadcast_id, language=language, now=now)


def forget_unneeded(session: Session, now: datetime) -> None:
    """Forget lines of what is over and not kept: their words are what nobody was to keep."""
    _forget(session, unneeded_lines(session, before=now - KEPT))


def _make_room(session: Session, broadcast_id: str, language: str, now: datetime) -> bool:
    former = track_row(session, broadcast_id=broadcast_id, language=language)
    if former is None:
        return True
    if former.source != TrackSource.AUTOMATIC:
        return False
    keep_version(session, former, now=now)
    return True


def _forget(session: Session, livestreams: Iterable[str]) -> None:
    ids = list(livestreams)
    if ids:
        session.execute(delete(LiveCaption).where(LiveCaption.livestream_id.in_(ids)))


def _checked(language: str, text: str) -> str:
    if language not in LANGUAGES:
        raise InvalidInput(FieldError("language", UNKNOWN_LANGUAGE))
    words = " ".join(plain(text).split("\n"))
    if not words:
        raise InvalidInput(FieldError("text", NO_WORDS))
    if len(words) > MOST_TYPED:
        raise InvalidInput(FieldError("text", TOO_LONG))
    return words
