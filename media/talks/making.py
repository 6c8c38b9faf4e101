"""Making a talk: speech, slides, and one file of both."""

import re
import wave
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from core.words import Words
from media.ffmpeg.talks import FRAMES, LOUDNESS, Still, loudness_arguments, talk_arguments
from media.process import run_checked
from media.talks import pillow
from media.talks.builds import Build, builds_of
from media.talks.drawing import Drawing, drawing_from
from media.talks.espeak import EspeakVoice
from media.talks.palette import hue_of
from media.talks.scripts import Script
from media.talks.slides import WIDTH, Look, paper_slides, progress_strip, stage_slide
from media.talks.soundtrack import Shown, Soundtrack, speak_script
from media.talks.voices import Voice
from media.webvtt import Cue

TIMEOUT: Final = 600.0  # seconds; a machine under load makes four minutes of talk in one
_LOUDNESS: Final = re.compile(rb"\bI:\s+(-?[0-9.]+) LUFS")
FILE: Final = "talk.mp4"
Encode = Callable[[list[str], Path, int], None]


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk that was made: an MP4 file, what is said when, and its chapters.

    Captions and chapters are (start, end, text) in milliseconds, in order and without gaps; the
    text of a chapter is in both languages.
    """

    file: Path
    captions: list[Cue]
    chapters: list[tuple[int, int, Words]]
    duration_ms: int


def make_talk(
    script: Script,
    folder: Path,
    *,
    host: str,
    drawings: Mapping[str, str],
    voice: Voice | None = None,
    progress: Callable[[float], None] = lambda _: None,
    encode: Encode | None = None,
) -> Talk:
    """Make the talk of ``script`` as a file in ``folder``.

    Args:
        script: What is said and shown.
        folder: Where the file goes; its parts (a hundred megabytes) are there for a while too.
        host: The name of who speaks, in the script's language, as slides show it.
        drawings: The SVG symbol of each topic's line drawing, 320 by 180, by slug.
        voice: What speaks; eSpeak NG when ``None``.
        progress: Called with a fraction from 0 to 1 between steps; may raise to stop.
        encode: Runs the one long program: its arguments, a folder for its errors, and how many
            microseconds it makes; waits for it when ``None``. A step gives ``run_program`` here,
            which follows its progress and can stop it.

    Raises:
        TalkImpossible: A package that is needed is not installed.
        SpeechFailed: The synthesiser refused a sentence.
        ProcessFailed: ffmpeg could not be run.
    """
    pillow.require()
    track = speak_script(script, voice or EspeakVoice(script.language, script.voice))
    progress(0.05)
    file = folder / FILE
    with TemporaryDirectory(dir=folder) as parts:
        speech = _write_wave(track, Path(parts) / "speech.wav")
        stills = _draw_stills(script, track.shown, Path(parts), host, drawings)
        progress(0.15)
        heard = run_checked(loudness_arguments(speech), timeout=TIMEOUT)
        gain_db = LOUDNESS - _loudness(heard.stderr)
        progress(0.2)
        arguments = talk_arguments(stills, speech, file, gain_db=gain_db, width=WIDTH)
        (encode or _encode)(arguments, Path(parts), track.now_ms * 1000)
    progress(1.0)
    return Talk(file, track.cues, track.chapters, track.now_ms)


def _encode(arguments: list[str], _folder: Path, _duration_us: int) -> None:
    run_checked(arguments, timeout=TIMEOUT)


def _write_wave(track: Soundtrack, path: Path) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(track.rate)
        file.writeframes(bytes(track.pcm))
    return path


def _loudness(report: bytes) -> float:
    """Return the integrated loudness of a report in LUFS; silence is taken to be loud enough."""
    found = _LOUDNESS.findall(report)
    loudness = float(found[-1]) if found else LOUDNESS
    return loudness if loudness > -60 else LOUDNESS  # noqa: PLR2004 -- below it is no speech


def _draw_stills(
    script: Script, shown: list[Shown], folder: Path, host: str, drawings: Mapping[str, str]
) -> list[Still]:
    known = {slug: drawing_from(markup) for slug, markup in drawings.items()}
    strips = _draw_strips(script, folder)
    first, *others = shown
    opening = folder / "slide-00.ppm"
    look = _look(script, first, host, known, 0.0)
    stage_slide(script.title[script.language], first.slide, look).save(opening)
    whole = Build(0, first.start_ms, first.end_ms, first.done_before, first.done_after)
    stills = [_still(whole, opening, strips[True])]
    for number, one in enumerate(others, start=1):
        look = _look(script, one, host, known, number / len(others))
        builds = builds_of(one)
        pictures = paper_slides(one.slide, look, [build.rows for build in builds])
        for build, picture in zip(builds, pictures, strict=True):
            path = folder / f"slide-{number:02}-{build.rows}.ppm"
            picture.save(path)
            stills.append(_still(build, path, strips[False]))
    return stills


def _still(build: Build, picture: Path, strip: Path) -> Still:
    frames = (build.end_ms - build.start_ms) * FRAMES // 1000
    return Still(picture, strip, frames, build.done_before, build.done_after)


def _draw_strips(script: Script, folder: Path) -> dict[bool, Path]:
    """Draw the line of progress for the stage and for paper."""
    paths = {True: folder / "strip-stage.ppm", False: folder / "strip-paper.ppm"}
    for on_stage, path in paths.items():
        progress_strip(hue_of(script.topics[0]), on_stage=on_stage).save(path)
    return paths


def _look(
    script: Script, shown: Shown, host: str, known: Mapping[str, Drawing], along: float
) -> Look:
    title = script.chapters[shown.chapter].title[script.language]
    return Look(
        language=script.language,
        label=f"{shown.chapter + 1} · {title}",
        host=host,
        hue=hue_of(script.topics[0]),
        drawing=known.get(shown.slide.drawing) or known.get(script.topics[0]),
        along=along,
    )
