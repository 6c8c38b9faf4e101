"""An encoder of benchmarks: the presenter's picture, on and off within a moment.

The class drives this module as a program, which imports nothing of the web and is told by lines on
its standard input: ``go`` and ``pause``; it ends with its input.
"""

import subprocess
import sys
import threading

from bench.house import ROOT, clean_environment
from streams.presenter import present


class Encoder:
    """Pushes the test picture to an address from now on."""

    def __init__(self, url: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.encoder", url],
            cwd=ROOT,
            env=clean_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.go()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def go(self) -> None:
        """Connect and push."""
        self._say("go")

    def pause(self) -> None:
        """Hang up."""
        self._say("pause")

    def stop(self) -> None:
        """End it and wait for the end."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait(timeout=30)

    def _say(self, word: str) -> None:
        if self._process.stdin is not None:
            self._process.stdin.write(f"{word}\n")
            self._process.stdin.flush()


class Push:
    """One connection, kept up until it is told to end."""

    def __init__(self, url: str) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(url,), daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Hang up."""
        self._stopping.set()
        self._thread.join(10)

    def _run(self, url: str) -> None:
        while not self._stopping.is_set():  # refused again and again: the door may be restarting
            present(url, seconds=None, file=None, stopping=self._stopping.wait)


def main(url: str) -> None:
    push: Push | None = None
    for line in sys.stdin:
        if line.strip() == "go":
            push = push or Push(url)
        elif push is not None:
            push.end()
            push = None
    if push is not None:
        push.end()


if __name__ == "__main__":
    main(sys.argv[1])
