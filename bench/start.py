"""Promise 1: from a clean clone to a running site by one command, again, and to the end."""

import os
import re
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.broadcast import wait_for
from bench.figures import Figure, at_most
from bench.house import ROOT, clean_environment, free_port
from bench.processes import command, descendants, is_running, of_home

PATIENCE = 600.0  # seconds for the first start, which fetches packages
SERVE = "mindcast serve"


@dataclass
class Visit:
    """One start and end of the clone, in seconds."""

    ready: float
    ended: float
    code: int
    left: list[str]


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="mindcast-bench-") as name:
        folder = Path(name)
        began = time.monotonic()
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder / "clone")], check=True)
        cloned = time.monotonic() - began
        first, second = visit(folder), visit(folder)
    return [
        Figure(1, "clean clone to Ready", cloned + first.ready, "s", note=f"clone {cloned:.1f} s"),
        at_most(1, "second start to Ready", second.ready, "s", 10),
        *end_figures("first", first),
        *end_figures("second", second),
    ]


def end_figures(name: str, one: Visit) -> list[Figure]:
    left = f"{one.left}" if one.left else ""
    return [
        at_most(1, f"{name} end after TERM", one.ended, "s", 10),
        at_most(1, f"{name} exit code", one.code, "", 0),
        at_most(1, f"{name} end: processes left", len(one.left), "", 0, left),
    ]


def visit(folder: Path) -> Visit:
    """Run `make run` in the clone, wait for its Ready line, end the site."""
    home, log = folder / "home", folder / "log"
    env = {**clean_environment(), "PORT": str(free_port()), "MINDCAST_HOME": str(home)}
    env |= {"MINDCAST_DEMO": "1"}
    began = time.monotonic()
    with log.open("wb") as out:
        process = subprocess.Popen(
            ["make", "run"], cwd=folder / "clone", env=env, stdout=out, stderr=out
        )
    try:
        wait_for(lambda: is_ready(process, log), PATIENCE, "the Ready line")
        return end(process, home, time.monotonic() - began)
    finally:
        for pid in [process.pid, *descendants(process.pid)] if process.poll() is None else []:
            os.kill(pid, signal.SIGTERM)


def is_ready(process: subprocess.Popen[bytes], log: Path) -> bool:
    text = log.read_text(errors="replace")
    if process.poll() is not None:
        message = f"make run ended with {process.returncode}: {text[-1000:]}"
        raise RuntimeError(message)
    return re.search(r"^Ready: ", text, re.MULTILINE) is not None


def end(process: subprocess.Popen[bytes], home: Path, ready: float) -> Visit:
    """Send TERM to the supervisor; ``make`` passes its exit code on."""
    family = descendants(process.pid)
    supervisor = next(pid for pid in family if SERVE in command(pid))
    began = time.monotonic()
    os.kill(supervisor, signal.SIGTERM)
    code = process.wait(timeout=60)
    took = time.monotonic() - began
    left = {pid for pid in family if is_running(pid)} | set(of_home(home))
    return Visit(ready, took, code, [command(pid) for pid in left])
