"""The whole site: started, shot at, ended."""

import json
import os
import select
import signal
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest

from media.process import ChildProcess
from web.supervisor.children import ROLES
from web.supervisor.ports import LOOPBACK

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

ROOT = Path(__file__).parents[2]
SERVE = [sys.executable, "-m", "web.cli", "serve"]


@dataclass
class Site:
    """A running site and what its terminal shows."""

    home: Path
    port: int
    process: ChildProcess

    def read_line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().decode().rstrip("\n")

    def run_file(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.home / "run.json").read_text())
        return found

    def status(self, path: str) -> int:
        try:
            with urllib.request.urlopen(
                f"http://{LOOPBACK}:{self.port}{path}", timeout=20
            ) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0  # the edge itself was just shot


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        port = free.getsockname()[1]
    home = tmp_path / "home"
    env = {**os.environ, "MINDCAST_HOME": str(home), "PORT": str(port), "MINDCAST_DEMO": "0"}
    with ChildProcess(SERVE, cwd=ROOT, env=env, stdout=PIPE, stderr=None) as process:
        yield Site(home, port, process)


def until_ready(site: Site) -> list[str]:
    lines = [site.read_line()]
    while lines[-1] and not lines[-1].startswith("Ready"):
        lines.append(site.read_line())
    return lines


def handles_of(pids: list[int]) -> list[int]:
    return [os.pidfd_open(pid) for pid in pids]


def all_ended(handles: list[int], seconds: float) -> bool:
    poller = select.poll()
    waiting = set(handles)
    for handle in handles:
        poller.register(handle, select.POLLIN)
    while waiting and (ready := poller.poll(seconds * 1000)):
        for handle, _ in ready:
            poller.unregister(handle)
            os.close(handle)
            waiting.discard(handle)
    return not waiting


def test_site_starts_survives_and_ends(site: Site) -> None:
    assert until_ready(site)[-1] == f"Ready: http://localhost:{site.port}"
    assert site.status("/readyz") == 200
    first = site.run_file()["pids"]
    assert set(first) == {"supervisor", "storage", "edge", *ROLES} - {"presenter"}
    for name in ("web", "live", "edge"):
        _shoot(site, name)
    second = site.run_file()["pids"]
    assert {name for name in first if first[name] != second[name]} == {"web", "live", "edge"}
    handles = handles_of(list(second.values()))
    site.process.terminate()
    assert site.process.wait(10) == 0
    assert all_ended(handles, 0.1)
    assert not (site.home / "run.json").exists()


def test_second_site_of_a_home_is_refused(site: Site) -> None:
    until_ready(site)
    env = {**os.environ, "MINDCAST_HOME": str(site.home), "MINDCAST_DEMO": "0"}
    with ChildProcess(SERVE, cwd=ROOT, env=env, stderr=PIPE) as other:
        assert other.wait(60) == 1
        assert other.stderr is not None
        said = other.stderr.read().decode()
    assert said == f"Mindcast already runs with MINDCAST_HOME={site.home}.\n"
    _leaves_no_orphan(site)


def _leaves_no_orphan(site: Site) -> None:
    """Even when the supervisor has no time to end anything."""
    handles = handles_of(list(site.run_file()["pids"].values()))
    site.process.send_signal(signal.SIGKILL)
    assert all_ended(handles, 10)


def _shoot(site: Site, name: str) -> None:
    """Kill one child and wait until another stands in its place and all is well."""
    old = site.run_file()["pids"][name]
    os.kill(old, signal.SIGKILL)
    while site.run_file()["pids"].get(name) in {None, old}:
        site.status("/healthz")
    while site.status("/readyz") != 200:
        pass
