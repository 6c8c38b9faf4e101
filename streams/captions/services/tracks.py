"""The words of a replay: brought, corrected, taken away and brought back.

Whoever changes a track holds its broadcast: two people who correct at once follow each other, and
each is refused only where the other has changed the very line.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Livestream
from core.database import insert_into
from core.errors import FieldError, InvalidInput, _
from core.words import LANGUAGES
from core.work.enums import WorkState
from core.work.models import Work
from core.work.services import enqueue, retry
from media.captions.decoding import FILE, decoded
from media.captions.editing import replaced
from media.captions.errors import CaptionsInvalid, EngineMissing, Remark
from media.captions.reading import CaptionFile, read_captions
from media.captions.recognising import SPEECH
from media.captions.whisper import is_installed
from media.enums import TrackKind, TrackSource
from media.ladder.rows import hold_broadcast
from media.models import TextTrack, TrackVersion
from media.ports import ObjectStorage
from media.track_versions import keep_version, versions_of
from media.tracks import keep_track
from media.webvtt import Cue
from streams.captions.errors import HasCaptions, NoReplay, NoSuchTrack, NoSuchVersion
from streams.captions.models import CaptionCheck
from streams.captions.queries import length_ms, track_row
from streams.captions.rules import digest_of, source_after
from streams.trimming.queries import is_cuttable

VERSION_AGE: Final = timedelta(minutes=30)
"""Corrections that follow each other are one version."""
UNKNOWN_LANGUAGE: Final = _("Captions are English or Chinese.")
TOO_LATE: Final = _("This lies after the end of the recording. It was left out.")
ELSEWHERE: Final = _("All of it lies after the end of the recording: is it of another talk?")


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file: how many lines were taken, and what was put right."""

    count: int
    remarks: tuple[Remark, ...]


def take_file(
    session: Session,
    storage: ObjectStorage,
    *,
    livestream: Livestream,
    language: str,
    data: bytes,
    now: datetime,
) -> Taken:
    """Put the captions of a file in the place of those there are, which are kept.

    Raises:
        CaptionsInvalid: It cannot be read; nothing was taken.
        InvalidInput: The language is not one of the site's.
        NoReplay: There is no finished recording.
    """
    _hold(session, livestream)
    if language not in LANGUAGES:
        raise InvalidInput(FieldError("language", UNKNOWN_LANGUAGE))
    read = read_captions(decoded(data, language=language))
    cues, remarks = _within(read, length_ms(session, livestream.broadcast_id))
    _replace(session, storage, livestream, language, cues, TrackSource.HUMAN, now)
    return Taken(len(cues), (*read.remarks, *remarks))


def correct(
    session: Session,
    storage: ObjectStorage,
    *,
    livestream: Livestream,
    language: str,
    was: Sequence[Cue],
    by: Sequence[Cue],
    now: datetime,
) -> TextTrack:
    """Put lines in the place of others, named as they were seen, and note them as looked at.

    Raises:
        LineChanged: One of them has been changed by somebody else.
        InvalidInput: A new line makes no sense.
        NoReplay, NoSuchTrack: There is nothing to correct.
    """
    _hold(session, livestream)
    track = _track(session, livestream, language)
    known = [Cue(int(a), int(b), str(text)) for a, b, text in track.cues]
    made = replaced(known, was=was, by=by, length_ms=length_ms(session, livestream.broadcast_id))
    if made != known:
        _keep_now_and_then(session, track, now)
        source = source_after(track.source)
        track = _keep(session, storage, livestream, language, made, source, now)
    kept = [cue for cue in made if cue not in known] if made != known else by
    _check(session, livestream, language, kept)
    return track


def remove(session: Session, *, livestream: Livestream, language: str, now: datetime) -> None:
    """Take captions away; they can be brought back.

    Raises:
        NoReplay, NoSuchTrack: There is nothing to take away.
    """
    _hold(session, livestream)
    track = _track(session, livestream, language)
    keep_version(session, track, now=now)
    session.delete(track)
    session.flush()


def restore(
    session: Session,
    storage: ObjectStorage,
    *,
    livestream: Livestream,
    version_id: str,
    now: datetime,
) -> TrackVersion:
    """Bring back earlier captions; those in their place are kept in turn.

    Raises:
        NoSuchVersion: It is not kept any more, or a cut has left nothing of it.
        NoReplay: There is no finished recording.
    """
    _hold(session, livestream)
    query = select(TrackVersion).where(
        TrackVersion.id == version_id, TrackVersion.broadcast_id == livestream.broadcast_id
    )
    version = session.scalars(query).one_or_none()
    if version is None or not version.cues:
        raise NoSuchVersion
    cues = [Cue(int(a), int(b), str(text)) for a, b, text in version.cues]
    source = TrackSource(version.source)
    _replace(session, storage, livestream, version.language, cues, source, now)
    return version


