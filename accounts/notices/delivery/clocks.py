"""The clock of the database, read once for a batch: a question for each mail would cost as much."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from sqlalchemy.orm import Session

from core.database import database_now

LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Clock(Protocol):
    """Says what time it is for the ledger."""

    def read(self, session: Session) -> datetime:
        """Ask the database, and return what it says."""

    def now(self) -> datetime:
        """Return what the database would say, without asking."""


class CarriedClock:
    """The database's clock, carried on from the last reading by the clock that never jumps."""

    def __init__(self, ticks: Callable[[], float] = time.monotonic) -> None:
        self._ticks = ticks
        self._read_at = 0.0
        self._said = LONG_AGO

    def read(self, session: Session) -> datetime:
        """Ask the database, and return what it says."""
        self._said, self._read_at = database_now(session), self._ticks()
        return self._said

    def now(self) -> datetime:
        """Return what the database would say, without asking."""
        return self._said + timedelta(seconds=self._ticks() - self._read_at)
