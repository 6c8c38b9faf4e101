"""One ffmpeg that makes all rungs of a part, and its output cut into planned segments."""

import os
import selectors
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from media.errors import MediaError, StepTooSlow
from media.ffmpeg.ladder import Clip, RungOutput, ladder_arguments
from media.ladder.plan import PlannedSegment
from media.ladder.rungs import Rung
from media.mp4 import Fragment, FragmentReader, Init
from media.process import ChildProcess, ProcessFailed

LOOK_SECONDS: Final = 0.25  # how soon a running encoder notices that the step must end
READ_BYTES: Final = 1024 * 1024
END_SECONDS: Final = 10.0
KILL_SECONDS: Final = 0.2  # what a program was making when it must end is thrown away
EARLY_US: Final = 4_000  # half the shortest frame there is: rounding, not another keyframe
FRAME_US: Final = 110_000  # of the slowest picture we make; a boundary is never further off


class OffPlanError(MediaError):
    """An encoder did not give the segments that were planned."""

    def __init__(self, rung: int, detail: str) -> None:
        super().__init__(f"rung {rung}: {detail}")


@dataclass(frozen=True, slots=True)
class RungSegment:
    """One segment of one rung, as planned."""

    planned: PlannedSegment
    data: bytes
    frames: int


class Sink(Protocol):
    """Where the output of an encoder goes."""

    def init(self, rung: int, init: Init) -> None:
        """Take the init segment of a rung; it comes before its segments."""

    def segment(self, rung: int, segment: RungSegment) -> None:
        """Take one segment; those of a rung come in order."""


@dataclass(slots=True)
class Cutter:
    """Joins fragments of one rung into the planned segments."""

    rung: int
    planned: Sequence[PlannedSegment]
    done: int = 0
    _waiting: list[Fragment] = field(default_factory=list)

    def take(self, fragment: Fragment) -> RungSegment | None:
        """Add a fragment; return the segment that it shows to be complete."""
        closed = None
        following = self.done + 1
        begins_next = (
            self._waiting
            and following < len(self.planned)
            and fragment.starts_us >= self.planned[following].starts_us - EARLY_US
        )
        if begins_next:
            closed = self._close()
        self._waiting.append(fragment)
        return closed

    def finish(self) -> RungSegment:
        """Return the last segment.

        Raises:
            OffPlanError: It is missing, or is not the last one.
        """
        last = self._close()
        if self.done != len(self.planned):
            raise OffPlanError(self.rung, f"{self.done} of {len(self.planned)} segments")
        return last

    def _close(self) -> RungSegment:
        waiting, self._waiting = self._waiting, []
        if not waiting:
            raise OffPlanError(self.rung, "a segment without a picture")
        planned = self.planned[self.done]
        self._check(planned, waiting)
        self.done += 1
        data = b"".join(one.data for one in waiting)
        return RungSegment(planned, data, sum(one.frames for one in waiting))

    def _check(self, planned: PlannedSegment, waiting: Sequence[Fragment]) -> None:
        starts, length = waiting[0].starts_us, sum(one.duration_us for one in waiting)
        if abs(starts - planned.starts_us) > FRAME_US:
            raise OffPlanError(self.rung, f"starts at {starts}, not {planned.starts_us}")
        if abs(length - planned.duration_us) > FRAME_US:
            raise OffPlanError(self.rung, f"lasts {length}, not {planned.duration_us}")


def encode(
    clip: Clip,
    rungs: Sequence[Rung],
    planned: Sequence[PlannedSegment],
    *,
    sink: Sink,
    look: Callable[[], None],
    deadline: float,
    log: Path,
) -> None:
    """Make all ``rungs`` of ``clip`` in one process and give them to ``sink`` as they come.

    Args:
        clip: The media.
        rungs: What is made of it.
        planned: The segments, on the timeline of the clip.
        sink: Takes init segments and segments.
        look: Called at least every :data:`LOOK_SECONDS`; what it raises ends the encoder.
        deadline: A moment of ``time.monotonic``.
        log: A file for what the program says.

    Raises:
        ProcessFailed: The program ended badly.
        StepTooSlow: The deadline has passed.
        OffPlanError: What came out is not what was planned.
    """
    pipes = [os.pipe() for _ in rungs]
    cutters = [Cutter(number, planned) for number in range(len(rungs))]
    wanted = [
        RungOutput(write, rung.width, rung.height, 0 if rung.copied else rung.rate, rung.framed)
        for rung, (_read, write) in zip(rungs, pipes, strict=True)
    ]
    times = [one.starts_us for one in planned]
    run_with_pipes(
        ladder_arguments(clip, wanted, keyframes_us=times),
        pipes,
        [partial(_take, FragmentReader(), cutter, sink) for cutter in cutters],
        look=look,
        deadline=deadline,
        log=log,
    )
    for cutter in cutters:
        sink.segment(cutter.rung, cutter.finish())


def run_with_pipes(
    arguments: Sequence[str],
    pipes: Sequence[tuple[int, int]],
    takers: Sequence[Callable[[bytes], None]],
    *,
    look: Callable[[], None],
    deadline: float,
    log: Path,
) -> None:
    """Run a program that writes to ``pipes`` and pass on what comes; the pipes are closed.

    Raises:
        ProcessFailed: The program ended badly.
        StepTooSlow: The deadline has passed.
    """
    with ExitStack() as stack:
        for read, _write in pipes:
            stack.callback(os.close, read)
        child = _started(arguments, [write for _read, write in pipes], log)
        stack.callback(child.close, KILL_SECONDS)
        _pump({read: take for (read, _), take in zip(pipes, takers, strict=True)}, look, deadline)
        code = child.wait(END_SECONDS)
        if code != 0:
            raise ProcessFailed(child.args[0], code, log.read_text(errors="replace"))


def _started(arguments: Sequence[str], fds: Sequence[int], log: Path) -> ChildProcess:
    try:
        with log.open("wb") as errors:
            child = ChildProcess(arguments, cwd=log.parent, stderr=errors, pass_fds=fds)
            return child.start()
    finally:
        for fd in fds:
            os.close(fd)


def _pump(
    takers: Mapping[int, Callable[[bytes], None]], look: Callable[[], None], deadline: float
) -> None:
    """Read all pipes to their ends."""
    with selectors.DefaultSelector() as selector:
        for fd in takers:
            selector.register(fd, selectors.EVENT_READ)
        while selector.get_map():
            for key, _events in selector.select(LOOK_SECONDS):
                data = os.read(key.fd, READ_BYTES)
                if data:
                    takers[key.fd](data)
                else:
                    selector.unregister(key.fd)
            look()
            if time.monotonic() > deadline:
                raise StepTooSlow


def _take(reader: FragmentReader, cutter: Cutter, sink: Sink, data: bytes) -> None:
    for found in reader.feed(data):
        if isinstance(found, Init):
            sink.init(cutter.rung, found)
        elif (closed := cutter.take(found)) is not None:
            sink.segment(cutter.rung, closed)
