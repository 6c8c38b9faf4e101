"""Signals as something to wait for, so that nothing happens at an arbitrary line."""

import os
import select
import signal
from types import FrameType

ENDS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Signals:
    """Catches TERM, INT, HUP and CHLD of this process from ``start`` to ``close``."""

    def __init__(self) -> None:
        self.stop_requested = False
        self._ends: tuple[int, int] | None = None

    def start(self) -> None:
        """Catch from now on."""
        self._ends = os.pipe()
        for end in self._ends:
            os.set_blocking(end, False)
        signal.set_wakeup_fd(self._ends[1], warn_on_full_buffer=False)
        for number in ENDS:
            signal.signal(number, self._request_stop)
        signal.signal(signal.SIGCHLD, _nothing)

    def wait(self, seconds: float) -> bool:
        """Wait for any signal, at most ``seconds``; tell whether a stop was requested."""
        if self._ends is not None and not self.stop_requested:
            select.select([self._ends[0]], [], [], seconds)
            self._drain(self._ends[0])
        return self.stop_requested

    def close(self) -> None:
        """Close the pipe; in a forked child the handlers have been reset before."""
        if self._ends is not None:
            signal.set_wakeup_fd(-1)
            for end in self._ends:
                os.close(end)
            self._ends = None

    def _request_stop(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self.stop_requested = True

    @staticmethod
    def _drain(end: int) -> None:
        try:
            os.read(end, 4096)
        except BlockingIOError:
            return


def _nothing(number: int, frame: FrameType | None) -> None:
    """Take SIGCHLD, so that it ends a wait."""
    del number, frame
