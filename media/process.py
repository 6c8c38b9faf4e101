"""The one owner of child processes: it starts, watches, terminates, waits, kills and reaps them.

A child is held by its handle, never looked up by name. It dies with its parent (Linux:
``PR_SET_PDEATHSIG``): ``kill -9`` of the parent leaves no encoder behind. A child has
its own session: a Ctrl-C in the terminal reaches the parent only, which ends its children in order.
"""

import ctypes
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from subprocess import CompletedProcess
from typing import IO, Self

Argument = str | Path
PIPE = subprocess.PIPE
DEFAULT_GRACE = 5.0  # seconds between "please end" and "end"
ERROR_TAIL = 4_000  # characters of a failed program's errors that are worth showing

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
_starter: list[ThreadPoolExecutor] = []
_starter_lock = threading.Lock()


class ProcessFailed(Exception):  # noqa: N818 -- says what happened; callers make a reason of it
    """A program ended badly; ``returncode`` is ``None`` if it ran out of time or never started."""

    def __init__(self, program: str, returncode: int | None, errors: str) -> None:
        self.program = program
        self.returncode = returncode
        self.errors = errors[-ERROR_TAIL:]
        what = "did not finish" if returncode is None else f"ended with {returncode}"
        super().__init__(f"{program} {what}: {self.errors.strip() or 'it gave no reason'}")


class ChildProcess:
    """One child process: ``start`` it, then ``stop`` or ``close`` it; usable in a ``with`` block.

    Args:
        args: The program and its arguments; no shell is involved.
        cwd: Working folder, the parent's when ``None``.
        env: The whole environment, the parent's when ``None``.
        stdin, stdout, stderr: As for ``Popen``; ``DEVNULL`` unless given. Who asks for a ``PIPE``
            empties it.
        log: A file that output and errors are appended to, instead of the two streams above.
        pass_fds: Descriptors the child inherits under the same numbers.
        death_signal: What the kernel sends the child when this process ends. A program that has
            children of its own gets SIGTERM, so that it can end them.
        memory: Bytes of address space it may take; as many as it wants when ``None``.
    """

    def __init__(  # noqa: PLR0913 -- the streams of a process are as many as they are
        self,
        args: Sequence[Argument],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        stdin: int | IO[bytes] | None = subprocess.DEVNULL,
        stdout: int | IO[bytes] | None = subprocess.DEVNULL,
        stderr: int | IO[bytes] | None = subprocess.DEVNULL,
        log: Path | None = None,
        pass_fds: Sequence[int] = (),
        death_signal: signal.Signals = signal.SIGKILL,
        memory: int | None = None,
    ) -> None:
        self.args = [str(argument) for argument in args]
        self._cwd = cwd
        self._env = env
        self._streams = (stdin, stdout, stderr)
        self._log = log
        self._pass_fds = tuple(pass_fds)
        self._death_signal = death_signal
        self._memory = memory
        self._popen: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start the child."""
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        """Stop the child and close its pipes."""
        self.close()

    @property
    def pid(self) -> int:
        """The process id; only for reports, signals go through this handle."""
        return self._handle.pid

    @property
    def stdin(self) -> IO[bytes] | None:
        """The writing end of the child's input, if it was started with ``stdin=PIPE``."""
        return self._handle.stdin

    @property
    def stdout(self) -> IO[bytes] | None:
        """The reading end of the child's output, if it was started with ``stdout=PIPE``."""
        return self._handle.stdout

    @property
    def stderr(self) -> IO[bytes] | None:
        """The reading end of the child's errors, if it was started with ``stderr=PIPE``."""
        return self._handle.stderr

    def start(self) -> Self:
        """Start the program.

        Raises:
            ProcessFailed: The program is missing or cannot be executed.
        """
        try:
            self._popen = _from_a_lasting_thread(self._spawn)
        except OSError as error:
            raise ProcessFailed(self.args[0], None, error.strerror or str(error)) from error
        return self

    def poll(self) -> int | None:
        """Reap the child if it has ended; return its exit code (``-n``: signal n) or ``None``."""
        return self._handle.poll()

    @property
    def running(self) -> bool:
        """Whether the child was started and has not ended."""
        return self._popen is not None and self._popen.poll() is None

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait ``timeout`` seconds for the end; return the exit code, ``None`` if it still runs."""
        try:
            return self._handle.wait(timeout)
        except subprocess.TimeoutExpired:
            return None

    def send_signal(self, number: int) -> None:
        """Send a signal; a child that has ended already is left alone."""
        self._handle.send_signal(number)

    def terminate(self) -> None:
        """Ask the child to end (SIGTERM)."""
        self._handle.terminate()

    def kill(self) -> int:
        """Kill the child (SIGKILL), reap it and return its exit code."""
        self._handle.kill()
        return self._handle.wait()

    def stop(self, grace: float = DEFAULT_GRACE) -> int:
        """Terminate, wait ``grace`` seconds, kill if need be, reap; return the exit code."""
        self.terminate()
        code = self.wait(grace)
        return self.kill() if code is None else code

    def sweep(self) -> None:
        """Kill what is left of the child's own process group after it has ended."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def close(self, grace: float = DEFAULT_GRACE) -> None:
        """Stop the child if it runs and close its pipes; harmless when repeated."""
        if self._popen is None:
            return
        self.stop(grace)
        for pipe in (self._popen.stdin, self._popen.stdout, self._popen.stderr):
            if pipe is not None and not pipe.closed:
                _close_quietly(pipe)

    @property
    def _handle(self) -> subprocess.Popen[bytes]:
        if self._popen is None:
            raise ProcessFailed(self.args[0], None, "it was never started")
        return self._popen

    def _spawn(self) -> subprocess.Popen[bytes]:
        if self._log is None:
            return self._popen_with(*self._streams)
        with self._log.open("ab") as log:
            return self._popen_with(self._streams[0], log, log)

    def _popen_with(
        self,
        stdin: int | IO[bytes] | None,
        stdout: int | IO[bytes] | None,
        stderr: int | IO[bytes] | None,
    ) -> subprocess.Popen[bytes]:
        parent = os.getpid()
        return subprocess.Popen(
            self.args,
            cwd=self._cwd,
            env=None if self._env is None else dict(self._env),
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            pass_fds=self._pass_fds,
            start_new_session=True,
            preexec_fn=lambda: _begin_child(parent, self._death_signal, self._memory),  # noqa: PLW1509 -- as below
        )


