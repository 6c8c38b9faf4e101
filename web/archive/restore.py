"""The story of ``mindcast restore``: look at everything first, then change all or nothing.

Tables are dropped, made and filled in one transaction, which ends when every object is in its
place. What was put beside the database is taken away again when something fails.
"""

import shutil
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from core.database import make_engine, reading
from core.settings import Settings, read_settings
from media.errors import StorageUnavailable
from media.paths import KEY_PREFIX, content_type, spool_path
from media.ports import ObjectStorage
from web.archive.backup import TELL_EVERY, Say, in_one_line
from web.archive.errors import (
    DatabaseAway,
    FileUnusable,
    HasData,
    HomeRuns,
    OtherKey,
    Stopped,
    TooNew,
)
from web.archive.home import home_alone, is_running, storage_alone
from web.archive.members import OBJECTS, SECRET_NAMES, SPOOL, TABLES, Member, table_of
from web.archive.reading import ArchiveReader, Contents
from web.archive.schema import bring_up_to_date, columns_of, has_people, is_known, make_empty
from web.archive.tables import read_rows
from web.archive.writing import CHUNK
from web.home import read_services, write_services

STAGED = "spool.restored"
REPLACED = "spool.replaced"


def restore(environ: Mapping[str, str], source: Path, *, force: bool, say: Say) -> None:
    """Put everything of the archive ``source`` into the home of ``environ``.

    Raises:
        ArchiveRefusal: It cannot be done, and the home is as it was.
    """
    settings = read_settings(environ)
    if is_running(settings.home):
        raise HomeRuns(home=settings.home)
    with _opened(source) as file:
        reader = ArchiveReader(file, source)
        say("Checking the backup …")
        contents = reader.check()
        _refuse_strangers(contents, settings, source)
        with home_alone(settings):
            if not force:
                _refuse_people(settings)
            with storage_alone(environ) as (complete, storage):
                Restore(reader, contents, complete, storage, say).run(
                    environ=environ, replace=force
                )


