"""Promise 1: an uploaded talk plays at once when it can be copied, and in every quality soon.

The whole site runs: parts go through the edge to the storage, the worker imports. Beside it stand
a plain ``ffmpeg -c copy`` of the same file, and the one command of :mod:`bench.ladder` that makes
the same renditions as the ladder of this upload did.
"""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.broadcast import Crew, database, make_crew, wait_for
from bench.figures import Figure, at_most
from bench.house import House, expect, house
from bench.ladder import PICTURE, SPEECH
from bench.lengths import length
from bench.plain_ladder import plain_arguments
from media.binaries import ffmpeg_path
from media.ladder.rows import plan_of
from media.ladder.rungs import Rung
from media.models import Broadcast
from media.process import run_checked

QUIET = (str(ffmpeg_path()), "-loglevel", "error", "-nostdin", "-y")
FIRST_SECONDS = 5.0
OK, CREATED = 200, 201


@dataclass
class Sent:
    """What an upload took, in seconds after its last part, and what was made of it."""

    first: float
    whole: float
    rungs: tuple[Rung, ...]


def measure() -> list[Figure]:
    seconds = length("UPLOAD_SECONDS", 60, 20)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        talk = write_talk(folder / "talk.mp4", seconds)
        with house() as site:
            sent = send_talk(site, make_crew(site), talk)
        copied = timed(copy_arguments(talk), folder)
        plain = timed(plain_arguments(talk, sent.rungs), folder)
    what = f"{seconds:g} s of 720p"
    heights = ", ".join(f"{rung.height}p" for rung in sent.rungs)
    return [
        at_most(1, f"{what}: last part to a master that plays", sent.first, "s", FIRST_SECONDS,
                f"ffmpeg -c copy takes {copied:.2f} s"),
        Figure(1, f"{what}: last part to every quality shown", sent.whole, "s", "", None, heights),
        Figure(1, f"{what}: one ffmpeg for the same renditions", plain, "s"),
        at_most(1, f"{what}: every quality, against that command", sent.whole / plain, "x", 1.1),
    ]  # fmt: skip


def write_talk(file: Path, seconds: float) -> Path:
    """Write H.264 with a keyframe every two seconds, as an editing program exports it."""
    x264 = ("-c:v", "libx264", "-preset", "veryfast", "-b:v", "2200k", "-g", "60")
    inputs = ("-f", "lavfi", "-i", PICTURE, "-f", "lavfi", "-i", SPEECH)
    ending = ("-c:a", "aac", "-b:a", "96k", "-t", f"{seconds:g}", "-movflags", "+faststart")
    run_checked([*QUIET, *inputs, *x264, *ending, file], timeout=600)
    return file


def copy_arguments(talk: Path) -> list[str]:
    hls = ("-f", "hls", "-hls_segment_type", "fmp4", "-hls_time", "4", "copy.m3u8")
    return [*QUIET, "-i", str(talk), "-c", "copy", *hls]


def timed(command: list[str], folder: Path) -> float:
    began = time.monotonic()
    run_checked(command, timeout=1200, cwd=folder)
    return time.monotonic() - began


def send_talk(site: House, crew: Crew, talk: Path) -> Sent:
    """Send the file, complete it, and watch what becomes of it."""
    made = site.livestream(crew.token, crew.host_id, auto_start=False)
    place = f"/api/v1/livestreams/{made['id']}"
    address = send_parts(site, crew, f"{place}/uploads", talk.read_bytes())
    began = time.monotonic()
    expect(site.send("POST", f"{address}/complete", token=crew.token), 202)
    master = wait_for(lambda: playing(site, crew, place, address), 120, "the import")
    first = time.monotonic() - began
    broadcast_id = master.split("/")[-2]
    rungs = wait_for(lambda: ladder_of(site, broadcast_id), 900, "the ladder")
    return Sent(first, time.monotonic() - began, rungs)


def send_parts(site: House, crew: Crew, uploads: str, data: bytes) -> str:
    """Send every part; return the address of the upload."""
    begun = site.send(
        "POST", uploads, body={"name": "talk.mp4", "size": len(data)}, token=crew.token
    )
    expect(begun, CREATED)
    size = int(begun.json["part_size"])
    address = f"{uploads}/{begun.json['id']}"
    for number, start in enumerate(range(0, len(data), size)):
        part = data[start : start + size]
        sent = site.send("PUT", f"{address}/parts/{number}", body=part, token=crew.token)
        expect(sent, CREATED)
    return address


def playing(site: House, crew: Crew, place: str, address: str) -> str:
    """Return the address of the master playlist once it is there and its first segment too."""
    upload: dict[str, Any] = site.get(address, token=crew.token).json
    if upload["state"] == "failed":
        raise SystemExit(str(upload["reason"]))
    master = site.get(place, token=crew.token).json["playback_url"]
    if not master or site.get(master, token=crew.token).status != OK:
        return ""
    folder = f"{master.rpartition('/')[0]}/source/"
    listed = site.get(f"{folder}index.m3u8", token=crew.token).body.decode().splitlines()
    first = next(line for line in listed if line.endswith(".m4s"))
    return master if site.get(folder + first, token=crew.token).status == OK else ""


def ladder_of(site: House, broadcast_id: str) -> tuple[Rung, ...]:
    """Return the rungs of the ladder once it is shown."""
    with database(site) as session:
        generation = session.get_one(Broadcast, broadcast_id).generation
        plan = plan_of(session, broadcast_id=broadcast_id, generation=generation)
    time.sleep(0.1)
    return plan.rungs if generation and plan is not None else ()


if __name__ == "__main__":
    for figure in measure():
        print(figure.line())
