"""The clock burnt into the presenter's picture, read from every frame of a replay."""

import subprocess
import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from bench.broadcast import Broadcast
from bench.listings import Listed
from media.binaries import ffmpeg_path
from media.test_picture import BITS, CODE_LEFT, CODE_TOP, FRAMES, SQUARE, read_clock

FRAME_MS = 1000 / FRAMES
STRIP = f"crop={BITS * SQUARE}:{SQUARE // 2}:{CODE_LEFT}:{CODE_TOP + SQUARE // 4}"


@dataclass(frozen=True)
class Gap:
    """Time that is missing between two frames; ``after_ms`` is the clock before it."""

    after_ms: int
    milliseconds: float


def read_clocks(broadcast: Broadcast, listed: Listed, rendition: str = "source") -> list[list[int]]:
    """Return what the clock says in every frame, run by run, in milliseconds (modulo 2**40)."""
    return [_decode(data) for data in read_runs(broadcast, listed, rendition)]


def read_runs(broadcast: Broadcast, listed: Listed, rendition: str = "source") -> list[bytes]:
    """Return every run as one file: its init segment and all its segments."""
    runs: dict[str, list[str]] = {}
    for one in listed.parsed[rendition].segments:
        runs.setdefault(one.init_uri, []).append(one.uri)
    folder = f"{listed.folder}{rendition}/"
    return [
        b"".join(broadcast.site.get(folder + uri).body for uri in (init, *uris))
        for init, uris in runs.items()
    ]


def gaps(runs: list[list[int]]) -> list[Gap]:
    """Return where time is missing, within runs and between them."""
    clocks = [clock for run in runs for clock in run]
    steps = [Gap(a, b - a - FRAME_MS) for a, b in pairwise(clocks)]
    return [gap for gap in steps if gap.milliseconds > FRAME_MS]


def span(runs: list[list[int]]) -> float:
    """Return the seconds from the first frame to the end of the last by the burnt-in clock."""
    return (runs[-1][-1] - runs[0][0] + FRAME_MS) / 1000


def _decode(data: bytes) -> list[int]:
    """Return the clock of each frame of one run; the strip becomes one row of samples."""
    with tempfile.NamedTemporaryFile(suffix=".mp4") as file:
        Path(file.name).write_bytes(data)
        view = f"{STRIP},scale={BITS}:1:flags=area"
        asked = f"-v error -i {file.name} -an -vf {view} -fps_mode passthrough -pix_fmt gray"
        done = subprocess.run(
            [str(ffmpeg_path()), *asked.split(), "-f", "rawvideo", "-"],
            capture_output=True,
            check=True,
        )
    rows = done.stdout
    return [read_clock(rows[at : at + BITS]) for at in range(0, len(rows), BITS)]
