"""Promise 4 of the studio: processor time of a broadcast from a browser, copied and encoded.

The recording is sent in slices of a quarter of a second in real time. Every process of the site is
counted, the object store and the edge included; what they use while nothing is sent is subtracted.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import suppress
from pathlib import Path

from bench.broadcast import make_crew, schedule, wait_for
from bench.calibration import plain_ffmpeg
from bench.figures import Figure, at_most
from bench.house import House, house
from bench.ingest_files import RATE, make_recording, slices
from bench.lengths import length
from bench.memory import called
from bench.processes import PROC, descendants
from bench.sender import Sender
from media.capacity import FILE
from media.feeds.ports import Fitness, Shape
from media.ffmpeg.live import packager_arguments
from media.plans import make_plan

PROMISE = 4
QUIET = 90.0
SETTLING = 8.0  # seconds until the packager runs and has made its first segments
SHOWN = 0.002  # of a core; processes below it are one line
Cores = dict[str, float]
"""Cores that each program uses, by its name."""
TICKS = os.sysconf("SC_CLK_TCK")


def measure() -> list[Figure]:
    seconds = length("INGEST_SECONDS", 60, 20)
    figures = [Figure(0, "plain ffmpeg, 360p25 ultrafast", plain_ffmpeg(), "times real time")]
    with tempfile.TemporaryDirectory(prefix="mindcast-bench-") as name:
        files = {
            codec: make_recording(Path(name) / f"{codec}.webm", codec, SETTLING + seconds + 4)
            for codec in ("h264", "vp8")
        }
        whole = SETTLING + seconds + 4
        chunks = {codec: slices(path, whole) for codec, path in files.items()}
        copied = send(chunks["h264"], seconds, rungs="0")
        encoded = send(chunks["vp8"], seconds, rungs="0")
        laddered = send(chunks["h264"], seconds)
        plain_copy = plain(files["h264"], "avc", seconds)
        plain_encode = plain(files["vp8"], "vp8", seconds)
    return [
        *figures,
        at_most(PROMISE, "copied 720p, whole site", sum(copied.values()), "cores", 0.1),
        *parts("copied", copied),
        Figure(PROMISE, "plain ffmpeg, same copy", plain_copy, "cores"),
        Figure(PROMISE, "encoded 720p (VP8), whole site", sum(encoded.values()), "cores"),
        *parts("encoded", encoded),
        Figure(PROMISE, "plain ffmpeg, same encode", plain_encode, "cores"),
        Figure(
            PROMISE, "encoded beside plain ffmpeg", sum(encoded.values()) / plain_encode, "times"
        ),
        Figure(PROMISE, "copied, with the rungs of this machine", sum(laddered.values()), "cores"),
        *parts("with rungs", laddered),
    ]


def send(chunks: list[bytes], seconds: float, *, rungs: str = "auto") -> Cores:
    """Send a recording to a new site; return the cores that each of its programs used for it."""
    with house(LIVE_RUNGS=rungs) as site:
        wait_for(lambda: is_quiet(site), QUIET, "the end of what a start measures")
        idle = cores(site, seconds / 2)
        broadcast = schedule(site, make_crew(site))
        sender = Sender(broadcast.now()["ingest"]["upload_url"], chunks)
        sender.start()
        time.sleep(SETTLING)
        used = cores(site, seconds)
        if sender.refused or not sender.is_sending:
            sys.exit(f"the recording was not taken: {sender.refused}")
        print(f"plays at {broadcast.master}", flush=True)
        sender.stop()
        print(f"the latest chunk was answered {sender.late:.2f} s late", flush=True)
    return {name: used.get(name, 0.0) - idle.get(name, 0.0) for name in used | idle}


def is_quiet(site: House) -> bool:
    """Tell whether it is measured what the machine carries, and no ffmpeg runs any more."""
    running = [pid for pid in descendants(site.process.pid) if program(pid) == "ffmpeg"]
    return (site.home / FILE).exists() and not running


def cores(site: House, seconds: float) -> Cores:
    """Return how much of a core each program of the site uses for a while."""
    pids = [site.process.pid, *descendants(site.process.pid)]
    before, began = {pid: ticks(pid) for pid in pids}, time.monotonic()
    time.sleep(seconds)
    took = time.monotonic() - began
    used: Cores = defaultdict(float)
    for pid in [site.process.pid, *descendants(site.process.pid)]:
        used[program(pid)] += (ticks(pid) - before.get(pid, 0)) / TICKS / took
    return used


def program(pid: int) -> str:
    """Return the name of a process; ffmpeg is one program, whatever its first options are."""
    name = called(pid)
    return "ffmpeg" if name.startswith("ffmpeg") else name


def ticks(pid: int) -> int:
    """Return the processor time of a process, its own and the system's for it."""
    with suppress(OSError, IndexError):
        words = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        return int(words[11]) + int(words[12])
    return 0


def parts(name: str, used: Cores) -> list[Figure]:
    """Return a line for each program that used something, and one for the rest."""
    ordered = sorted(used.items(), key=lambda item: -item[1])
    told = [(one, value) for one, value in ordered if abs(value) >= SHOWN]
    rest = sum(used.values()) - sum(value for _, value in told)
    return [
        *(Figure(PROMISE, f"{name}: {one}", value, "cores") for one, value in told),
        Figure(PROMISE, f"{name}: all others", rest, "cores"),
    ]


def plain(path: Path, codec: str, seconds: float) -> float:
    """Return the cores that one ffmpeg uses for the same work in real time from a file."""
    fitness = Fitness.FIT if codec == "avc" else Fitness.OTHER_CODEC
    shape = Shape(codec, 1280, 720, float(RATE), "opus", 48_000, 2)
    words = packager_arguments(make_plan(shape, fitness, container="matroska"), sound_fd=1)
    words[words.index("-i") : words.index("-i") + 2] = [
        "-re",
        "-t",
        f"{seconds:g}",
        "-i",
        str(path),
    ]
    words[-1] = words[-1].replace("pipe:1", "/dev/null")
    before, began = children(), time.monotonic()
    subprocess.run([*words[:1], "-y", *words[1:]], check=True, stderr=subprocess.DEVNULL)
    return (children() - before) / (time.monotonic() - began)


def children() -> float:
    """Return the processor seconds of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
