"""From a packager's output to durable segments: file first, row second, then viewers may know."""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from core.database import Sessions
from media.enums import RenditionKind
from media.feeds.ports import Feed
from media.journal import write_durably
from media.models import Ingest, Rendition, Run
from media.mp4 import Init
from media.packager import SOUND, SOURCE
from media.paths import segment_key, spool_path
from media.plans import Plan
from media.queries import last_program_end, next_sequence
from media.rungs import RUNGS
from media.segmenter import Cut
from media.services import (
    Lease,
    add_init,
    add_segment,
    check_lease,
    describe_rendition,
    ensure_rendition,
    start_run,
)

MOST_WAITING = 3  # segments; a rendition that lags further holds the other back no more
KINDS = {
    SOURCE: RenditionKind.MUXED,
    **{rung.name: RenditionKind.MUXED for rung in RUNGS},
    SOUND: RenditionKind.AUDIO,
}
"""Every rendition of a live broadcast, best first."""


class RunWriter:
    """The sink of one packager run; every segment is committed by itself.

    A run begins in all renditions at once, and sound does not run ahead of the picture: the next
    run goes on where the picture of this one ended, and must neither repeat sound nor stand alone
    in it. A rung that is not encoded is given the segments of the one that lends them. Any method
    raises ``LeaseLostError`` once another owner has the broadcast.
    """

    def __init__(
        self,
        *,
        sessions: Sessions,
        spool: Path,
        lease: Lease,
        ingest: Ingest,
        plan: Plan,
        feed: Feed,
        base_us: int,
    ) -> None:
        self._sessions = sessions
        self._spool = spool
        self._lease = lease
        self._ingest = ingest
        self._plan = plan
        self._feed = feed
        self._base_us = base_us
        self._run: Run | None = None
        self._renditions: dict[str, Rendition] = {}
        self._next: dict[str, int] = {}
        rungs = [rung.name for rung in plan.ladder.encoded]
        self._waiting: dict[str, list[Cut]] = {name: [] for name in (SOURCE, *rungs, SOUND)}
        self._begun = False
        self._picture_until_us = 0
        self.cuts = 0

    def init(self, rendition: str, init: Init) -> None:
        """Store an init segment; the first one of a run makes the run's row."""
        run = self._run_row()
        with self._sessions() as session:
            check_lease(session, self._lease)
            for name in self._fed_by(rendition):
                self._renditions[name] = self._add_init(session, run, name, init)
            session.commit()

    def cut(self, rendition: str, cut: Cut) -> None:
        """Take a segment, and store what need not wait for the other renditions."""
        self._waiting[rendition].append(cut)
        picture = self._waiting[SOURCE]
        self._begun = self._begun or all(self._waiting.values()) or len(picture) > MOST_WAITING
        if not self._begun:
            return
        for name, waiting in self._waiting.items():
            while waiting and self._may_store(name, waiting):
                self._store(name, waiting.pop(0))

    def finish(self) -> None:
        """Store what still waits: the feed is over, no other run follows this one."""
        for rendition, waiting in self._waiting.items():
            while waiting:
                self._store(rendition, waiting.pop(0))

    def _may_store(self, rendition: str, waiting: list[Cut]) -> bool:
        ahead = rendition == SOUND and waiting[0].starts_us >= self._picture_until_us
        return not ahead or len(waiting) > MOST_WAITING

    def _store(self, rendition: str, cut: Cut) -> None:
        for name in self._fed_by(rendition):
            self._store_in(name, cut)
        self.cuts += 1
        if rendition == SOURCE:
            self._picture_until_us = cut.starts_us + cut.duration_us
            self._feed.packaged(self._base_us + cut.starts_us)

    def _store_in(self, rendition: str, cut: Cut) -> None:
        """Store a segment: the file is durable before the row says that it exists."""
        run, row, sequence = self._run_row(), self._renditions[rendition], self._next[rendition]
        key = segment_key(run.broadcast_id, rendition, run.number, sequence)
        write_durably(spool_path(self._spool, key), cut.data)
        with self._sessions() as session:
            add_segment(
                session, self._lease, run, row, sequence=sequence, cut=cut, sha256=_digest(cut.data)
            )
            session.commit()
        self._next[rendition] = sequence + 1

    def _fed_by(self, rendition: str) -> tuple[str, ...]:
        return self._plan.ladder.names_fed_by(rendition)

    def _add_init(self, session: Session, run: Run, name: str, init: Init) -> Rendition:
        row = ensure_rendition(
            session,
            broadcast_id=self._lease.broadcast_id,
            name=name,
            kind=KINDS[name],
            position=list(KINDS).index(name),
        )
        rate = self._plan.output_rate if name == SOURCE else self._plan.rung_rate
        describe_rendition(session, rendition=row, init=init, frame_rate=rate)
        stored = add_init(session, run, row, size=len(init.data), sha256=_digest(init.data))
        write_durably(spool_path(self._spool, stored.object_key), init.data)
        self._next[name] = next_sequence(session, rendition_id=row.id)
        return row

    def _run_row(self) -> Run:
        if self._run is None:
            with self._sessions() as session:
                run = start_run(
                    session,
                    self._lease,
                    ingest_id=self._ingest.id,
                    mode=self._plan.mode,
                    base_us=self._base_us,
                    program_at=self._program_at(session),
                )
                session.commit()
            self._run = run
        return self._run

    def _program_at(self, session: Session) -> datetime:
        """The wall time of timeline zero, never before the end of what is there already."""
        meant = self._ingest.started_at + timedelta(microseconds=self._base_us)
        last = last_program_end(session, broadcast_id=self._lease.broadcast_id)
        if last is None:
            return meant
        return max(meant, last.program_at + timedelta(microseconds=last.duration_us))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
