"""The home while it is backed up or restored: who runs it, and its object storage."""

import fcntl
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from core.settings import Settings, read_settings
from media.binaries import ProgramMissing
from media.errors import StorageUnavailable
from media.ports import ObjectStorage
from media.process import ProcessFailed
from media.storage import S3Storage
from web.archive.errors import HomeRuns, HomeUnusable, StorageAway
from web.home import load_settings
from web.supervisor.choices import make_choices
from web.supervisor.errors import StartRefused
from web.supervisor.home import log_file, open_home
from web.supervisor.storage import make_bucket, storage_child

LOCK = "supervisor.lock"


def is_running(home: Path) -> bool:
    """Whether a supervisor, a backup or a restore has the home; nothing is made or changed."""
    try:
        with (home / LOCK).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


@contextmanager
def home_alone(settings: Settings) -> Iterator[None]:
    """Hold the home: no site starts on it meanwhile.

    Raises:
        HomeRuns: A site runs on it.
        HomeUnusable: It cannot be written or has no room.
    """
    if is_running(settings.home):
        raise HomeRuns(home=settings.home)
    try:
        lock = open_home(settings)
    except StartRefused as refused:
        raise HomeUnusable(reason=refused) from refused
    with lock:
        yield


@contextmanager
def storage_beside(environ: Mapping[str, str]) -> Iterator[tuple[Settings, ObjectStorage]]:
    """Open the storage of a home for reading: a running site keeps it, else it is held."""
    settings = load_settings(environ)
    if is_running(settings.home):
        with _connected(settings) as storage:
            yield settings, storage
        return
    with home_alone(settings), storage_alone(environ) as opened:
        yield opened


@contextmanager
def storage_alone(environ: Mapping[str, str]) -> Iterator[tuple[Settings, ObjectStorage]]:
    """Open the storage of a home that is held; the local one is started for the time.

    Raises:
        StorageAway: It does not start or does not answer.
    """
    with ExitStack() as stack:
        settings = load_settings(environ)
        if not read_settings(environ).s3_endpoint_url:
            settings = stack.enter_context(_local_storage(environ))
        yield settings, stack.enter_context(_connected(settings))


@contextmanager
def _local_storage(environ: Mapping[str, str]) -> Iterator[Settings]:
    settings, choices = make_choices(environ)
    try:
        with storage_child(settings, choices, log_file(settings, "storage")):
            make_bucket(settings)
            yield settings
    except (ProgramMissing, ProcessFailed, StorageUnavailable) as error:
        raise StorageAway(reason=str(error).rstrip(".")) from error


@contextmanager
def _connected(settings: Settings) -> Iterator[ObjectStorage]:
    storage = S3Storage.from_settings(settings)
    try:
        yield storage
    except StorageUnavailable as error:
        raise StorageAway(reason=str(error).rstrip(".")) from error
    finally:
        storage.close()
