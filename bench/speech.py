"""How many words the speech engine gets wrong in the demo's talks, whose words are known.

The talks are spoken as for the demo, and heard by the engine of the optional extra in a virtual
environment of its own, as ``deploy/requirements/speech.txt`` pins it. English is counted in words,
Chinese in characters: insertions, omissions and substitutions over what was said (Levenshtein),
without punctuation and capitals. The voice is a machine's; people are understood better or worse.
"""

import json
import os
import subprocess
import sys
import tempfile
import wave
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from bench.figures import Figure, at_most
from bench.word_errors import errors_of, tokens_of
from catalog.demo.content import CONTENT
from media.talks.espeak import EspeakVoice
from media.talks.scripts import Script, read_script
from media.talks.soundtrack import speak_script

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "deploy" / "requirements" / "speech.txt"
TALKS = {
    "en": ("panic-step-by-step", "burnout-before-it-burns"),
    "zh-Hans": ("shi-mian-de-ye-wan",),
}
QUICK = "BENCH_QUICK"
LIMIT = {"en": 10.0}
"""Percent; nothing is promised for Chinese."""
NAMES = {"en": "words wrong in English", "zh-Hans": "characters wrong in Chinese"}
INSTALL_SECONDS = 900
HEAR_SECONDS = 3600


def measure() -> list[Figure]:
    """Install the engine, let it hear the talks, and compare; stops where it cannot be had."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        python = _environment(folder / "venv")
        figures = []
        for language, keys in TALKS.items():
            chosen = keys[:1] if os.environ.get(QUICK) else keys
            figures += _of_language(python, folder, language, chosen)
        return figures


def _of_language(python: Path, folder: Path, language: str, keys: Sequence[str]) -> list[Figure]:
    wrong = said = 0
    seconds = spent = 0.0
    for key in keys:
        script = read_script(CONTENT / "talks" / f"{key}.json")
        sound = folder / f"{key}.wav"
        seconds += _speak(script, sound)
        heard, took = _hear(python, sound, language)
        spent += took
        expected = tokens_of(" ".join(slide.say for slide in script.slides()), language)
        got = tokens_of(heard, language)
        wrong, said = wrong + errors_of(expected, got), said + len(expected)
        print(f"  {key}: {heard[:160]} …", flush=True)
    share = 100 * wrong / said
    note = f"{wrong} of {said}"
    figure = (
        at_most(7, NAMES[language], share, "%", LIMIT[language], note)
        if language in LIMIT
        else Figure(7, NAMES[language], share, "%", note=note)
    )
    return [figure, Figure(7, f"time for one second of sound, {language}", spent / seconds, "s")]


def _environment(folder: Path) -> Path:
    """Return a Python that has the extra: this one, or one that is made."""
    if import_module("media.captions.whisper").is_installed():
        return Path(sys.executable)
    uv = Path(sys.executable).with_name("uv")
    python = folder / "bin" / "python"
    _run([uv, "venv", "--quiet", "--python", sys.executable, folder])
    pinned = ["--require-hashes", "--only-binary", ":all:", "-r", LOCK]
    _run([uv, "pip", "install", "--quiet", "--python", python, *pinned])
    return python


def _run(words: Sequence[object]) -> None:
    done = subprocess.run(
        [str(word) for word in words], capture_output=True, timeout=INSTALL_SECONDS, check=False
    )
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        sys.exit(f"The speech engine could not be installed: {' '.join(last)}")


def _speak(script: Script, target: Path) -> float:
    track = speak_script(script, EspeakVoice(script.language, script.voice))
    with wave.open(str(target), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(track.rate)
        file.writeframes(bytes(track.pcm))
    return track.now_ms / 1000


def _hear(python: Path, sound: Path, language: str) -> tuple[str, float]:
    script = ROOT / "bench" / "speech_hearing.py"
    done = subprocess.run(
        [str(python), str(script), str(sound), language],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=HEAR_SECONDS,
        check=False,
    )
    if done.returncode:
        sys.exit(done.stderr.decode(errors="replace")[-600:])
    heard = json.loads(done.stdout)
    return str(heard["text"]), float(heard["seconds"])
