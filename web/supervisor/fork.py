"""A role in a forked process: it shares the supervisor's imported modules, not its life."""

import contextlib
import gc
import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from setproctitle import setproctitle

from media.process import die_with_parent

HANDLED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)


class ForkedProcess:
    """One role as a child process; the same handle as ``media.process.ChildProcess``.

    Args:
        name: What it is called in lists of processes.
        run: The role; its return value is the exit code.
        log: The file its output and errors are appended to; the parent's streams when ``None``.
        release: Called first in the child: it closes what only the supervisor needs.
    """

    def __init__(
        self, name: str, run: Callable[[], int], log: Path | None, release: Callable[[], None]
    ) -> None:
        self.name = name
        self._run = run
        self._log = log
        self._release = release
        self.pid = 0
        self._code: int | None = None

    def start(self) -> None:
        """Fork; the child never returns from here."""
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            self._live(parent)

    def poll(self) -> int | None:
        """Reap the child if it has ended; return its exit code (``-n``: signal n) or ``None``."""
        if self._code is None:
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                self._code = os.waitstatus_to_exitcode(status)
        return self._code

    def wait(self) -> int:
        """Wait for the end and return the exit code."""
        if self._code is None:
            self._code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self._code

    def send_signal(self, number: int) -> None:
        """Send a signal; a child that has ended already is left alone."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask the child to end (SIGTERM)."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> int:
        """Kill the child (SIGKILL), reap it and return its exit code."""
        self.send_signal(signal.SIGKILL)
        return self.wait()

    def sweep(self) -> None:
        """Kill what is left of the child's own process group after it has ended."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def _live(self, parent: int) -> None:
        code = 1
        try:
            die_with_parent(parent)
            os.setsid()
            _default_signals()
            self._release()
            _send_output_to(self._log)
            setproctitle(f"mindcast: {self.name}")
            code = self._run()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except BaseException:  # noqa: BLE001 -- the last frame of a process; the log has the reason
            traceback.print_exc()
        finally:
            _flush_and_exit(code)


def freeze() -> None:
    """Hide every present object from the collector, so that forks keep sharing its pages."""
    gc.collect()
    gc.freeze()


def _default_signals() -> None:
    signal.set_wakeup_fd(-1)
    for number in HANDLED:
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _send_output_to(log: Path | None) -> None:
    if log is None:
        return
    for number, flags in ((0, os.O_RDONLY), (1, os.O_WRONLY | os.O_APPEND | os.O_CREAT)):
        descriptor = os.open(os.devnull if number == 0 else log, flags, 0o600)
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.dup2(1, 2)
    sys.stdout = os.fdopen(1, "w", buffering=1, encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, encoding="utf-8", closefd=False)


def _flush_and_exit(code: int) -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)