def ask_for_automatic(session: Session, *, livestream: Livestream, now: datetime) -> None:
    """Ask for captions made by a program, in the language of the talk.

    Raises:
        EngineMissing: None is installed.
        HasCaptions: There are captions in that language.
        NoReplay: There is no finished recording.
    """
    if not is_installed():
        raise EngineMissing
    _hold(session, livestream)
    broadcast_id, language = livestream.broadcast_id, livestream.language
    if track_row(session, broadcast_id=broadcast_id, language=language) is not None:
        raise HasCaptions
    work = enqueue_speech(session, broadcast_id=broadcast_id, language=language, now=now)
    if work.state in {WorkState.FAILED, WorkState.CANCELLED}:
        retry(session, work_id=work.id, now=now)
    elif work.state == WorkState.DONE:  # what it made was removed since
        work.state, work.attempts, work.progress, work.due_at = WorkState.QUEUED, 0, 0.0, now


def enqueue_speech(session: Session, *, broadcast_id: str, language: str, now: datetime) -> Work:
    """Let a worker hear a recording; asking again changes nothing."""
    payload = {"language": language}
    return enqueue(session, kind=SPEECH, subject=broadcast_id, payload=payload, now=now)


def earlier(session: Session, livestream: Livestream) -> Sequence[TrackVersion]:
    """Return earlier captions that could be brought back, the latest first."""
    found = versions_of(session, broadcast_id=livestream.broadcast_id, kind=TrackKind.CAPTIONS)
    return [one for one in found if one.cues]


def _hold(session: Session, livestream: Livestream) -> None:
    broadcast = hold_broadcast(session, broadcast_id=livestream.broadcast_id)
    if not is_cuttable(livestream, broadcast):
        raise NoReplay


def _track(session: Session, livestream: Livestream, language: str) -> TextTrack:
    track = track_row(session, broadcast_id=livestream.broadcast_id, language=language)
    if track is None:
        raise NoSuchTrack
    return track


def _within(read: CaptionFile, length: int) -> tuple[list[Cue], list[Remark]]:
    """Return the lines within the recording; the others are named by their place in the file."""
    kept, remarks = [], []
    for cue, place in zip(read.cues, read.places, strict=True):
        if cue.start_ms < length:
            kept.append(cue._replace(end_ms=min(cue.end_ms, length)))
        else:
            remarks.append(Remark(place, TOO_LATE))
    if not kept:
        raise CaptionsInvalid(FieldError(FILE, ELSEWHERE))
    return kept, remarks


def _replace(
    session: Session,
    storage: ObjectStorage,
    livestream: Livestream,
    language: str,
    cues: Sequence[Cue],
    source: TrackSource,
    now: datetime,
) -> None:
    former = track_row(session, broadcast_id=livestream.broadcast_id, language=language)
    if former is not None and [list(cue) for cue in cues] != former.cues:
        keep_version(session, former, now=now)
    _keep(session, storage, livestream, language, cues, source, now)


def _keep(
    session: Session,
    storage: ObjectStorage,
    livestream: Livestream,
    language: str,
    cues: Sequence[Cue],
    source: TrackSource,
    now: datetime,
) -> TextTrack:
    return keep_track(
        session,
        storage,
        broadcast_id=livestream.broadcast_id,
        kind=TrackKind.CAPTIONS,
        language=language,
        source=source,
        cues=cues,
        now=now,
    )


def _keep_now_and_then(session: Session, track: TextTrack, now: datetime) -> None:
    """Keep how it was before a correction, unless that was done a moment ago."""
    found = versions_of(session, broadcast_id=track.broadcast_id, kind=track.kind)
    last = next((one for one in found if one.language == track.language), None)
    is_first = source_after(track.source) != track.source
    if last is None or is_first or last.kept_at < now - VERSION_AGE:
        keep_version(session, track, now=now)


def _check(session: Session, livestream: Livestream, language: str, cues: Iterable[Cue]) -> None:
    for digest in {digest_of(cue) for cue in cues}:
        row = {"livestream_id": livestream.id, "language": language, "digest": digest}
        session.execute(insert_into(session, CaptionCheck).values(row).on_conflict_do_nothing())
