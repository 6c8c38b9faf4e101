"""Writing an archive: beside its place first, and there at once when it is whole."""

import fcntl
import hashlib
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Protocol

from web.archive.errors import BackupRuns, FileThere, FileUnusable
from web.archive.members import MANIFEST, Member

CHUNK = 2**20
TYPE_HEADER = "MINDCAST.type"
PRIVATE = 0o600


class Readable(Protocol):
    """Bytes in the order they come."""

    def read(self, size: int, /) -> bytes:
        """Return at most ``size`` bytes; none at the end."""
        ...


class ArchiveWriter:
    """Adds members to an open file; memory does not grow with their size.

    Args:
        file: Where the archive goes.
        folder: Has room for the largest table and the manifest for a while.
        at: Seconds since 1970 that members carry as their time.
    """

    def __init__(self, file: IO[bytes], *, folder: Path, at: float) -> None:
        self.count = 0
        self.folder = folder
        self._at = at
        self._tar = tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 -- closed by finish
        self._manifest = TemporaryFile(dir=folder)  # noqa: SIM115 -- closed by close

    def add(self, member: Member, source: Readable) -> None:
        """Add ``member.size`` bytes of ``source``; ``OSError`` if there are fewer."""
        hashing = _Hashing(source)
        self._append(member, hashing)
        self._manifest.write(member.line(hashing.hexdigest()))
        self.count += 1

    def add_bytes(self, name: str, data: bytes) -> None:
        """Add a small member."""
        self.add(Member(name, len(data)), _Once(data))

    def add_file(self, name: str, file: IO[bytes]) -> None:
        """Add an open file from its beginning."""
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        self.add(Member(name, size), file)

    def finish(self) -> None:
        """Add the manifest and the end of the archive."""
        size = self._manifest.tell()
        self._manifest.seek(0)
        self._append(Member(MANIFEST, size), self._manifest)
        self._tar.close()

    def close(self) -> None:
        """Let the temporary file go."""
        self._manifest.close()

    def _append(self, member: Member, source: Readable) -> None:
        info = tarfile.TarInfo(member.name)
        info.size, info.mode, info.mtime = member.size, PRIVATE, int(self._at)
        if member.content_type:
            info.pax_headers = {TYPE_HEADER: member.content_type}
        self._tar.addfile(info, source)  # type: ignore[arg-type]  # it only calls read()
        forget(self._tar)


def forget(tar: tarfile.TarFile) -> None:
    """Drop what ``tar`` knows of members that are done: it would keep millions in memory."""
    tar.members.clear()  # type: ignore[attr-defined]  # there in every release, but not typed


@contextmanager
def appearing(target: Path, *, force: bool) -> Iterator[IO[bytes]]:
    """Open ``target`` under another name; it appears when the block ends well, or never.

    Raises:
        FileThere: There is one already, and ``force`` was not given.
        BackupRuns: Another process writes it now.
        FileUnusable: It cannot be written, for example because the disk is full.
    """
    _refuse_existing(target, force=force)
    partial = target.with_name(f"{target.name}.partial")
    try:
        with _open_alone(partial, target) as file:
            try:
                yield file
                file.flush()
                os.fsync(file.fileno())
                _refuse_existing(target, force=force)
                partial.replace(target)
            except BaseException:
                with suppress(OSError):
                    partial.unlink()
                raise
    except OSError as error:
        raise FileUnusable(file=target, reason=error.strerror or error) from error


def _open_alone(partial: Path, target: Path) -> IO[bytes]:
    descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, PRIVATE)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise BackupRuns(file=target) from error
    os.fchmod(descriptor, PRIVATE)
    os.ftruncate(descriptor, 0)
    return os.fdopen(descriptor, "w+b")


def _refuse_existing(target: Path, *, force: bool) -> None:
    if target.is_dir():
        raise FileUnusable(file=target, reason="it is a folder")
    if target.exists() and not force:
        raise FileThere(file=target)


class _Hashing:
    """Passes bytes on and knows their SHA-256."""

    def __init__(self, source: Readable) -> None:
        self._source = source
        self._hash = hashlib.sha256()
        self.hexdigest = self._hash.hexdigest

    def read(self, size: int, /) -> bytes:
        piece = self._source.read(min(size, CHUNK))
        self._hash.update(piece)
        return piece


class _Once:
    """Bytes in memory."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def read(self, size: int, /) -> bytes:
        piece, self._data = self._data[:size], self._data[size:]
        return piece