class Restore:
    """Puts one archive back.

    Args:
        reader: The archive, checked.
        contents: What the check found.
        settings: Complete settings of the home, which is held.
        storage: Its objects.
        say: Takes a line about the progress.
    """

    def __init__(
        self,
        reader: ArchiveReader,
        contents: Contents,
        settings: Settings,
        storage: ObjectStorage,
        say: Say,
    ) -> None:
        self._reader = reader
        self._contents = contents
        self._settings = settings
        self._storage = storage
        self._say = say
        self._before: set[str] = set()
        self._put: set[str] = set()

    def run(self, *, environ: Mapping[str, str], replace: bool) -> None:
        """Do it all; ``replace`` removes objects and journals that the archive does not have."""
        engine = make_engine(self._settings.database_url)
        try:
            with ExitStack() as undo:
                self._prepare(undo)
                with engine.begin() as connection:
                    self._fill(connection)
                    self._take_secrets(read_settings(environ), undo)
                    self._swap_spool(undo)
                undo.pop_all()
        except (SQLAlchemyError, CommandError, StorageUnavailable, OSError, ValueError) as error:
            raise Stopped(reason=in_one_line(error)) from error
        finally:
            engine.dispose()
        self._tidy(replace=replace)

    def _prepare(self, undo: ExitStack) -> None:
        self._before = set(self._storage.list_keys(""))
        undo.callback(self._take_objects_away)
        staged = self._settings.home / STAGED
        shutil.rmtree(staged, ignore_errors=True)  # of a restore that was killed
        undo.callback(shutil.rmtree, staged, ignore_errors=True)
        staged.mkdir(mode=0o700)

    def _fill(self, connection: Connection) -> None:
        head = self._contents.head
        make_empty(connection, head.revision)
        _compare_columns(connection, self._contents)
        rows = 0
        for member, body in self._reader.members():
            if member.name.startswith(TABLES):
                table = table_of(member.name)
                rows += read_rows(connection, table, head.tables[table], body)
            else:
                self._put_beside(member, body)
        bring_up_to_date(connection)
        self._say(f"Tables: {len(head.tables)}, rows: {rows}, objects: {len(self._put)}.")

    def _put_beside(self, member: Member, body: IO[bytes]) -> None:
        if member.name.startswith(SPOOL):
            key = KEY_PREFIX + member.name.removeprefix(SPOOL)
            path = spool_path(self._settings.home / STAGED, key)  # refuses every other name
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with path.open("wb") as file:
                shutil.copyfileobj(body, file, CHUNK)
        elif member.name.startswith(OBJECTS):
            self._put_object(member, body)

    def _put_object(self, member: Member, body: IO[bytes]) -> None:
        key = member.name.removeprefix(OBJECTS)
        kind = member.content_type or content_type(key)
        self._put.add(key)
        if member.size <= CHUNK:
            self._storage.put_bytes(key, body.read(), content_type=kind)
        else:
            with NamedTemporaryFile(dir=self._settings.home) as file:
                shutil.copyfileobj(body, file, CHUNK)
                file.flush()
                self._storage.put_file(key, Path(file.name), content_type=kind)
        if len(self._put) % TELL_EVERY == 0:
            self._say(f"Objects: {len(self._put)} …")

    def _take_secrets(self, given: Settings, undo: ExitStack) -> None:
        """Keep the archive's keys in the home, unless the environment has them."""
        known = read_services(self._settings.home)
        undo.callback(write_services, self._settings.home, known)
        secrets = self._contents.secrets
        taken = {name: key for name, key in secrets.items() if not getattr(given, name)}
        write_services(self._settings.home, {**known, **taken})

    def _swap_spool(self, undo: ExitStack) -> None:
        home, spool = self._settings.home, self._settings.spool
        shutil.rmtree(home / REPLACED, ignore_errors=True)
        spool.replace(home / REPLACED)
        undo.callback((home / REPLACED).replace, spool)
        (home / STAGED).replace(spool)
        undo.callback(spool.replace, home / STAGED)

    def _take_objects_away(self) -> None:
        for key in self._put - self._before:
            with suppress(StorageUnavailable):
                self._storage.delete(key)

    def _tidy(self, *, replace: bool) -> None:
        """Remove what belongs to nothing any more; the restore has succeeded already."""
        shutil.rmtree(self._settings.home / REPLACED, ignore_errors=True)
        if not replace:
            return
        shutil.rmtree(self._settings.journal, ignore_errors=True)
        self._settings.journal.mkdir(mode=0o700, exist_ok=True)
        with suppress(StorageUnavailable):  # they are unreachable without their rows anyway
            for key in self._before - self._put:
                self._storage.delete(key)


def _opened(source: Path) -> IO[bytes]:
    try:
        return source.open("rb")
    except OSError as error:
        raise FileUnusable(file=source, reason=error.strerror) from error


def _refuse_strangers(contents: Contents, given: Settings, source: Path) -> None:
    """Refuse tables this release cannot make, and an environment that hides the archive's keys."""
    if not is_known(contents.head.revision):
        raise TooNew(file=source)
    for name in SECRET_NAMES:
        if getattr(given, name) not in {"", contents.secrets.get(name)}:
            raise OtherKey(name=name.upper())


def _refuse_people(settings: Settings) -> None:
    engine = make_engine(settings.database_url)
    try:
        with reading(), engine.connect() as connection:
            found = has_people(connection)
    except SQLAlchemyError as error:
        raise DatabaseAway(reason=in_one_line(error)) from error
    finally:
        engine.dispose()
    if found:
        raise HasData(home=settings.home)


def _compare_columns(connection: Connection, contents: Contents) -> None:
    made = columns_of(connection)
    told = {name: set(columns) for name, columns in contents.head.tables.items()}
    if {name: made.get(name) for name in told} != told:
        message = "its tables are not those of its revision"
        raise ValueError(message)
