"""The installation: programs, disk, database, storage, port."""

import shutil
import socket
from urllib.parse import urlsplit

from sqlalchemy import make_url, text
from sqlalchemy.exc import SQLAlchemyError

from core.database import make_engine
from core.settings import Settings
from media.binaries import PROGRAMS, ProgramMissing
from media.errors import StorageUnavailable
from media.process import ProcessFailed, run_checked
from media.storage import S3Storage
from web.doctor.findings import Finding, State, failed, judged

VERSION_FLAGS = {"ffmpeg": "-version", "ffprobe": "-version", "nginx": "-v", "weed": "version"}
LITTLE_ROOM = 2 * 2**30  # bytes; an hour of one livestream takes about two of these
ANSWER_SECONDS = 3.0


def look_at_program(name: str) -> Finding:
    """Find a program and ask for its version."""
    try:
        path = PROGRAMS[name]()
        done = run_checked([path, VERSION_FLAGS[name]], timeout=20)
    except (ProgramMissing, ProcessFailed) as error:
        return failed(str(error), "Run `make run` again: it installs what is missing.")
    said = (done.stdout or done.stderr).decode(errors="replace").splitlines()
    return Finding(State.OK, f"{said[0]} ({path})")


def look_at_disk(settings: Settings) -> Finding:
    """Look at the room that is left for recordings."""
    place = next(folder for folder in (settings.home, *settings.home.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    advice = "Free some room or set MINDCAST_HOME to a larger disk: an hour live takes about 2 GiB."
    seen = f"{free / 2**30:.1f} GiB free for {settings.home}"
    return judged(seen, advice, well=free >= LITTLE_ROOM)


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
        advice = "Start the database, or check DATABASE_URL: its host, user and password."
        return failed(str(error).splitlines()[0], advice)
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
        advice = "Check S3_ENDPOINT_URL, S3_BUCKET and the keys, and that the storage runs."
        return failed(f"{address}: {error}", advice)
    finally:
        storage.close()
    return Finding(State.OK, f"bucket {settings.s3_bucket} at {address}")


def look_at_port(settings: Settings, *, is_running: bool) -> Finding:
    """Look whether the site's port is free, or served by the site."""
    with socket.socket() as sock:
        sock.settimeout(ANSWER_SECONDS)
        taken = sock.connect_ex(("127.0.0.1", settings.port)) == 0
    seen = f"{settings.bind}:{settings.port} is {'in use' if taken else 'free'}"
    advice = (
        "The site should answer there: look into its logs folder, or start it again."
        if is_running
        else "Another program has the port: end it, or set PORT to a free one."
    )
    return judged(seen, advice, well=taken == is_running)
