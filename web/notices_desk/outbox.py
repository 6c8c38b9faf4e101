"""Reads of the folder of mails that were sent while no server is set: ``<day>/<hour>/<name>``.

A name in an address is parsed, never joined: what does not look like one of ours is nothing. Lists
look at names and times alone; the mails of one page are opened for their headers.
"""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.parser import BytesHeaderParser
from email.policy import default
from itertools import islice
from pathlib import Path
from typing import Final

from web.notices_desk.addresses import masked

PER_PAGE: Final = 30
HEAD: Final = 16_384  # bytes in which the headers of a mail are looked for
LARGEST: Final = 2 << 20  # bytes; what is larger was not written by us
MAIL: Final = "eml"
DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
HOUR: Final = re.compile(r"[01]\d|2[0-3]", re.ASCII)
NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,40}(\.[A-Za-z0-9_-]{1,16})?\.(eml|txt)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mail lies: a day, an hour (both UTC) and the name of a file, checked."""

    day: str
    hour: str
    name: str

    @property
    def is_mail(self) -> bool:
        """Whether it is a mail; else it is a text message."""
        return self.name.endswith(MAIL)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list; ``to`` is masked."""

    place: Place
    at: datetime
    to: str
    subject: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines of one day, newest first."""

    entries: tuple[Entry, ...]
    has_next: bool


def place_of(day: str, hour: str, name: str) -> Place | None:
    """Return the place that three parts of an address name, or None: there can be none."""
    fits = is_day(day) and HOUR.fullmatch(hour) and NAME.fullmatch(name)
    return Place(day, hour, name) if fits else None


def is_day(text: str) -> bool:
    """Tell whether this is how a day is written."""
    if not DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def days(folder: Path) -> tuple[str, ...]:
    """Return the days of which there are mails, newest first."""
    return tuple(sorted((one for one in _names(folder) if is_day(one)), reverse=True))


def page_of(folder: Path, day: str, *, page: int = 1) -> Page:
    """Return a page of a day; ``page`` counts from 1."""
    if not is_day(day):
        return Page((), has_next=False)
    begin = (page - 1) * PER_PAGE
    found = list(islice(_newest_first(folder / day, day), begin, begin + PER_PAGE + 1))
    entries = (_entry(folder, place, at) for at, place in found[:PER_PAGE])
    return Page(tuple(entries), has_next=len(found) > PER_PAGE)


def read(folder: Path, place: Place) -> bytes | None:
    """Return what lies at a place, or None: it was cleared away, or is no plain file."""
    return _begin_of(folder, place, LARGEST)


def _newest_first(folder: Path, day: str) -> Iterator[tuple[float, Place]]:
    """Yield the files of a day; an hour is looked into when the page reaches it."""
    for hour in sorted(_names(folder), reverse=True):
        if HOUR.fullmatch(hour):
            files = sorted((-at, name) for at, name in _files(folder / hour))
            yield from ((-age, Place(day, hour, name)) for age, name in files)


def _files(folder: Path) -> Iterator[tuple[float, str]]:
    with suppress(OSError), os.scandir(folder) as found:
        for one in found:
            if NAME.fullmatch(one.name) and one.is_file(follow_symlinks=False):
                yield one.stat(follow_symlinks=False).st_mtime, one.name


def _names(folder: Path) -> list[str]:
    with suppress(OSError), os.scandir(folder) as found:
        return [one.name for one in found if one.is_dir(follow_symlinks=False)]
    return []


def _entry(folder: Path, place: Place, at: float) -> Entry:
    """Read the headers of a mail; a text message has one, to whom it goes."""
    headers = BytesHeaderParser(policy=default).parsebytes(_begin_of(folder, place, HEAD) or b"")
    to, subject = str(headers.get("To", "")), str(headers.get("Subject", ""))
    return Entry(place, datetime.fromtimestamp(at, UTC), masked(to), subject)


def _begin_of(folder: Path, place: Place, most: int) -> bytes | None:
    """Read a file that is no link: neither it nor a folder above it within the outbox."""
    path = folder / place.day / place.hour / place.name
    if (folder / place.day).is_symlink() or path.parent.is_symlink():
        return None
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return None
    with os.fdopen(handle, "rb") as file:
        return file.read(most)
