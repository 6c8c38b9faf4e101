"""The tables of a database as a whole: which release they are of, emptied, made again."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, inspect, make_url, select, text

from accounts.models import User
from core.database import make_engine, reading
from core.orm import Base
from core.settings import Settings
from web import tables as _tables  # noqa: F401 -- every table is known from here on
from web.archive.errors import NothingThere, OldTables
from web.supervisor.database import MIGRATIONS

STAMP = "alembic_version"
UNSTAMPED = ""
"""The revision of tables that were made without migrations: they are those of the models."""


@contextmanager
def snapshot(settings: Settings) -> Iterator[Connection]:
    """Open the database for reading as it is at this moment, whatever is written meanwhile.

    Raises:
        NothingThere: It has no tables.
        OldTables: They are of another release.
    """
    engine = make_engine(settings.database_url)
    try:
        with reading(), engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ")
                connection.execute(text("SET LOCAL statement_timeout = 0"))  # long, but it reads
            _refuse_other_tables(connection, settings)
            yield connection
    finally:
        engine.dispose()


def revision_of(connection: Connection) -> str:
    """Return the revision of the tables, :data:`UNSTAMPED` if migrations did not make them."""
    if not inspect(connection).has_table(STAMP):
        return UNSTAMPED
    found = connection.execute(text(f"SELECT version_num FROM {STAMP}")).scalar()  # noqa: S608 -- a constant
    return found or UNSTAMPED


def is_known(revision: str) -> bool:
    """Whether this release can make the tables of ``revision``."""
    if revision == UNSTAMPED:
        return True
    try:
        return _has_migrations() and _script().get_revision(revision) is not None
    except CommandError:
        return False


def has_people(connection: Connection) -> bool:
    """Whether there are accounts: then a database is in use."""
    if not inspect(connection).has_table(User.__tablename__):
        return False
    return connection.execute(select(User.id).limit(1)).first() is not None


def make_empty(connection: Connection, revision: str) -> None:
    """Drop every table of ours and make those of ``revision``, all in the open transaction."""
    if revision_of(connection) != UNSTAMPED:
        command.downgrade(_config(connection), "base")
    Base.metadata.drop_all(connection)
    if revision == UNSTAMPED:
        Base.metadata.create_all(connection)
    else:
        command.upgrade(_config(connection), revision)


def bring_up_to_date(connection: Connection) -> None:
    """Migrate from the archive's revision to this release."""
    if revision_of(connection) != UNSTAMPED:
        command.upgrade(_config(connection), "head")


def columns_of(connection: Connection) -> dict[str, set[str]]:
    """Return the names of the tables that are there, each with its columns."""
    found = inspect(connection)
    return {
        name: {column["name"] for column in found.get_columns(name)}
        for name in found.get_table_names()
        if name != STAMP
    }


def refuse_nothing(settings: Settings) -> None:
    """Refuse a home that never ran before anything, and SQLite too, makes files for it."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise NothingThere(home=settings.home)


def _refuse_other_tables(connection: Connection, settings: Settings) -> None:
    if not inspect(connection).has_table(User.__tablename__):
        raise NothingThere(home=settings.home)
    revision = revision_of(connection)
    head = _script().get_current_head() if revision != UNSTAMPED and _has_migrations() else revision
    if revision != head:
        raise OldTables


def _has_migrations() -> bool:
    return (MIGRATIONS / "env.py").exists()


def _script() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config(None))


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    if connection is not None:
        config.attributes["connection"] = connection
    return config
