"""Viewers on loopback: ``crowd.c``, compiled once, at a rate that holds whatever comes."""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bench.processes import descendants

SOURCE = Path(__file__).with_name("crowd.c")
COMPILERS = ("cc", "gcc", "clang")
CONNECTIONS = 10_000
SPARE = 500
"""Files beside connections: those of the program itself."""


@dataclass(frozen=True)
class Asked:
    """What viewers ask for: how often among others, and whether they say what they have of it."""

    weight: int
    path: str
    keeps_tag: bool = False


@dataclass(frozen=True)
class Seen:
    """What the crowd saw; milliseconds from the moment each request was due."""

    joined: int
    per_second: float
    p50_ms: float
    p99_ms: float
    most_ms: float
    bad: int
    """Answers other than 200 and 304, broken connections, and what was never answered."""
    unchanged: int
    megabytes: float
    own_cores: float
    """What the generator itself took of the machine."""


@contextmanager
def crowd_program() -> Iterator[Path]:
    """Compile the generator; say so where that cannot be done."""
    compiler = next(filter(None, map(shutil.which, COMPILERS)), None)
    if compiler is None:
        sys.exit("This benchmark needs a C compiler: apt-get install gcc")
    with tempfile.TemporaryDirectory(prefix="mindcast-crowd-") as folder:
        program = Path(folder) / "crowd"
        subprocess.run([compiler, "-O2", "-o", str(program), str(SOURCE)], check=True)
        yield program


def press(program: Path, url: str, asked: Sequence[Asked], *, rate: float, seconds: float) -> Seen:
    """Let everybody join, and hold ``rate`` requests a second for ``seconds``."""
    lines = "".join(f"{one.weight} {int(one.keeps_tag)} {one.path}\n" for one in asked)
    words = [str(program), str(urlsplit(url).port), str(connections()), str(rate), str(seconds)]
    done = subprocess.run(words, input=lines, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    lost = told["bad"] + told["broken"] + told["unanswered"] + told["refused"]
    return Seen(
        told["joined"],
        told["per_second"],
        told["p50_ms"],
        told["p99_ms"],
        told["most_ms"],
        lost + connections() - told["joined"],
        told["unchanged"],
        told["megabytes"],
        told["own_cores"],
    )


def connections() -> int:
    """Return how many viewers this machine lets one program have."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return min(CONNECTIONS, most - SPARE) if most != resource.RLIM_INFINITY else CONNECTIONS


def raise_files() -> None:
    """Let what is started from here have as many open files as this machine allows at all."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def processor_seconds(*pids: int) -> float:
    """Return what processes and their children have taken so far, of one core."""
    family = {one for pid in pids for one in (pid, *descendants(pid))}
    return sum(_taken(pid) for pid in family)


def _taken(pid: int) -> float:
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
