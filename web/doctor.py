"""What ``mindcast doctor`` looks at: each finding is a state and one line of what was seen."""

import platform
import shutil
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import make_url, text
from sqlalchemy.exc import SQLAlchemyError

from core.database import make_engine
from core.settings import TABLE, Settings
from media.binaries import PROGRAMS, ProgramMissing, ffmpeg_path
from media.errors import StorageUnavailable
from media.process import ProcessFailed, run_checked
from media.storage import S3Storage

ENCODERS = ("libx264", "aac", "libopus", "h264_nvenc", "h264_qsv", "h264_vaapi")
NEEDED_ENCODERS = {"libx264", "aac"}
VERSION_FLAGS = {"ffmpeg": "-version", "ffprobe": "-version", "nginx": "-v", "weed": "version"}
LITTLE_ROOM = 2 * 2**30  # bytes; an hour of one livestream takes about two of these
SAMPLE_SECONDS = 3
HEADROOM = 0.7  # the share of the machine that encoding may take
ANSWER_SECONDS = 3.0


class State(StrEnum):
    """How a finding is."""

    OK = "ok"
    OFF = "off"  # not running, which is no fault
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    state: State
    seen: str


def examine(settings: Settings, *, is_running: bool) -> dict[str, Finding]:
    """Look at everything; ``is_running`` says whether a supervisor holds this home."""
    return {
        **{name: look_at_program(name) for name in PROGRAMS},
        "disk": look_at_disk(settings),
        "database": look_at_database(settings),
        "storage": look_at_storage(settings, is_running=is_running),
        "port": look_at_port(settings, is_running=is_running),
        "encoders": look_at_encoders(),
        "encoding": measure_encoding(),
    }


def shown_settings(values: Callable[[str], str | None]) -> dict[str, str]:
    """Return every setting as a person may see it: of a secret only whether it is set."""
    return {
        setting.name: _shown(values(setting.name) or setting.default, secret=setting.secret)
        for setting in TABLE
    }


def versions() -> dict[str, str]:
    """Return what this runs on."""
    return {"python": sys.version.split()[0], "system": platform.platform()}


def look_at_program(name: str) -> Finding:
    """Find a program and ask for its version."""
    try:
        path = PROGRAMS[name]()
        done = run_checked([path, VERSION_FLAGS[name]], timeout=20)
    except (ProgramMissing, ProcessFailed) as error:
        return Finding(State.FAILED, str(error))
    said = (done.stdout or done.stderr).decode(errors="replace").splitlines()
    return Finding(State.OK, f"{said[0]} ({path})")


def look_at_disk(settings: Settings) -> Finding:
    """Look at the room that is left for recordings."""
    place = next(folder for folder in (settings.home, *settings.home.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    state = State.OK if free >= LITTLE_ROOM else State.FAILED
    return Finding(state, f"{free / 2**30:.1f} GiB free for {settings.home}")


def look_at_database(settings: Settings) -> Finding:
    """Ask the database for an answer; an SQLite file that is not there yet is no fault."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and not settings.home.exists():
        return Finding(State.OFF, "made at the first start")
    engine = make_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        return Finding(State.FAILED, str(error).splitlines()[0])
    finally:
        engine.dispose()
    return Finding(State.OK, url.render_as_string(hide_password=True))


def look_at_storage(settings: Settings, *, is_running: bool) -> Finding:
    """Ask the object storage for its bucket; the local one runs only with the site."""
    address = settings.s3_endpoint_url
    local = (urlsplit(address).hostname or "") in {"", "127.0.0.1", "localhost"}
    if local and not is_running:
        return Finding(State.OFF, "starts with the site")
    storage = S3Storage.from_settings(settings)
    try:
        storage.ensure_bucket()
    except StorageUnavailable as error:
        return Finding(State.FAILED, f"{address}: {error}")
    finally:
        storage.close()
    return Finding(State.OK, f"bucket {settings.s3_bucket} at {address}")


def look_at_port(settings: Settings, *, is_running: bool) -> Finding:
    """Look whether the site's port is free, or served by the site."""
    with socket.socket() as sock:
        sock.settimeout(ANSWER_SECONDS)
        taken = sock.connect_ex(("127.0.0.1", settings.port)) == 0
    seen = f"{settings.bind}:{settings.port} is {'in use' if taken else 'free'}"
    return Finding(State.OK if taken == is_running else State.FAILED, seen)


def look_at_encoders() -> Finding:
    """List the encoders ffmpeg has that the house knows how to use."""
    try:
        done = run_checked([ffmpeg_path(), "-hide_banner", "-encoders"], timeout=20)
    except (ProgramMissing, ProcessFailed) as error:
        return Finding(State.FAILED, str(error))
    listed = {
        line.split()[1] for line in done.stdout.decode().splitlines() if len(line.split()) > 1
    }
    found = [name for name in ENCODERS if name in listed]
    state = State.OK if set(found) >= NEEDED_ENCODERS else State.FAILED
    return Finding(state, ", ".join(found))


def measure_encoding() -> Finding:
    """Encode three seconds of 720p as a live rung is encoded: what can the machine carry?"""
    try:
        took = _encode_sample()
    except (ProgramMissing, ProcessFailed) as error:
        return Finding(State.FAILED, str(error))
    speed = SAMPLE_SECONDS / took
    carried = what_live_carries(speed)
    return Finding(
        State.OK if carried else State.FAILED, f"{speed:.1f} times real time: {_words(carried)}"
    )


def what_live_carries(speed: float) -> int:
    """Return how many 720p feeds can be encoded at once, from the speed of one in real times."""
    return int(speed * HEADROOM)


def as_document(findings: dict[str, Finding]) -> dict[str, Any]:
    """Return the findings for JSON."""
    return {
        name: {"state": found.state.value, "seen": found.seen} for name, found in findings.items()
    }


def is_well(findings: dict[str, Finding]) -> bool:
    """Whether nothing failed."""
    return all(found.state is not State.FAILED for found in findings.values())


def _encode_sample() -> float:
    """Return the seconds it takes; the picture moves everywhere, so it is harder than a face."""
    picture = f"testsrc2=size=1280x720:rate=30:duration={SAMPLE_SECONDS}"
    encoder = ["-c:v", "libx264", "-preset", "veryfast", "-g", "30", "-bf", "0", "-b:v", "2800k"]
    arguments = [
        "-v",
        "error",
        "-nostdin",
        "-f",
        "lavfi",
        "-i",
        picture,
        *encoder,
        "-f",
        "null",
        "-",
    ]
    began = time.monotonic()
    run_checked([ffmpeg_path(), *arguments], timeout=120)
    return time.monotonic() - began


def _words(carried: int) -> str:
    if carried == 0:
        return "only feeds that need no encoding can go live"
    return f"{carried} x 720p30 can be encoded at once; feeds that fit are copied"


def _shown(value: str, *, secret: bool) -> str:
    if not secret:
        return value
    return "(set)" if value else ""
