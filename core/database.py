"""Engines and sessions, configured once for SQLite and PostgreSQL.

On SQLite a transaction that may write begins IMMEDIATE (a deferred one that writes later fails
when another writer was faster); one that only reads begins deferred, so that readers never wait.
The caller says which with :func:`reading`; writing is the default because forgetting it must be
safe.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

BUSY_TIMEOUT_MS = 10_000  # how long a writer waits for another on SQLite
STATEMENT_TIMEOUT_MS = 15_000
LOCK_TIMEOUT_MS = 5_000
IMMEDIATELY = "BEGIN IMMEDIATE"
LONGEST_PAUSE = 0.006  # seconds between two tries to begin; shorter for who has waited longer
SHORTEST_PAUSE = 0.0005
SQLITE_LOCKS = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
POSTGRES_LOCKS = frozenset({"40P01", "55P03", "40001"})  # deadlock, lock time-out, serialisation

_only_reads: ContextVar[bool] = ContextVar("only_reads", default=False)

Sessions = sessionmaker[Session]
"""What processes without a web application open sessions with."""


@contextmanager
def reading() -> Iterator[None]:
    """Mark the enclosed work as read-only: its transactions begin deferred."""
    token = _only_reads.set(True)
    try:
        yield
    finally:
        _only_reads.reset(token)


@contextmanager
def read_only(sessions: Sessions) -> Iterator[Session]:
    """Open a session for reads: on SQLite it never waits for a writer."""
    with reading(), sessions() as session:
        yield session


def mark_reading(*, only_reads: bool) -> None:
    """Say for the present context (a request) whether its transactions only read."""
    _only_reads.set(only_reads)


def engine_options(url: str) -> dict[str, Any]:
    """Return the keyword arguments for ``create_engine`` that ``url`` needs.

    Errors do not repeat the values of their statement: they are logged, and values are addresses.
    """
    if url.startswith("sqlite"):
        return {
            "connect_args": {"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False},
            "hide_parameters": True,
        }
    timeouts = f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout={LOCK_TIMEOUT_MS}"
    return {
        "connect_args": {"options": f"{timeouts} -c timezone=UTC"},
        "hide_parameters": True,
        "pool_pre_ping": True,
        "pool_size": 5,
        "max_overflow": 15,
    }


def configure_engine(engine: Engine) -> Engine:
    """Attach what every connection of ``engine`` needs; PostgreSQL needs nothing more."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def make_engine(url: str) -> Engine:
    """Return a configured engine; it connects on first use, not here."""
    return configure_engine(create_engine(url, **engine_options(url)))


def make_sessions(engine: Engine) -> Sessions:
    """Return the session factory for processes that have no web application."""
    return sessionmaker(engine, expire_on_commit=False)


def is_lock_failure(error: DBAPIError) -> bool:
    """Tell whether a rival's lock stood in the way: the same act may well succeed a moment later.

    A full disk, a lost connection or a statement that took too long is none.
    """
    cause: Any = error.orig
    if hasattr(cause, "sqlite_errorcode"):
        return (cause.sqlite_errorcode & 0xFF) in SQLITE_LOCKS
    return getattr(cause, "sqlstate", None) in POSTGRES_LOCKS


def insert_into(session: Session, table: Any) -> Any:  # noqa: ANN401 -- the two dialects' own types
    """Return an INSERT that knows ``on_conflict_do_nothing`` and ``on_conflict_do_update``.

    Both databases have them, in words of their own; ``table`` is a mapped class.
    """
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    return dialect.insert(table)


def database_now(session: Session) -> datetime:
    """Return the database's clock: leases are compared with it, whatever a node's clock says."""
    if session.get_bind().dialect.name == "sqlite":
        value = session.execute(text("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')")).scalar_one()
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    moment: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    return moment.astimezone(UTC)


def _prepare_sqlite(connection: Any, record: object) -> None:  # noqa: ANN401 -- a DB-API connection
    del record
    connection.isolation_level = None  # the driver must not begin transactions on its own
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:  # noqa: ANN401 -- the event passes a Connection
    if _only_reads.get():
        connection.exec_driver_sql("BEGIN")
    elif not _begin_in_turn(connection.connection.dbapi_connection):
        connection.exec_driver_sql(IMMEDIATELY)  # refused in the words of the database


def _begin_in_turn(raw: sqlite3.Connection) -> bool:
    """Wait to write, and tell whether it worked: who has waited longer asks more often.

    SQLite's own waiting asks less often the longer it takes, up to every 100 ms: under twenty
    writers some then wait for seconds while others go through at once.
    """
    patience = raw.execute("PRAGMA busy_timeout").fetchone()[0]
    raw.execute("PRAGMA busy_timeout = 0")
    try:
        began = monotonic()
        while not _begins(raw):
            waited = monotonic() - began
            if waited * 1000 >= patience:
                return False
            sleep(max(SHORTEST_PAUSE, LONGEST_PAUSE - waited / 20))
        return True
    finally:
        raw.execute(f"PRAGMA busy_timeout = {patience}")


def _begins(raw: sqlite3.Connection) -> bool:
    try:
        raw.execute(IMMEDIATELY)
    except sqlite3.OperationalError as error:
        if (error.sqlite_errorcode & 0xFF) not in SQLITE_LOCKS:
            raise
        return False
    return True
