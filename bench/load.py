"""Bounded load on a loopback address by wrk, on a core of its own where there are two."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.lengths import length
from bench.processes import descendants

CONNECTIONS = 32
SERVER_CORE, CLIENT_CORE = 0, 1
HLS_JS = {"Accept-Encoding": "gzip, deflate, br, zstd"}
"""What a browser sends with every reload of a playlist."""


@dataclass(frozen=True)
class Load:
    """What wrk saw; ``bad`` are answers other than 2xx and 3xx, and errors of sockets."""

    per_second: float
    megabytes: float
    bad: int


def press(url: str, headers: dict[str, str] | None = None) -> Load:
    """Ask for an address as fast as possible for some seconds."""
    seconds = int(length("LOAD_SECONDS", 10, 4))
    words = [wrk(), "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s"]
    for name, value in (headers or {}).items():
        words += ["-H", f"{name}: {value}"]
    pinned = ["taskset", "-c", str(CLIENT_CORE)] if has_cores() else []
    done = subprocess.run([*pinned, *words, url], capture_output=True, text=True, check=True)
    return _read(done.stdout)


@contextmanager
def on_one_core(pid: int) -> Iterator[None]:
    """Keep a server and its children on one core for a while."""
    family = [pid, *descendants(pid)] if has_cores() else []
    before = {one: os.sched_getaffinity(one) for one in family}
    for one in family:
        os.sched_setaffinity(one, {SERVER_CORE})
    try:
        yield
    finally:
        for one, cores in before.items():
            os.sched_setaffinity(one, cores)


def has_cores() -> bool:
    """Tell whether server and client can have a core each."""
    return len(os.sched_getaffinity(0)) > 1 and bool(shutil.which("taskset"))


def wrk() -> str:
    """Return the program; as root it is installed when missing."""
    if not shutil.which("wrk") and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing wrk …", flush=True)
        for words in (["update", "-qq"], ["install", "-y", "-qq", "wrk"]):
            subprocess.run(["apt-get", *words], stdout=subprocess.DEVNULL, check=False)
    return shutil.which("wrk") or sys.exit("This benchmark needs wrk: apt-get install wrk")


def _read(text: str) -> Load:
    rate = re.search(r"Requests/sec:\s+([\d.]+)", text)
    amount = re.search(r"Transfer/sec:\s+([\d.]+)(KB|MB|GB|B)", text)
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    errors = re.search(
        r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text
    )
    factor = {"B": 1e-6, "KB": 1e-3, "MB": 1.0, "GB": 1e3}
    return Load(
        float(rate[1]) if rate else 0.0,
        float(amount[1]) * factor[amount[2]] if amount else 0.0,
        (int(bad[1]) if bad else 0) + (sum(map(int, errors.groups())) if errors else 0),
    )
