"""One packager: an ffmpeg that turns a feed into init segments and cuts, in one thread.

The source and sound alone come out of it, and the rungs of the plan's ladder, each on its pipe.

It owns its child process and the pipes. A select loop feeds the child as the journal grows and
reads what comes out; a wake-up descriptor ends the wait when the journal has grown.
"""

import os
import selectors
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from media.enums import PackagerMode
from media.feeds.ports import Feed, Fitness
from media.ffmpeg.live import packager_arguments
from media.mp4 import FragmentReader, Init, Mp4Error
from media.pace import Pace
from media.plans import Plan
from media.process import PIPE, ChildProcess
from media.segmenter import Cut, Follower, Segmenter

SOURCE = "source"
SOUND = "sound"
READ_BYTES = 256 * 1024
WAIT_SECONDS = 0.25
SILENT_SECONDS = 20.0  # neither taking what it is given nor saying anything: it hangs
END_SECONDS = 5.0


class Outcome(StrEnum):
    """How a run ended."""

    FINISHED = "finished"  # the feed is over and every byte of it has become segments
    CRASHED = "crashed"
    UNFIT = "unfit"  # the feed can be copied no longer
    BEHIND = "behind"  # the machine cannot carry the rungs; a run with fewer goes on
    STOPPED = "stopped"  # the node ends; the journal keeps the rest


class Sink(Protocol):
    """Where a run's output goes."""

    def init(self, rendition: str, init: Init) -> None:
        """Take the init segment of a rendition; it comes before its cuts."""

    def cut(self, rendition: str, cut: Cut) -> None:
        """Take one closed segment."""


@dataclass(slots=True)
class _Output:
    rendition: str
    segmenter: Segmenter | Follower
    reader: FragmentReader = field(default_factory=FragmentReader)


def _no() -> bool:
    return False


