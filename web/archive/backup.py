"""The story of ``mindcast backup``: tables, then the spool, then the bucket.

In this order nothing falls between: what a row of the snapshot calls "not uploaded" is in the
spool, or has reached the bucket before it is listed.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile

from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from core.clock import rfc3339
from core.settings import Settings
from media.errors import NoSuchMedia, ObjectMissing
from media.models import InitSegment, Segment
from media.paths import KEY_PREFIX, content_type, spool_path
from media.ports import ObjectStorage
from web.archive.errors import DatabaseAway
from web.archive.home import storage_beside
from web.archive.members import (
    HEAD,
    OBJECTS,
    SECRET_NAMES,
    SECRETS,
    SPOOL,
    Head,
    Member,
    is_safe,
    table_member,
)
from web.archive.schema import refuse_nothing, revision_of, snapshot
from web.archive.tables import all_tables, write_rows
from web.archive.writing import ArchiveWriter, appearing
from web.home import load_settings
from web.objects import ObjectFile

Say = Callable[[str], None]
TELL_EVERY = 1000  # objects


@dataclass(slots=True)
class Counts:
    """What a backup has, and what it could not have."""

    rows: int = 0
    objects: int = 0
    spool: int = 0
    lost: int = 0


def back_up(
    environ: Mapping[str, str], target: Path, *, force: bool, now: datetime, say: Say
) -> Counts:
    """Write everything of the home into ``target``.

    Raises:
        ArchiveRefusal: It cannot be done; there is no ``target`` then, or the old one.
    """
    refuse_nothing(load_settings(environ))
    with appearing(target, force=force) as file, storage_beside(environ) as (settings, storage):
        writer = ArchiveWriter(file, folder=target.absolute().parent, at=now.timestamp())
        try:
            counts = Backup(writer, settings, storage, say).write(now=now)
            writer.finish()
        finally:
            writer.close()
    return counts


class Backup:
    """Writes one archive.

    Args:
        writer: Takes the members.
        settings: Complete settings of the home.
        storage: Its objects.
        say: Takes a line about the progress.
    """

    def __init__(
        self, writer: ArchiveWriter, settings: Settings, storage: ObjectStorage, say: Say
    ) -> None:
        self._writer = writer
        self._settings = settings
        self._storage = storage
        self._say = say
        self._counts = Counts()

    def write(self, *, now: datetime) -> Counts:
        """Write all members but the manifest."""
        try:
            with snapshot(self._settings) as connection:
                self._write_tables(connection, now)
                pending = list(_not_uploaded(connection))
        except SQLAlchemyError as error:
            raise DatabaseAway(reason=in_one_line(error)) from error
        for key in pending:
            self._write_pending(key)
        self._write_objects()
        return self._counts

    def _write_tables(self, connection: Connection, now: datetime) -> None:
        tables = all_tables()
        head = Head(rfc3339(now), revision_of(connection), tables)
        self._writer.add_bytes(HEAD, head.to_json())
        self._writer.add_bytes(SECRETS, _secrets(self._settings))
        for name, kinds in tables.items():
            with TemporaryFile(dir=self._writer.folder) as file:
                self._counts.rows += write_rows(connection, name, kinds, file)
                self._writer.add_file(table_member(name), file)
        self._say(f"Tables: {len(tables)}, rows: {self._counts.rows}.")

    def _write_pending(self, key: str) -> None:
        """Write a segment that the snapshot calls not uploaded, wherever it is by now."""
        name = SPOOL + key.removeprefix(KEY_PREFIX)
        try:
            with spool_path(self._settings.spool, key).open("rb") as file:
                self._writer.add_file(name, file)
        except (FileNotFoundError, NoSuchMedia):
            self._write_object(key, name, typed=False)
        self._counts.spool += 1

    def _write_objects(self) -> None:
        for key in self._storage.list_keys(""):
            if not is_safe(OBJECTS + key):
                self._say(f"Left out: {key!r} is no name of ours.")
                continue
            self._write_object(key, OBJECTS + key, typed=True)
            self._counts.objects += 1
            if self._counts.objects % TELL_EVERY == 0:
                self._say(f"Objects: {self._counts.objects} …")
        self._say(f"Objects: {self._counts.objects}, not yet uploaded: {self._counts.spool}.")

    def _write_object(self, key: str, name: str, *, typed: bool) -> None:
        with ExitStack() as stack:
            try:
                stream = stack.enter_context(self._storage.open_stream(key))
            except ObjectMissing:  # deleted since it was listed, or lost with another machine
                self._counts.lost += 1
                return
            kind = stream.facts.content_type
            shown = kind if typed and kind != content_type(key) else ""
            member = Member(name, stream.facts.size, shown)
            self._writer.add(member, ObjectFile(stream.chunks, ExitStack()))


def in_one_line(error: Exception) -> str:
    """Return the first line of what a library says."""
    cause = getattr(error, "orig", None) or error
    return (str(cause).strip() or type(cause).__name__).splitlines()[0].rstrip(".")


def _not_uploaded(connection: Connection) -> Iterator[str]:
    for model in (InitSegment, Segment):
        keys = select(model.object_key).where(model.uploaded_at.is_(None))
        yield from connection.execute(keys).scalars()


def _secrets(settings: Settings) -> bytes:
    return json.dumps({name: getattr(settings, name) for name in SECRET_NAMES}).encode()
