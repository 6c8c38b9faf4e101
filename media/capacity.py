"""What this machine can carry live, measured once and kept in the home.

Costs are processor seconds, so that a machine which is busy at the moment is not taken for a slow
one. They are measured again when ffmpeg or the number of cores has changed.
"""

import json
import os
import re
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Final

from media.binaries import ffmpeg_path
from media.ffmpeg.capacity import (
    SAMPLE_SECONDS,
    decode_arguments,
    rungs_arguments,
    sample_arguments,
    source_arguments,
)
from media.journal import write_durably
from media.process import ProcessFailed, run_checked
from media.rungs import MEGA, RUNGS, Capacity

FILE: Final = "capacity.json"
TIMEOUT: Final = 60.0
LOWEST: Final = ("nice", "-n", "19")  # viewers and encoders come first
SAMPLE: Final = "sample.mp4"
SAMPLE_SIZE: Final = (1280, 720)
SAMPLE_RATE: Final = 30
GUESS: Final = {"decode": 0.006, "rung": 0.02, "source": 0.03}
"""Of a slow machine, for a broadcast that begins before anything was measured."""


def cores() -> int:
    """Return the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def guessed_capacity() -> Capacity:
    """Return what a slow machine with these cores carries."""
    return Capacity(cores=cores(), **GUESS)


def known_capacity(home: Path) -> Capacity | None:
    """Return what was measured on this machine before; None when something has changed since."""
    try:
        kept = json.loads((home / FILE).read_text(encoding="utf-8"))
        return Capacity(**kept["capacity"]) if kept["machine"] == _machine() else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def ensure_capacity(home: Path) -> Capacity:
    """Return what this machine carries, measuring it the first time: a few seconds, low priority.

    Raises:
        ProcessFailed: ffmpeg cannot encode what is needed.
        ProgramMissing: There is no ffmpeg.
    """
    known = known_capacity(home)
    if known is not None:
        return known
    measured = measure_capacity()
    kept = {"machine": _machine(), "capacity": asdict(measured)}
    write_durably(home / FILE, json.dumps(kept, indent=2).encode())
    return measured


def measure_capacity() -> Capacity:
    """Decode and encode a short sample; the figures hold for any picture that moves much.

    Raises:
        ProcessFailed: ffmpeg cannot encode what is needed.
        ProgramMissing: There is no ffmpeg.
    """
    width, height = SAMPLE_SIZE
    pixels = width * height * SAMPLE_RATE * SAMPLE_SECONDS / MEGA
    shape = width / height
    rung_pixels = sum(rung.lines**2 * shape for rung in RUNGS) * SAMPLE_RATE * SAMPLE_SECONDS / MEGA
    with tempfile.TemporaryDirectory(prefix="mindcast-capacity-") as folder:
        sample = Path(folder) / SAMPLE
        _seconds(sample_arguments(sample, size=SAMPLE_SIZE, rate=SAMPLE_RATE))
        decode = _seconds(decode_arguments(sample))
        rungs = max(_seconds(rungs_arguments(sample)) - decode, 0.0)
        source = max(_seconds(source_arguments(sample)) - decode, 0.0)
    return Capacity(
        cores=cores(),
        decode=round(decode / pixels, 6),
        rung=round(rungs / rung_pixels, 6),
        source=round(source / pixels, 6),
    )


def _seconds(arguments: list[str]) -> float:
    """Run ffmpeg; return the processor time it says it took."""
    nice = LOWEST if shutil.which(LOWEST[0]) else ()
    said = run_checked([*nice, *arguments], timeout=TIMEOUT).stderr.decode(errors="replace")
    found = re.search(r"utime=([\d.]+)s stime=([\d.]+)s", said)
    if found is None:
        raise ProcessFailed(arguments[0], 0, "it does not say how long it took")
    return float(found[1]) + float(found[2])


def _machine() -> dict[str, str | int]:
    """Return what the figures depend on."""
    program = ffmpeg_path()
    version = run_checked([program, "-version"], timeout=20).stdout.decode(errors="replace")
    return {"ffmpeg": version.partition("\n")[0], "cores": cores()}
