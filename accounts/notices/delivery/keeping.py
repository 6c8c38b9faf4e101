"""Keeps the lease of a batch while it is sent, however long a mail server takes."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Final, Self

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from accounts.notices.services.claiming import renew
from core.database import Sessions, database_now

RENEWED_AFTER: Final = 0.25
"""Of the lease: it is asked for three times before it runs out."""

log = structlog.get_logger("mindcast.notices")


class LeaseKeeper:
    """Renews all leases of ``worker`` from ``with`` to the end of the block.

    Args:
        sessions: Where the ledger is.
        worker: Whose leases.
        claimed: When they were claimed, by :func:`time.monotonic`.
        seconds: How long they last.
    """

    def __init__(self, sessions: Sessions, *, worker: str, claimed: float, seconds: float) -> None:
        self._sessions = sessions
        self._worker = worker
        self._renewed = claimed
        self._seconds = seconds
        self._closed = Event()
        self._thread = Thread(target=self._keep, name="notice-leases", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._closed.set()
        self._thread.join()

    @property
    def is_over(self) -> bool:
        """Whether the lease has run out: others may send what this worker has claimed."""
        return time.monotonic() - self._renewed >= self._seconds

    def renew(self) -> None:
        """Renew once; a database that is away for less than the lease costs nothing."""
        asked = time.monotonic()
        try:
            with self._sessions.begin() as session:
                now = database_now(session)
                renew(session, worker=self._worker, now=now, lease_seconds=self._seconds)
        except SQLAlchemyError as error:
            log.warning("leases not renewed", error=str(error))
        else:
            self._renewed = asked

    def _keep(self) -> None:
        while not self._closed.wait(self._seconds * RENEWED_AFTER):
            self.renew()


@contextmanager
def quick_commits(connection: Connection) -> Iterator[None]:
    """Let commits on a connection not wait for the disk of the database, as on SQLite here.

    A worker that is killed loses nothing by it. A database machine that loses its power may forget
    the last second: what was sent in it is sent again with the same Message-ID; nothing is lost.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    with connection.begin():
        connection.exec_driver_sql("SET synchronous_commit TO off")
    try:
        yield
    finally:
        with connection.begin():
            connection.exec_driver_sql("RESET synchronous_commit")
