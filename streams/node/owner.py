"""The owner of one broadcast: a thread that packages its ingests in order and ends it.

The rows are the truth: a node that starts again finds in them what is not packaged yet and goes on.
"""

import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import structlog

from core.database import Sessions, database_now, read_only
from core.errors import Refusal
from core.settings import Settings
from media.enums import BroadcastState, IngestKind
from media.errors import LeaseLostError
from media.feeds.flv import FlvFeed
from media.feeds.opening import ChunkFeed, open_chunk_feed
from media.feeds.ports import Feed
from media.jobs import enqueue_replay_steps
from media.journal import drop, part_numbers
from media.models import Broadcast, Ingest
from media.queries import end_is_requested, open_ingests
from media.rules import window_is_over
from media.services import (
    Lease,
    close_ingest,
    mark_packaged,
    release_lease,
)
from streams.life import services as life
from streams.marks.services import ask_for_chapters
from streams.node.load import Load
from streams.node.packing import Packing
from streams.node.wake import Wake
from streams.removal.services import ask_if_not_recorded

log = structlog.get_logger(__name__)

IDLE_SECONDS = 0.25  # how soon an end that was asked for elsewhere is seen
FAILED_SECONDS = 0.5
MOST_FAILED_SECONDS = 10.0


class Owner(threading.Thread):
    """Runs until its broadcast is over, its lease is lost or the node stops."""

    def __init__(
        self,
        *,
        lease: Lease,
        livestream_id: str,
        settings: Settings,
        sessions: Sessions,
        clock: Callable[[], datetime],
        load: Load,
    ) -> None:
        super().__init__(name=f"owner-{lease.broadcast_id}", daemon=True)
        self.lease = lease
        self.livestream_id = livestream_id
        self.wake = Wake()
        self.lost = False
        self._settings = settings
        self._sessions = sessions
        self._clock = clock
        self._load = load
        self._sending: set[str] = set()
        self._chunk_feeds: dict[str, ChunkFeed] = {}
        self._gate = threading.Lock()  # around the two that follow
        self._expected = 0
        self._given_back = False
        self._stopping = threading.Event()
        self._poke = threading.Event()
        self._failures = 0

    def expect(self) -> bool:
        """Keep the broadcast for somebody who is being admitted; False: it was given back."""
        with self._gate:
            self._expected += not self._given_back
            return not self._given_back

    def arrived(self) -> None:
        """Learn that whoever was expected has opened an ingest, or does not come."""
        with self._gate:
            self._expected -= 1

    def opened(self, ingest_id: str) -> None:
        """Learn that an encoder fills this ingest from now on."""
        self._sending.add(ingest_id)
        self._poke.set()

    def closed(self, ingest_id: str) -> None:
        """Learn that nothing more will come for it."""
        self._sending.discard(ingest_id)
        self.wake.ring()
        self._poke.set()

    def chunk_before(self, ingest_id: str, until_us: int) -> int:
        """Return the last chunk whose media all lies before a moment of its ingest; -1: unknown."""
        feed = self._chunk_feeds.get(ingest_id)
        return -1 if feed is None else feed.chunk_before(until_us)

    def stop(self) -> None:
        """Ask the thread to end; what is not packaged waits in the journal."""
        self._stopping.set()
        self._poke.set()
        self.wake.ring()

    def run(self) -> None:
        """Package, wait, end."""
        try:
            while not self._stopping.is_set() and self._attempt():
                pass
        except LeaseLostError:
            self.lost = True
            log.warning("lease_lost", broadcast=self.lease.broadcast_id)
        finally:
            self.wake.close()

    def _attempt(self) -> bool:
        """Take a step; one that fails is taken again, ever later: the disk or database may return.

        The encoder is kept meanwhile, and what it sends is journalled.
        """
        try:
            going_on = self._step()
        except LeaseLostError:
            raise
        except Exception:
            log.exception("owner_failed", broadcast=self.lease.broadcast_id)
            self._stopping.wait(min(FAILED_SECONDS * 2**self._failures, MOST_FAILED_SECONDS))
            self._failures += 1
            return True
        self._failures = 0
        return going_on

    def _step(self) -> bool:
        """Do the next thing there is; False when the broadcast needs this owner no longer."""
        ingest = self._next_ingest()
        if ingest is not None:
            self._package(ingest)
            return True
        if self._is_to_end():
            self._finish()
            return False
        state, window_over = self._standing()
        if window_over:
            self._commit(life.close_window)
            return True
        if state is BroadcastState.IDLE and self._may_give_back():
            self._release()
            return False
        self._poke.wait(IDLE_SECONDS)
        self._poke.clear()
        return True

    def _may_give_back(self) -> bool:
        with self._gate:
            self._given_back = not self._sending and not self._expected
            return self._given_back

    def _is_to_end(self) -> bool:
        with read_only(self._sessions) as session:
            return end_is_requested(session, broadcast_id=self.lease.broadcast_id)

    def _next_ingest(self) -> Ingest | None:
        with read_only(self._sessions) as session:
            return next(iter(open_ingests(session, broadcast_id=self.lease.broadcast_id)), None)

    def _standing(self) -> tuple[BroadcastState, bool]:
        with read_only(self._sessions) as session:
            row = session.get_one(Broadcast, self.lease.broadcast_id)
            over = window_is_over(
                interrupted_at=row.interrupted_at,
                window_seconds=row.window_seconds,
                now=database_now(session),
            )
            return BroadcastState(row.state), over and row.state == BroadcastState.INTERRUPTED

    def _package(self, ingest: Ingest) -> None:
        """Turn one ingest into segments, with as many packagers as that takes."""
        folder = self._settings.journal / self.lease.broadcast_id / ingest.id
        if part_numbers(folder) or ingest.id in self._sending:  # else its journal was elsewhere
            Packing(
                ingest=ingest,
                feed=self._open_feed(ingest, folder),
                lease=self.lease,
                spool=self._settings.spool,
                sessions=self._sessions,
                load=self._load,
                clock=self._clock,
                wake=self.wake,
                poke=self._poke,
                stopping=self._stopping,
            ).run()
        if self._stopping.is_set():
            return
        with self._sessions() as session:
            mark_packaged(session, self.lease, ingest_id=ingest.id, now=self._clock())
            close_ingest(session, ingest_id=ingest.id, now=self._clock())
            session.commit()
        self._chunk_feeds.pop(ingest.id, None)
        drop(folder)

    def _open_feed(self, ingest: Ingest, folder: Path) -> Feed:
        def closed() -> bool:
            return ingest.id not in self._sending

        if ingest.kind == IngestKind.RTMP:
            return FlvFeed(folder, closed=closed)
        feed = self._chunk_feeds[ingest.id] = open_chunk_feed(folder, closed=closed)
        return feed

    def _finish(self) -> None:
        """Everything is packaged and the end was asked for: the playlists are final."""
        with self._sessions() as session:
            try:
                life.drained(session, livestream_id=self.livestream_id, now=self._clock())
            except Refusal:
                session.rollback()  # somebody else finished it
            now, broadcast_id = self._clock(), self.lease.broadcast_id
            if not ask_if_not_recorded(session, livestream_id=self.livestream_id, now=now):
                enqueue_replay_steps(session, broadcast_id=broadcast_id, now=now)
                ask_for_chapters(session, livestream_id=self.livestream_id, now=now)
            session.commit()
        drop(self._settings.journal / self.lease.broadcast_id)

    def _release(self) -> None:
        with self._sessions() as session:
            release_lease(session, self.lease)
            session.commit()

    def _commit(self, event: Callable[..., object]) -> None:
        with self._sessions() as session:
            try:
                event(session, livestream_id=self.livestream_id, now=self._clock())
                session.commit()
            except Refusal:
                session.rollback()  # another event was faster; the next step sees its state
