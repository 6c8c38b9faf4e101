"""Crisis help of a real site whose database, storage and worker are gone."""

import json
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from subprocess import PIPE
from typing import Any, NamedTuple

import pytest

from media.process import ChildProcess
from web.crisis import all_places
from web.supervisor.ports import LOOPBACK

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

ROOT = Path(__file__).parents[2]
SERVE = [sys.executable, "-m", "web.cli", "serve"]
KEPT = {"supervisor", "web", "edge"}
GARBAGE = b"this is no database any more " * 400


class Site(NamedTuple):
    """A running site."""

    home: Path
    port: int
    pids: dict[str, int]

    def fetch(self, path: str) -> tuple[int, str]:
        with closing(HTTPConnection(LOOPBACK, self.port, timeout=30)) as connection:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        port = free.getsockname()[1]
    home = tmp_path / "home"
    env = {**os.environ, "MINDCAST_HOME": str(home), "PORT": str(port), "MINDCAST_DEMO": "0"}
    with ChildProcess(SERVE, cwd=ROOT, env=env, stdout=PIPE, stderr=None) as process:
        assert process.stdout is not None
        while (line := process.stdout.readline()) and not line.startswith(b"Ready"):
            pass
        found: dict[str, Any] = json.loads((home / "run.json").read_text())
        try:
            yield Site(home, port, found["pids"])
        finally:
            process.kill()  # it is held still; what it started ends with it


def _stop_all_but_web_and_edge(site: Site) -> None:
    """The supervisor is held still, or it would start everything again at once."""
    os.kill(site.pids["supervisor"], signal.SIGSTOP)
    for name, pid in site.pids.items():
        if name not in KEPT:
            os.kill(pid, signal.SIGKILL)
    for file in site.home.rglob("*.sqlite3*"):
        file.write_bytes(GARBAGE)


def test_help_answers_while_database_storage_and_worker_are_gone(site: Site) -> None:
    assert {"storage", "worker"} <= set(site.pids)
    assert site.fetch("/topics")[0] == 200
    _stop_all_but_web_and_edge(site)
    assert site.fetch("/readyz")[0] >= 500
    assert site.fetch("/schedule")[0] >= 500
    for path in ("/help", "/zh/help"):
        status, page = site.fetch(path)
        missing = [
            p.id for p in all_places() if f'href="tel:{p.number.replace(" ", "")}"' not in page
        ]
        assert (path, status, missing) == (path, 200, [])
        style = page.split('rel="stylesheet" href="')[1].split('"')[0]
        assert site.fetch(style)[0] == 200
