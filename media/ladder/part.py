"""One part of a ladder: fetched, encoded into every rung at once, stored, and then recorded.

Objects are stored while the encoder runs; rows come last, in one transaction. So a worker that is
killed leaves objects that no row names, and the next one writes them again.
"""

import hashlib
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from core.clock import utc_now
from core.database import reading
from media import paths
from media.errors import StepRefused
from media.ladder import kinds
from media.ladder.encoder import OffPlanError, RungSegment, encode
from media.ladder.plan import LadderPlan, Part
from media.ladder.rows import (
    MadeInit,
    MadeSegment,
    add_init,
    add_segments,
    check_init,
    go_on_when_complete,
    has_segments,
    hold_broadcast,
    made_init,
    plan_of,
    renditions_of,
)
from media.ladder.source import fetch_part
from media.mp4 import Init
from media.steps import StepContext

FETCHED: Final = 0.1  # share of the progress bar
STORED: Final = 0.98
UPLOADS: Final = 2
WAITING: Final = 16  # segments held in memory for storage that is slower than the encoder


def make_part(context: StepContext) -> None:
    """Make all rungs of one part; a part that is there already is not made again.

    Raises:
        StepRefused: There is no such part any more.
        OffPlanError: What came out is not what was planned.
    """
    plan, part = _planned(context)
    if not _is_made(context, plan, part):
        with context.folder() as folder:
            stored = _encode(context, plan, part, folder)
        context.progress(STORED)
        _record(context, plan, part, stored)
    with context.sessions.begin() as session:
        hold_broadcast(session, broadcast_id=context.subject)
        go_on_when_complete(
            session, broadcast_id=context.subject, generation=plan.generation, now=utc_now()
        )


@dataclass(slots=True)
class Store:
    """The sink of an encoder: objects go to storage beside it, facts are kept for the rows."""

    context: StepContext
    part: Part
    names: tuple[str, ...]
    pool: ThreadPoolExecutor
    progress: Callable[[float], None]
    inits: dict[str, MadeInit] = field(default_factory=dict)
    segments: dict[str, list[MadeSegment]] = field(default_factory=dict)
    frames: dict[str, list[int]] = field(default_factory=dict)
    _waiting: deque[Future[None]] = field(default_factory=deque)

    def init(self, rung: int, init: Init) -> None:
        """Store an init segment unless that of an earlier part stands there; it is the same."""
        name = self.names[rung]
        self.inits[name] = made = made_init(init)
        key = paths.init_key(self.context.subject, name, self.part.run_number)
        with reading(), self.context.sessions() as session:
            is_there = check_init(session, key=key, made=made)
        if not is_there:
            self._put(key, init.data)

    def segment(self, rung: int, segment: RungSegment) -> None:
        """Store a segment."""
        name, planned, data = self.names[rung], segment.planned, segment.data
        digest = hashlib.sha256(data).hexdigest()
        made = MadeSegment(planned, planned.starts_us, planned.duration_us, len(data), digest)
        self.segments.setdefault(name, []).append(made)
        self.frames.setdefault(name, []).append(segment.frames)
        run = self.part.run_number
        self._put(paths.segment_key(self.context.subject, name, run, planned.sequence), data)

    def look(self) -> None:
        """State how much is encoded, by the rung that is furthest behind; raises when to stop."""
        counts = [len(self.segments.get(name, ())) for name in self.names]
        self.progress(min(counts) / len(self.part.segments))

    def drain(self, most: int = 0) -> None:
        """Wait until no more than ``most`` objects are on their way; raise what went wrong."""
        while len(self._waiting) > most:
            self._waiting.popleft().result()

    def _put(self, key: str, data: bytes) -> None:
        self.drain(WAITING)
        self._waiting.append(self.pool.submit(self._put_now, key, data))

    def _put_now(self, key: str, data: bytes) -> None:
        self.look()  # what another worker may have stored by now is not overwritten
        self.context.storage.put_bytes(key, data, content_type=paths.content_type(key))


def _planned(context: StepContext) -> tuple[LadderPlan, Part]:
    generation, number = divmod(context.revision, kinds.MOST_PARTS)
    with reading(), context.sessions() as session:
        plan = plan_of(session, broadcast_id=context.subject, generation=generation)
    if plan is None or number >= len(plan.parts):
        raise StepRefused
    return plan, plan.parts[number]


def _is_made(context: StepContext, plan: LadderPlan, part: Part) -> bool:
    with reading(), context.sessions() as session:
        rows = renditions_of(session, broadcast_id=context.subject, generation=plan.generation)
        return all(has_segments(session, rows[name], part.segments) for name in plan.pictures)


def _encode(context: StepContext, plan: LadderPlan, part: Part, folder: Path) -> Store:
    """Fetch and encode one part; everything is in storage when this returns."""
    fetched = fetch_part(context.within(0.0, FETCHED), part, source=plan.source, folder=folder)
    encoding = context.within(FETCHED, STORED)
    with _pool() as pool:
        store = Store(context, part, tuple(plan.pictures), pool, encoding.progress)
        encode(
            fetched.clip,
            plan.rungs,
            part.segments,
            sink=store,
            look=store.look,
            deadline=context.deadline,
            log=folder / "errors.log",
        )
        store.drain()
    _check_frames(store, fetched.frames)
    return store


@contextmanager
def _pool() -> Iterator[ThreadPoolExecutor]:
    """Give the threads that store objects; what still waits is dropped when the step must end."""
    pool = ThreadPoolExecutor(UPLOADS, thread_name_prefix="ladder-store")
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _check_frames(store: Store, wanted: tuple[int, ...]) -> None:
    """Every rung has every frame of the source, in the same segments.

    Raises:
        OffPlanError: It has not.
    """
    counts = list(store.frames.values())
    expected = list(wanted) if wanted else counts[0]
    for rung, found in enumerate(counts):
        if found != expected:
            raise OffPlanError(rung, f"has {found} frames, not {expected}")


def _record(context: StepContext, plan: LadderPlan, part: Part, store: Store) -> None:
    """Write the rows of a part, all or none; nothing if another worker was faster."""
    with context.sessions.begin() as session:
        hold_broadcast(session, broadcast_id=context.subject)
        rows = renditions_of(session, broadcast_id=context.subject, generation=plan.generation)
        for name, made in store.segments.items():
            add_init(session, rows[name], part, store.inits[name], now=utc_now())
            if not has_segments(session, rows[name], part.segments):
                add_segments(session, rows[name], part, made, now=utc_now())
