"""One packager: an ffmpeg that turns a feed into init segments and cuts, in one thread.

It owns its child process and the pipes. A select loop feeds the child as the journal grows and
reads what comes out; a wake-up descriptor ends the wait when the journal has grown.
"""

import os
import selectors
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from media.enums import PackagerMode
from media.feeds.ports import Feed, Fitness
from media.ffmpeg.live import packager_arguments
from media.mp4 import FragmentReader, Init, Mp4Error
from media.plans import Plan
from media.process import PIPE, ChildProcess
from media.segmenter import Cut, Segmenter

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
    fd: int
    reader: FragmentReader
    segmenter: Segmenter


class Packager:
    """Runs once; ``wake_fd`` becomes readable when the journal has grown or was closed."""

    def __init__(
        self, *, plan: Plan, feed: Feed, sink: Sink, wake_fd: int, stopping: Callable[[], bool]
    ) -> None:
        self._plan = plan
        self._feed = feed
        self._sink = sink
        self._wake_fd = wake_fd
        self._stopping = stopping
        self._pending = memoryview(b"")
        self._fed_all = False
        self._heard_at = 0.0

    def run(self, *, monotonic: Callable[[], float] = time.monotonic) -> Outcome:
        """Package until the feed ends, the child ends or the feed is unfit for copying."""
        sound_read, sound_write = os.pipe()
        try:
            child = self._started(sound_write)
        except BaseException:
            os.close(sound_read)
            raise
        finally:
            os.close(sound_write)
        self._heard_at = monotonic()
        try:
            return self._loop(child, sound_read, monotonic)
        except (BrokenPipeError, Mp4Error):
            return Outcome.CRASHED
        finally:
            child.close(grace=0.2)
            os.close(sound_read)

    def _started(self, sound_write: int) -> ChildProcess:
        arguments = packager_arguments(self._plan, sound_fd=sound_write)
        return ChildProcess(arguments, stdin=PIPE, stdout=PIPE, pass_fds=(sound_write,)).start()

    def _loop(
        self, child: ChildProcess, sound_read: int, monotonic: Callable[[], float]
    ) -> Outcome:
        if child.stdin is None or child.stdout is None:
            return Outcome.CRASHED
        stdin, stdout = child.stdin.fileno(), child.stdout.fileno()
        for fd in (stdin, stdout, sound_read):
            os.set_blocking(fd, False)
        outputs = {
            fd: _Output(name, fd, FragmentReader(), Segmenter())
            for fd, name in ((stdout, SOURCE), (sound_read, SOUND))
        }
        with selectors.DefaultSelector() as selector:
            for fd in (*outputs, self._wake_fd):
                selector.register(fd, selectors.EVENT_READ)
            while outputs:
                if self._feed_child(child, stdin, selector):
                    self._heard_at = monotonic()
                if (outcome := self._verdict(monotonic())) is not None:
                    return outcome
                for key, _events in selector.select(WAIT_SECONDS):
                    self._serve(key.fd, outputs, selector, monotonic)
        code = child.wait(END_SECONDS)
        return Outcome.FINISHED if code == 0 and self._fed_all else Outcome.CRASHED

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
        if self._fed_all:  # a crash must not close a half-read segment as if it were whole
            self._emit(output, output.segmenter.finish())

    def _take(self, output: _Output, data: bytes) -> None:
        for found in output.reader.feed(data):
            if isinstance(found, Init):
                self._sink.init(output.rendition, found)
            else:
                self._emit(output, output.segmenter.take(found))

    def _emit(self, output: _Output, cuts: list[Cut]) -> None:
        for cut in cuts:
            self._sink.cut(output.rendition, cut)

    def _verdict(self, now: float) -> Outcome | None:
        """Return why the run must end now, if it must."""
        if self._is_unfit():
            return Outcome.UNFIT
        if self._stopping():
            return Outcome.STOPPED
        return Outcome.CRASHED if self._hangs(now) else None

    def _is_unfit(self) -> bool:
        return self._plan.mode is PackagerMode.COPY and self._feed.fitness() is not Fitness.FIT

    def _hangs(self, now: float) -> bool:
        waits_for_it = bool(self._pending) or self._fed_all
        return waits_for_it and now - self._heard_at > SILENT_SECONDS


def _unwatch(selector: selectors.BaseSelector, fd: int) -> None:
    if fd in selector.get_map():
        selector.unregister(fd)


def _close(child: ChildProcess) -> None:
    if child.stdin is not None:
        child.stdin.close()
