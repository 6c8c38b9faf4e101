"""Reading an archive: whole before anything is changed, then member by member."""

import hashlib
import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from web.archive.errors import Damaged, FileUnusable, NotOurs, TooNew
from web.archive.members import (
    FORMAT,
    HEAD,
    MANIFEST,
    SECRET_NAMES,
    SECRETS,
    Head,
    Member,
    is_known,
    table_member,
)
from web.archive.writing import CHUNK, TYPE_HEADER, forget

SMALL = 2**24  # bytes that what stands first may have
UNREADABLE = (tarfile.TarError, EOFError, ValueError, TypeError, OverflowError)


class _Wrong(ValueError):  # noqa: N818 -- becomes Damaged
    """What is wrong with the archive; words within a sentence."""


TOO_SHORT = "it ends too early"
NO_TABLE = "a table is missing"
OTHER_SUM = "a checksum differs"


@dataclass(frozen=True, slots=True)
class Contents:
    """What has to be known of an archive before its members are put back."""

    head: Head
    secrets: dict[str, str]


class ArchiveReader:
    """An archive in an open file.

    Args:
        file: It can seek.
        path: Its name, for sentences.
    """

    def __init__(self, file: IO[bytes], path: Path) -> None:
        self._file = file
        self._path = path

    def check(self) -> Contents:
        """Read every byte and compare it with the manifest.

        Raises:
            NotOurs: It is something else.
            TooNew: A later release wrote it.
            Damaged: It is not what was written, or a name in it climbs.
        """
        head = self._read_head()
        if head.format > FORMAT:
            raise TooNew(file=self._path)
        try:
            secrets = self._compare(head)
        except UNREADABLE as error:
            raise Damaged(file=self._path, where=_in_words(error)) from error
        except OSError as error:
            raise FileUnusable(file=self._path, reason=error.strerror) from error
        return Contents(head, secrets)

    def members(self) -> Iterator[tuple[Member, IO[bytes]]]:
        """Give each member with its bytes, which are readable until the next one is asked for."""
        self._file.seek(0)
        with tarfile.open(fileobj=self._file, mode="r:") as tar:
            while (info := tar.next()) is not None:
                forget(tar)
                body = tar.extractfile(info) if info.isreg() else None
                if body is None or not is_known(info.name):
                    wrong = f"the name {info.name!r} is none of ours"
                    raise _Wrong(wrong)
                yield Member(info.name, info.size, info.pax_headers.get(TYPE_HEADER, "")), body
                if info.name == MANIFEST:
                    return  # what stands behind it is covered by no checksum

    def _read_head(self) -> Head:
        try:
            for member, body in self.members():
                if member.name != HEAD:
                    break
                return Head.from_json(body.read(SMALL))
        except UNREADABLE as error:
            raise NotOurs(file=self._path) from error
        except OSError as error:
            raise FileUnusable(file=self._path, reason=error.strerror) from error
        raise NotOurs(file=self._path)

    def _compare(self, head: Head) -> dict[str, str]:
        lines = hashlib.sha256()
        names: list[str] = []
        secrets: dict[str, str] = {}
        for member, body in self.members():
            if member.name == MANIFEST:
                _check_end(lines.hexdigest(), body, names, head)
                return secrets
            if member.name == SECRETS:
                secrets = _read_secrets(body.read(SMALL))
                body.seek(0)
            if len(names) < 2 + len(head.tables):
                names.append(member.name)
            lines.update(member.line(_digest(body)))
        raise _Wrong(TOO_SHORT)


def _check_end(sha256: str, manifest: IO[bytes], names: list[str], head: Head) -> None:
    if names != [HEAD, SECRETS, *map(table_member, head.tables)]:
        raise _Wrong(NO_TABLE)
    if _digest(manifest) != sha256:
        raise _Wrong(OTHER_SUM)


def _read_secrets(data: bytes) -> dict[str, str]:
    found = json.loads(data)
    return {name: str(found[name]) for name in SECRET_NAMES if name in found}


def _digest(body: IO[bytes]) -> str:
    found = hashlib.sha256()
    while piece := body.read(CHUNK):
        found.update(piece)
    return found.hexdigest()


def _in_words(error: Exception) -> str:
    return str(error) if isinstance(error, _Wrong) else "it cannot be read to its end"
