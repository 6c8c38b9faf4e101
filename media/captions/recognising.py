"""The step that lets a speech engine hear a recording: captions that nobody has written.

It goes through the sound in windows of some minutes and keeps with its work what it has heard so
far: a kill repeats one window, and a long talk may take several turns of a worker. A window ends
where a line does, and the next one begins there, so no word is cut in two.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

from sqlalchemy.orm import Session

from core.clock import utc_now
from core.errors import _
from core.work.models import Work
from media.captions.lines import captions_of
from media.captions.ports import SpeechEngine, Word
from media.captions.whisper import Whisper, is_installed
from media.cuts.services import keep_whole_track
from media.cuts.undo import WholeTrack
from media.enums import RenditionKind, TrackKind, TrackSource
from media.errors import StepRefused, StepStopped
from media.ffmpeg.speech import speech_arguments
from media.ladder.rows import hold_broadcast
from media.models import Broadcast
from media.recording import RecordedRun, recorded_runs, write_run
from media.steps import StepContext, run_program
from media.tracks import tracks_of
from media.webvtt import Cue

SPEECH: Final = "speech"
WINDOW_US: Final = 300_000_000
RESERVE_SECONDS: Final = 600.0
"""A window is not begun when less is left of the turn: it would be lost."""
NO_SOUND: Final = _("The recording has no sound.")
NO_ENGINE: Final = _("No speech engine is installed on this machine.")
NOT_UNDERSTOOD: Final = _("The speech engine does not understand the language of the talk.")
DECODING: Final = 0.1  # share of a window's progress


@dataclass(frozen=True, slots=True)
class _Piece:
    """A segment of the sound and where it begins on the clock of the replay, in microseconds."""

    run: int
    index: int
    starts_us: int
    ends_us: int


def recognise_speech(context: StepContext) -> None:
    """Make automatic captions by the engine that is installed; see :func:`recognise`.

    Raises:
        StepRefused: There is none, or no sound, or the language is not understood.
    """
    if not is_installed():
        raise StepRefused(NO_ENGINE)
    recognise(context, Whisper())


def recognise(context: StepContext, engine: SpeechEngine) -> None:
    """Make captions of the whole recording, unless somebody has written some meanwhile.

    Raises:
        StepRefused: It has no sound, or the engine does not understand its language.
        StepStopped: The turn is over; what has been heard is kept.
    """
    language = str(context.payload["language"])
    if language not in engine.languages:
        raise StepRefused(NOT_UNDERSTOOD)
    runs = recorded_runs(
        context.sessions, broadcast_id=context.subject, kind=RenditionKind.AUDIO, uncut=True
    )
    if not runs:
        raise StepRefused(NO_SOUND)
    cues = _heard(_Listening(context, engine, language, runs))
    with context.sessions.begin() as session:
        _keep(session, context, language, cues)


@dataclass(frozen=True, slots=True)
class _Listening:
    """A turn of hearing one recording."""

    context: StepContext
    engine: SpeechEngine
    language: str
    runs: Sequence[RecordedRun]


def _heard(listening: _Listening) -> list[Cue]:
    """Go on from where the last turn ended; return all lines."""
    context = listening.context
    pieces = _pieces(listening.runs)
    at_us = int(context.payload.get("at_us", 0))
    cues = [Cue(*cue) for cue in context.payload.get("cues", ())]
    while rest := [piece for piece in pieces if piece.ends_us > at_us]:
        if time.monotonic() > context.deadline - RESERVE_SECONDS:
            raise StepStopped
        window = [
            piece
            for piece in rest
            if piece.run == rest[0].run and piece.starts_us < rest[0].starts_us + WINDOW_US
        ]
        length_us = pieces[-1].ends_us
        part = context.within(at_us / length_us, window[-1].ends_us / length_us)
        words = _words(replace(listening, context=part), window, at_us)
        found = captions_of(words, language=listening.language)
        at_us = window[-1].ends_us
        goes_on = len(rest) > len(window) and rest[len(window)].run == rest[0].run
        if goes_on and len(found) > 1:  # its last line may go on in the next window
            at_us = found.pop().start_ms * 1000
        cues += found
        _note(context, at_us, cues)
    return cues


def _pieces(runs: Sequence[RecordedRun]) -> list[_Piece]:
    places = [(number, n) for number, run in enumerate(runs) for n in range(len(run.durations_us))]
    ends = list(accumulate(runs[number].durations_us[n] for number, n in places))
    starts = [0, *ends[:-1]]
    return [
        _Piece(*place, start, end) for place, start, end in zip(places, starts, ends, strict=True)
    ]


def _words(listening: _Listening, window: Sequence[_Piece], at_us: int) -> list[Word]:
    """Return the words of a window that begin at ``at_us`` or later, on the replay's clock."""
    context, offset_ms = listening.context, window[0].starts_us // 1000
    with context.folder() as folder:
        sound = _sound(context.within(0.0, DECODING), listening.runs, window, folder)
        hearing = context.within(DECODING, 1.0)
        heard = listening.engine.recognise(
            sound, language=listening.language, progress=hearing.progress
        )
        moved = [Word(w.start_ms + offset_ms, w.end_ms + offset_ms, w.text) for w in heard]
    return [word for word in moved if word.start_ms * 1000 >= at_us]


def _sound(
    context: StepContext, runs: Sequence[RecordedRun], window: Sequence[_Piece], folder: Path
) -> Path:
    run = runs[window[0].run]
    part = RecordedRun(
        run.init_key,
        tuple(run.segment_keys[piece.index] for piece in window),
        tuple(run.durations_us[piece.index] for piece in window),
    )
    packed, sound = folder / "sound.mp4", folder / "sound.wav"
    for _key in write_run(part, packed, storage=context.storage, spool=context.settings.spool):
        context.progress(0.0)
    arguments = speech_arguments(packed, sound)
    run_program(context, arguments, folder=folder, duration_us=part.duration_us)
    return sound


def _note(context: StepContext, at_us: int, cues: Sequence[Cue]) -> None:
    """Keep what has been heard so far with the work."""
    with context.sessions.begin() as session:
        work = session.get(Work, context.work_id)
        if work is not None:
            heard: dict[str, Any] = {"at_us": at_us, "cues": [list(cue) for cue in cues]}
            work.payload = {**work.payload, **heard}


def _keep(session: Session, context: StepContext, language: str, cues: Sequence[Cue]) -> None:
    """Keep the lines unless a person was faster, and forget what was kept with the work."""
    broadcast_id = context.subject
    if session.get(Broadcast, broadcast_id) is None:
        return
    hold_broadcast(session, broadcast_id=broadcast_id)
    known = [one for one in tracks_of(session, broadcast_id) if one.kind == TrackKind.CAPTIONS]
    if cues and not any(one.language == language for one in known):
        track = WholeTrack(TrackKind.CAPTIONS, language, TrackSource.AUTOMATIC, list(cues))
        keep_whole_track(
            session, context.storage, broadcast_id=broadcast_id, track=track, now=utc_now()
        )
    work = session.get(Work, context.work_id)
    if work is not None:
        work.payload = {"language": language}