class Packager:
    """Runs once.

    Args:
        plan: What becomes of the feed.
        feed: The media of an ingest.
        sink: Where init segments and cuts go.
        wake_fd: Becomes readable when the journal has grown or was closed.
        stopping: Whether the node ends.
        too_much: Whether rungs must be given up for a reason outside, like a disk that fills.
    """

    def __init__(
        self,
        *,
        plan: Plan,
        feed: Feed,
        sink: Sink,
        wake_fd: int,
        stopping: Callable[[], bool],
        too_much: Callable[[], bool] = _no,
    ) -> None:
        self._plan = plan
        self._feed = feed
        self._sink = sink
        self._wake_fd = wake_fd
        self._stopping = stopping
        self._too_much = too_much
        self._pending = memoryview(b"")
        self._fed_all = False
        self._heard_at = 0.0
        self._pace = Pace()
        self._followers = {rung.name: Follower() for rung in plan.ladder.encoded}

    def run(self, *, monotonic: Callable[[], float] = time.monotonic) -> Outcome:
        """Package until the feed ends, the child ends or the feed is unfit for copying."""
        with _pipes(1 + len(self._followers)) as pipes:
            child = self._started([write for _, write in pipes])
            self._heard_at = monotonic()
            try:
                return self._loop(child, [read for read, _ in pipes], monotonic)
            except (BrokenPipeError, Mp4Error):
                return Outcome.CRASHED
            finally:
                child.close(grace=0.2)

    def _started(self, fds: list[int]) -> ChildProcess:
        """Start ffmpeg; the writing ends are its alone from then on."""
        try:
            arguments = packager_arguments(self._plan, sound_fd=fds[0], rung_fds=fds[1:])
            return ChildProcess(arguments, stdin=PIPE, stdout=PIPE, pass_fds=fds).start()
        finally:
            for fd in fds:
                os.close(fd)

    def _loop(self, child: ChildProcess, fds: list[int], monotonic: Callable[[], float]) -> Outcome:
        if child.stdin is None or child.stdout is None:
            return Outcome.CRASHED
        stdin, outputs = child.stdin.fileno(), self._outputs([child.stdout.fileno(), *fds])
        for fd in (stdin, *outputs):
            os.set_blocking(fd, False)
        with selectors.DefaultSelector() as selector:
            for fd in (*outputs, self._wake_fd):
                selector.register(fd, selectors.EVENT_READ)
            if (outcome := self._exchange(child, outputs, selector, monotonic)) is not None:
                return outcome
        if self._fed_all:  # a crash must not close a half-read segment as if it were whole
            for output in outputs.values():
                self._emit(output, output.segmenter.finish())
        code = child.wait(END_SECONDS)
        return Outcome.FINISHED if code == 0 and self._fed_all else Outcome.CRASHED

    def _exchange(
        self,
        child: ChildProcess,
        outputs: dict[int, _Output],
        selector: selectors.BaseSelector,
        monotonic: Callable[[], float],
    ) -> Outcome | None:
        """Feed the child and take what it makes, until all of it has come; else say why not."""
        stdin = -1 if child.stdin is None else child.stdin.fileno()
        still = dict(outputs)
        while still:
            if self._feed_child(child, stdin, selector):
                self._heard_at = monotonic()
            if (outcome := self._verdict(monotonic())) is not None:
                return outcome
            for key, _events in selector.select(WAIT_SECONDS):
                self._serve(key.fd, still, selector, monotonic)
        return None

    def _outputs(self, fds: list[int]) -> dict[int, _Output]:
        """Return the outputs by descriptor, the source first: the rungs are cut where it is."""
        outputs = [_Output(SOURCE, Segmenter()), _Output(SOUND, Segmenter())]
        outputs += [_Output(name, follower) for name, follower in self._followers.items()]
        return dict(zip(fds, outputs, strict=True))

    def _feed_child(
        self, child: ChildProcess, stdin: int, selector: selectors.BaseSelector
    ) -> bool:
        """Give the child what the journal holds, as far as it takes it now; tell if it took any."""
        taken = False
        while not self._fed_all:
            if not self._pending:
                data = self._feed.read()
                if not data:
                    _unwatch(selector, stdin)
                    if data is None:
                        self._fed_all = taken = True
                        _close(child)
                    return taken
                self._pending = memoryview(data)
                if self._is_unfit():
                    return taken  # what was just read must not be copied
            try:
                self._pending = self._pending[os.write(stdin, self._pending) :]
                taken = True
            except BlockingIOError:
                if stdin not in selector.get_map():
                    selector.register(stdin, selectors.EVENT_WRITE)
                return taken
        return taken

    def _serve(
        self,
        fd: int,
        outputs: dict[int, _Output],
        selector: selectors.BaseSelector,
        monotonic: Callable[[], float],
    ) -> None:
        if fd == self._wake_fd:
            os.read(fd, READ_BYTES)
            return
        output = outputs.get(fd)
        if output is None:
            return  # the child's input is writable; the loop feeds it
        data = os.read(fd, READ_BYTES)
        self._heard_at = monotonic()
        if data:
            self._take(output, data)
            return
        selector.unregister(fd)
        del outputs[fd]

    def _take(self, output: _Output, data: bytes) -> None:
        for found in output.reader.feed(data):
            if isinstance(found, Init):
                self._sink.init(output.rendition, found)
            else:
                self._emit(output, output.segmenter.take(found))

    def _emit(self, output: _Output, cuts: list[Cut]) -> None:
        for cut in cuts:
            self._sink.cut(output.rendition, cut)
            if output.rendition == SOURCE:
                self._pace.reached(cut.starts_us + cut.duration_us)
                self._lead(cut)

    def _lead(self, cut: Cut) -> None:
        for name, follower in self._followers.items():
            for one in follower.follow(cut):
                self._sink.cut(name, one)

    def _verdict(self, now: float) -> Outcome | None:
        """Return why the run must end now, if it must."""
        if self._is_unfit():
            return Outcome.UNFIT
        if self._stopping():
            return Outcome.STOPPED
        if self._hangs(now):
            return Outcome.CRASHED
        return Outcome.BEHIND if self._is_behind(now) else None

    def _is_unfit(self) -> bool:
        return self._plan.mode is PackagerMode.COPY and self._feed.fitness() is not Fitness.FIT

    def _is_behind(self, now: float) -> bool:
        """Tell whether rungs must go; without any there is nothing to give up."""
        if self._pace.is_behind(now, waits=bool(self._pending)):
            return self._plan.ladder.can_shed
        return self._plan.ladder.can_shed and self._too_much()

    def _hangs(self, now: float) -> bool:
        waits_for_it = bool(self._pending) or self._fed_all
        return waits_for_it and now - self._heard_at > SILENT_SECONDS


@contextmanager
def _pipes(count: int) -> Iterator[list[tuple[int, int]]]:
    """Give pipes, and close their reading ends; whoever gets the writing ends closes those."""
    pipes = [os.pipe() for _ in range(count)]
    try:
        yield pipes
    finally:
        for read, _ in pipes:
            os.close(read)


def _unwatch(selector: selectors.BaseSelector, fd: int) -> None:
    if fd in selector.get_map():
        selector.unregister(fd)


def _close(child: ChildProcess) -> None:
    if child.stdin is not None:
        child.stdin.close()
