"""A batch from claim to end: one short transaction per notice, and the sending between two.

Such a transaction records how the notice before was sent, and decides over the next one by what is
true in it. A worker that is killed leaves at most one notice that may have been sent and does not
say so; it is sent again, with the same Message-ID.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Event
from typing import Protocol

import structlog
from sqlalchemy.orm import Session, sessionmaker

from accounts.notices.delivery.clocks import CarriedClock, Clock
from accounts.notices.delivery.deciding import Decider, Ready
from accounts.notices.delivery.keeping import LeaseKeeper, quick_commits
from accounts.notices.delivery.mishaps import outcome_of
from accounts.notices.delivery.outcomes import Back, Outcome, Sent, record, record_undecided
from accounts.notices.delivery.rows import leased_row
from accounts.notices.enums import Channel
from accounts.notices.errors import EndDownError
from accounts.notices.ports import Due, End, Outgoing, Say
from accounts.notices.queries import has_due
from accounts.notices.rules import pause_after
from accounts.notices.services.claiming import claim, give_back
from accounts.notices.wording import Wordings, load
from core.database import Sessions, read_only

log = structlog.get_logger("mindcast.notices")


class Compose(Protocol):
    """Writes one notice for one person."""

    def __call__(self, due: Due, say: Say, wordings: Wordings, *, now: datetime) -> Outgoing:
        """Return what is to be sent."""


@dataclass(slots=True)
class Way:
    """The way out of a channel, and until when it is not tried because it was down."""

    end: End
    pause: float = 0.0
    closed_until: float = 0.0


@dataclass(slots=True)
class _Batch:
    ids: Iterable[str]
    wordings: Wordings
    claimed: float


class Delivery:
    """Sends what is due, batch by batch. For one thread.

    Args:
        sessions: Where the ledger is.
        decider: Says what becomes of each notice; its worker has the leases.
        compose: Writes a notice.
        ends: Where the notices of each channel leave.
        clock: The time of the ledger.
        ticks: A clock that never jumps, for pauses; seconds.
    """

    def __init__(
        self,
        sessions: Sessions,
        decider: Decider,
        *,
        compose: Compose,
        ends: Mapping[Channel, End],
        clock: Clock | None = None,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sessions = sessions
        self._decider = decider
        self._compose = compose
        self._ways = {channel: Way(end) for channel, end in ends.items()}
        self._clock = clock or CarriedClock()
        self._ticks = ticks
        self._outcome: Outcome | None = None
        self._has_leases = False

    def run_batch(self, stop: Event) -> int:
        """Send one batch; return how many notices it had. ``stop`` ends it between two of them."""
        self.settle()  # what a database that was away has kept from being written
        batch = self._claimed()
        if batch is None:
            return 0
        looked = 0
        with self._keeper(batch.claimed) as keeper, self._connected() as sessions:
            for notice_id in batch.ids:
                if stop.is_set() or not self._one(sessions, notice_id, batch.wordings, keeper):
                    break
                looked += 1
        self.settle()
        return looked

    def settle(self) -> None:
        """Write how the last sending ended, and give back what was not begun."""
        if not self._has_leases:
            return
        with self._sessions.begin() as session:
            self._record(session)
            give_back(session, worker=self._decider.worker)
        self._outcome, self._has_leases = None, False

    def close(self) -> None:
        """Let go of the connections of all ends."""
        for way in self._ways.values():
            way.end.close()

    @contextmanager
    def _connected(self) -> Iterator[Sessions]:
        """Give sessions on one connection: asking the pool for each notice costs a question."""
        with self._sessions.kw["bind"].connect() as connection, quick_commits(connection):
            yield sessionmaker(connection, expire_on_commit=False)

    def _keeper(self, claimed: float) -> LeaseKeeper:
        worker, seconds = self._decider.worker, self._decider.lease_seconds
        return LeaseKeeper(self._sessions, worker=worker, claimed=claimed, seconds=seconds)

    def _claimed(self) -> _Batch | None:
        open_now = [one for one, way in self._ways.items() if way.closed_until <= self._ticks()]
        with read_only(self._sessions) as session:  # a light look: most of the time nothing is due
            now = self._clock.read(session)
            if not open_now or not has_due(session, channels=open_now, now=now):
                return None
            wordings = load(session)
        began = time.monotonic()
        with self._sessions.begin() as session:
            now = self._clock.read(session)
            ids = claim(
                session,
                worker=self._decider.worker,
                channels=open_now,
                now=now,
                lease_seconds=self._decider.lease_seconds,
            )
        self._has_leases = bool(ids)
        return _Batch(ids, wordings, began) if ids else None

    def _one(
        self, sessions: Sessions, notice_id: str, wordings: Wordings, keeper: LeaseKeeper
    ) -> bool:
        """Send one notice if that is right; tell whether the batch goes on."""
        ready = self._decided(sessions, notice_id, wordings)
        if ready is None:
            return True
        if keeper.is_over:  # held up for longer than a lease: another may be sending it by now
            self._outcome = Back(ready.row.id)
            return False
        return self._sent(ready, wordings)

    def _decided(self, sessions: Sessions, notice_id: str, wordings: Wordings) -> Ready | None:
        try:
            with sessions.begin() as session:
                session.connection()  # begins, and on SQLite waits for its turn: then it is "now"
                ready = self._decider.decide(
                    session,
                    notice_id,
                    wordings=wordings,
                    now=self._clock.now(),
                    before=self._outcome,
                )
        except Exception as error:  # noqa: BLE001 -- it steps aside, the batch goes on
            self._set_aside(notice_id, error)
            ready = None
        self._outcome = None
        return ready

    def _set_aside(self, notice_id: str, error: Exception) -> None:
        """Write that nothing could be decided; a database that is away raises here as well."""
        worker = self._decider.worker
        log.warning("notice not decided", notice=notice_id, error=type(error).__name__)
        with self._sessions.begin() as session:
            self._record(session)
            if row := leased_row(session, notice_id, worker):
                attempts = row.attempts + 1
                failed = outcome_of(error, row, attempts=attempts, at=self._clock.now())
                record_undecided(session, worker, failed)

    def _record(self, session: Session) -> None:
        if self._outcome is not None:
            record(session, self._decider.worker, self._outcome)

    def _sent(self, ready: Ready, wordings: Wordings) -> bool:
        """Send it; tell whether its way out is open."""
        way = self._ways[Channel(ready.due.channel)]
        try:
            now = self._clock.now()
            way.end.send(self._compose(ready.due, ready.say, wordings, now=now))
        except Exception as error:  # noqa: BLE001 -- it steps aside, the batch goes on
            self._outcome = self._failed(ready, error)
            return self._stays_open(way, error)
        at, person = self._clock.now(), ready.row.recipient_id
        self._outcome = Sent(ready.row.id, at, ready.say.facts, ready.told, person)
        way.pause = 0.0
        return True

    def _failed(self, ready: Ready, error: Exception) -> Outcome:
        log.warning("notice not sent", notice=ready.row.id, error=type(error).__name__)
        at = self._clock.now()
        return outcome_of(error, ready.row, attempts=ready.attempts, at=at)

    def _stays_open(self, way: Way, error: Exception) -> bool:
        if not isinstance(error, EndDownError):
            return True
        way.pause = pause_after(way.pause)
        way.closed_until = self._ticks() + way.pause
        return False