def run_checked(
    args: Sequence[Argument],
    *,
    timeout: float,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: bytes | None = None,
    memory: int | None = None,
) -> CompletedProcess[bytes]:
    """Run a program to its end and return its output as bytes.

    Args:
        args: The program and its arguments; no shell is involved.
        timeout: Seconds it may take; then it is killed.
        cwd: Working folder, the parent's when ``None``.
        env: The whole environment, the parent's when ``None``.
        stdin: Bytes it reads; nothing when ``None``.
        memory: Bytes of address space it may take; as many as it wants when ``None``.

    Raises:
        ProcessFailed: It is missing, ran out of time or ended with another code than 0.
    """
    words = [str(argument) for argument in args]
    parent = os.getpid()
    try:
        done = subprocess.run(
            words,
            cwd=cwd,
            env=None if env is None else dict(env),
            input=b"" if stdin is None else stdin,
            capture_output=True,
            timeout=timeout,
            check=False,
            start_new_session=True,
            preexec_fn=lambda: _begin_child(parent, signal.SIGKILL, memory),
        )
    except subprocess.TimeoutExpired as error:
        raise ProcessFailed(words[0], None, f"more than {timeout:g} seconds") from error
    except OSError as error:
        raise ProcessFailed(words[0], None, error.strerror or str(error)) from error
    if done.returncode != 0:
        raise ProcessFailed(words[0], done.returncode, done.stderr.decode(errors="replace"))
    return done


def die_with_parent(parent: int, number: signal.Signals = signal.SIGKILL) -> None:
    """Ask the kernel to signal this process when ``parent``, its creator, ends (Linux; prctl(2)).

    Called in a child right after the fork. A parent that ended in between is noticed too.
    """
    if _libc is None:
        return
    _libc.prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def _begin_child(parent: int, death_signal: signal.Signals, memory: int | None) -> None:
    """Set up a child between the fork and its program."""
    die_with_parent(parent, death_signal)
    if memory is not None:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _from_a_lasting_thread(spawn: Callable[[], subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
    """Call ``spawn`` in a thread that lives as long as the process.

    The kernel sends the death signal when the creating *thread* ends, so a child that a short-lived
    thread started would die with that thread.
    """
    if threading.current_thread() is threading.main_thread():
        return spawn()
    with _starter_lock:
        if not _starter:
            _starter.append(ThreadPoolExecutor(1, thread_name_prefix="process-starter"))
    return _starter[0].submit(spawn).result()


def _close_quietly(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except BrokenPipeError:
        return  # what was still buffered has no reader any more
