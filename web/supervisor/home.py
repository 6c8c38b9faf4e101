"""The home before anything starts: it exists, is private, has room, and has one supervisor."""

import fcntl
import os
import shutil
from pathlib import Path
from typing import IO

from core.settings import Settings
from web.supervisor.errors import (
    FULL_DISK,
    ODD_HOME,
    OPEN_DEMO,
    RUNNING_HOME,
    UNUSABLE_HOME,
    StartRefused,
)
from web.supervisor.ports import is_loopback

FOLDERS = ("logs", "nginx", "objects", "spool", "journal", "mail")
ROOM_NEEDED = 256 * 2**20  # bytes: below this the first livestream would fail halfway
LOG_LIMIT = 10 * 2**20  # bytes after which a log is put aside at the next start
UNSAFE_IN_NGINX = frozenset("\"'\\$;{}\n")


def open_home(settings: Settings) -> IO[str]:
    """Make the home ready and lock it for this process; the lock lasts until the file is closed.

    Raises:
        StartRefused: It cannot be written, is full, or belongs to a running supervisor.
    """
    home = settings.home
    if UNSAFE_IN_NGINX & set(str(home)):
        raise StartRefused(ODD_HOME, home=home)
    try:
        _make_folders(home)
        _check_room(home)
        lock = (home / "supervisor.lock").open("a", encoding="utf-8")
    except OSError as error:
        raise StartRefused(UNUSABLE_HOME, home=home, reason=error.strerror) from error
    _lock(lock, home)
    return lock


def check_demo(settings: Settings) -> None:
    """Refuse known passwords on an address that others reach."""
    if settings.demo and not is_loopback(settings.bind):
        raise StartRefused(OPEN_DEMO, bind=settings.bind)


def log_file(settings: Settings, name: str) -> Path:
    """Return the log of one child; a long one is put aside first."""
    path = settings.home / "logs" / f"{name}.log"
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_suffix(".log.1"))
    return path


def _make_folders(home: Path) -> None:
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    home.chmod(0o700)
    for folder in FOLDERS:
        (home / folder).mkdir(mode=0o700, exist_ok=True)


def _lock(lock: IO[str], home: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise StartRefused(RUNNING_HOME, home=home) from error
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()


def _check_room(home: Path) -> None:
    free = shutil.disk_usage(home).free
    if free < ROOM_NEEDED:
        needed = ROOM_NEEDED // 2**20
        raise StartRefused(FULL_DISK, home=home, free=free // 2**20, needed=needed)
