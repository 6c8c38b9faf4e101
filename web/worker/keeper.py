"""Keeps the lease of the step that is running, and tells the step when it must end."""

import time
from threading import Event, Thread
from typing import Final, Self

import structlog
from sqlalchemy.exc import SQLAlchemyError

from core import heartbeats
from core.database import Sessions, database_now, reading
from core.work import services
from core.work.errors import LeaseLost
from core.work.queries import is_held
from media.errors import StepStopped

LEASE_SECONDS: Final = 30
RENEW_SECONDS: Final = 2.0  # also how often a progress bar moves
LOOK_SECONDS: Final = 0.5  # a step that a person cancels ends within a second

log = structlog.get_logger("mindcast.worker")


class LeaseKeeper:
    """Renews the lease of one piece of work from ``with`` to the end of the block.

    Args:
        sessions: Where the work is.
        work_id: Which work.
        worker: Who has claimed it.
        node: The name the sign of life is given under.
        stop: Set when the whole worker must end.
    """

    def __init__(
        self, sessions: Sessions, *, work_id: str, worker: str, node: str, stop: Event
    ) -> None:
        self._sessions = sessions
        self._work_id = work_id
        self._worker = worker
        self._node = node
        self._stop = stop
        self._lost = Event()
        self._closed = Event()
        self._fraction = 0.0
        self._renewed = time.monotonic()
        self._thread = Thread(target=self._keep, name="lease-keeper", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._closed.set()
        self._thread.join()

    def progress(self, fraction: float) -> None:
        """Note how far the step is, 0 to 1.

        Raises:
            StepStopped: The worker must end, or the work is no longer its own.
        """
        self._fraction = fraction
        # Whoever was held up for longer than a lease must not wait to be told that it is over.
        expired = time.monotonic() - self._renewed > LEASE_SECONDS
        if expired or self._stop.is_set() or self._lost.is_set():
            raise StepStopped

    def renew(self) -> None:
        """Renew once; a database that is away for less than the lease costs nothing."""
        try:
            with self._sessions.begin() as session:
                now = database_now(session)
                services.renew(
                    session,
                    work_id=self._work_id,
                    worker=self._worker,
                    progress=self._fraction,
                    now=now,
                    lease_seconds=LEASE_SECONDS,
                )
                heartbeats.beat(session, role="worker", node=self._node, now=now)
            self._renewed = time.monotonic()
        except LeaseLost:
            self._lost.set()
        except SQLAlchemyError:
            log.exception("lease not renewed", work=self._work_id)
            if time.monotonic() - self._renewed > LEASE_SECONDS:
                self._lost.set()

    def look(self) -> None:
        """Notice that the work was cancelled or given to another; a light read, no write."""
        try:
            with reading(), self._sessions() as session:
                held = is_held(session, work_id=self._work_id, worker=self._worker)
        except SQLAlchemyError:
            return  # the renewal is what says that the database is away
        if not held:
            self._lost.set()

    def _keep(self) -> None:
        looked = 0
        while not self._closed.wait(LOOK_SECONDS):
            looked += 1
            if looked * LOOK_SECONDS >= RENEW_SECONDS:
                looked = 0
                self.renew()
            else:
                self.look()
