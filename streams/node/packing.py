"""Packaging one ingest: a packager after the other, until all of it has become segments."""

import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import structlog

from core.database import Sessions, read_only
from media.enums import PackagerMode
from media.feeds.ports import Feed, Shape
from media.models import Ingest
from media.packager import SOURCE, Outcome, Packager
from media.plans import Plan, faults_of, make_plan
from media.queries import packaged_until_us
from media.run_writer import RunWriter
from media.rungs import RUNGS
from media.services import Lease, note_shape
from streams.node.load import Load
from streams.node.shown import rungs_shown
from streams.node.wake import Wake
from streams.readiness.services import note_feed

log = structlog.get_logger(__name__)

FRUITLESS_RUNS = 4  # packagers in a row that made nothing of a feed
FRUITLESS_SECONDS = 0.25  # before the next one, doubled each time: it may not be the feed's fault
IDLE_SECONDS = 0.25  # between looks at a feed that nothing can be made of


class Packing:
    """The work on one ingest, in its owner's thread.

    Args:
        ingest: Its row.
        feed: What it holds.
        lease: The owner's.
        spool: Where segments go.
        sessions: Of the home's database.
        load: What the machine can carry.
        clock: The present moment, for rows.
        wake: Rung when the journal has grown.
        poke: Set when something about the broadcast has changed.
        stopping: Set when the node ends; what is not packaged waits in the journal.
    """

    def __init__(  # noqa: PLR0913 -- what an owner has, its packing needs
        self,
        *,
        ingest: Ingest,
        feed: Feed,
        lease: Lease,
        spool: Path,
        sessions: Sessions,
        load: Load,
        clock: Callable[[], datetime],
        wake: Wake,
        poke: threading.Event,
        stopping: threading.Event,
    ) -> None:
        self._ingest = ingest
        self._feed = feed
        self._lease = lease
        self._spool = spool
        self._sessions = sessions
        self._load = load
        self._clock = clock
        self._most_rungs = len(RUNGS)
        self._wake = wake
        self._poke = poke
        self._stopping = stopping

    def run(self) -> None:
        """Return when the feed is over, or the node ends."""
        shape = self._wait_for_shape()
        if shape is not None and (shape.video or shape.audio):
            try:
                self._run_packagers(shape)
            finally:
                self._load.end(self._lease.broadcast_id)

    def _wait_for_shape(self) -> Shape | None:
        while not self._stopping.is_set():
            shape = self._feed.shape()
            if shape is not None:
                return shape
            if self._feed.read() is None:
                return None
            self._poke.wait(0.05)
            self._poke.clear()
        return None

    def _run_packagers(self, shape: Shape) -> None:
        fruitless = 0
        while fruitless < FRUITLESS_RUNS and not self._stopping.is_set():
            plan = self._plan(shape)
            made, outcome = self._run_packager(plan)
            if outcome is Outcome.FINISHED:
                return
            log.info("packager_ended", outcome=outcome, broadcast=self._lease.broadcast_id)
            if outcome is Outcome.BEHIND:
                self._most_rungs = max(len(plan.ladder.encoded) - 1, 0)
            if made or outcome in {Outcome.UNFIT, Outcome.BEHIND}:
                fruitless = 0
            else:
                self._stopping.wait(FRUITLESS_SECONDS * 2**fruitless)
                fruitless += 1
        if self._stopping.is_set():
            return
        self._note(shape, ["unreadable"])
        self._discard()

    def _plan(self, shape: Shape) -> Plan:
        fitness = self._feed.fitness()
        self._note(shape, faults_of(shape, fitness))
        self._let_count(shape)
        plan = make_plan(shape, fitness, container=self._feed.container)
        with read_only(self._sessions) as session:
            shown = rungs_shown(session, broadcast_id=self._lease.broadcast_id)
        ladder = self._load.begin(
            self._lease.broadcast_id, plan.picture, shown=shown, most=self._most_rungs
        )
        return plan.with_ladder(ladder)

    def _run_packager(self, plan: Plan) -> tuple[int, Outcome]:
        with read_only(self._sessions) as session:
            done_us = packaged_until_us(session, ingest_id=self._ingest.id, rendition=SOURCE) or 0
        if done_us and not self._feed.has_more(done_us):
            return 0, Outcome.FINISHED  # the node ended between the last segment and saying so
        skip_us = self._feed.begin(done_us, encode=plan.mode is PackagerMode.ENCODE)
        writer = RunWriter(
            sessions=self._sessions,
            spool=self._spool,
            lease=self._lease,
            ingest=self._ingest,
            plan=plan,
            feed=self._feed,
            base_us=self._feed.begun_at_us() + skip_us,
        )
        packager = Packager(
            plan=plan.skipping(skip_us),
            feed=self._feed,
            sink=writer,
            wake_fd=self._wake.fd,
            stopping=self._stopping.is_set,
            too_much=self._load.is_disk_nearly_full,
        )
        outcome = packager.run()
        if outcome is Outcome.FINISHED:
            writer.finish()
        return writer.cuts, outcome

    def _discard(self) -> None:
        """Let an unreadable feed come to its end, so that the journal does not fill the disk."""
        while not self._stopping.is_set() and self._feed.read() is not None:
            self._poke.wait(IDLE_SECONDS)
            self._poke.clear()

    def _note(self, shape: Shape, faults: list[str]) -> None:
        with self._sessions() as session:
            note_shape(
                session,
                ingest_id=self._ingest.id,
                shape=shape,
                faults=faults,
            )
            session.commit()

    def _let_count(self, shape: Shape) -> None:
        """Let what was sent well count as a check of its host's camera and microphone."""
        with self._sessions() as session:
            note_feed(
                session,
                broadcast_id=self._lease.broadcast_id,
                kind=self._ingest.kind,
                shape=shape.as_row(),
                now=self._clock(),
            )
            session.commit()
