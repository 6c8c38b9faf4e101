"""The ingest journal: what an encoder sent, on disk before it is acknowledged.

One folder per ingest, cut into parts so that what is packaged can be dropped while the broadcast
goes on. A part begins with ``prefix`` (a file header of the container, or nothing) and holds
whole records: a tag, a chunk. Bytes are with the kernel when :meth:`Journal.append` returns, so
killing the process loses none; a lost machine costs at most :data:`SYNC_SECONDS` of them.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

PART_BYTES = 16 * 1024 * 1024  # a minute of a good feed; what a restart may have to read again
SYNC_SECONDS = 2.0
SUFFIX = ".part"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a journal: the part's number and the byte in it."""

    part: int = 0
    offset: int = 0


class Journal:
    """The writing end; there is one per encoder connection."""

    def __init__(self, folder: Path, *, prefix: bytes = b"", part_bytes: int = PART_BYTES) -> None:
        self._folder = folder
        self._prefix = prefix
        self._part_bytes = part_bytes
        self._file: int | None = None
        self._size = 0
        self._synced_at = 0.0

    def append(self, record: bytes) -> None:
        """Write one whole record; a full part is followed by a new one."""
        if self._file is None or self._size >= self._part_bytes:
            self._open_part()
        self._write(record)

    def sync(self, *, monotonic: float) -> None:
        """Force the bytes to the disk if :data:`SYNC_SECONDS` have passed since the last time."""
        if self._file is not None and monotonic - self._synced_at >= SYNC_SECONDS:
            os.fdatasync(self._file)
            self._synced_at = monotonic

    def close(self) -> None:
        """Close the open part; more can be appended only by a new :class:`Journal`."""
        if self._file is not None:
            os.fdatasync(self._file)
            os.close(self._file)
            self._file = None

    def _open_part(self) -> None:
        self.close()
        self._folder.mkdir(parents=True, exist_ok=True)
        number = max(part_numbers(self._folder), default=-1) + 1
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        self._file = os.open(part_path(self._folder, number), flags, 0o600)
        self._size = 0
        self._write(self._prefix)

    def _write(self, data: bytes) -> None:
        if self._file is None:
            return
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._file, rest) :]
        self._size += len(data)


def part_path(folder: Path, number: int) -> Path:
    """Return the file of one part."""
    return folder / f"{number:06d}{SUFFIX}"


def part_numbers(folder: Path) -> list[int]:
    """Return the numbers of the parts that are there, in order."""
    return sorted(int(path.stem) for path in folder.glob(f"*{SUFFIX}"))


def drop_before(folder: Path, part: int) -> None:
    """Delete the parts before ``part``: they have become segments."""
    for number in part_numbers(folder):
        if number < part:
            part_path(folder, number).unlink(missing_ok=True)


def drop(folder: Path) -> None:
    """Delete a whole journal, once everything in it has been packaged."""
    rmtree(folder, ignore_errors=True)


def write_durably(path: Path, data: bytes) -> None:
    """Write a file that is whole under its name or not there, also after a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("wb") as file:
        file.write(data)
        file.flush()
        os.fdatasync(file.fileno())
    partial.replace(path)
