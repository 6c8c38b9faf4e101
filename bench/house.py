"""A whole site in a home of its own, for benchmarks: start it, drive it by its API, end it."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import Message
from http import HTTPStatus
from pathlib import Path
from socket import create_server
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
MINDCAST = ROOT / ".venv" / "bin" / "mindcast"
MOMENT = timedelta(minutes=5)
UNWANTED = "PYTHONDONTWRITEBYTECODE"


def clean_environment() -> dict[str, str]:
    """Return the environment without what slows every start of Python down."""
    return {name: value for name, value in os.environ.items() if name != UNWANTED}


def free_port() -> int:
    """Return a port that is free now."""
    with create_server(("127.0.0.1", 0)) as sock:
        port: int = sock.getsockname()[1]
        return port


@dataclass
class Answer:
    """What an HTTP request brought; the names of headers are in lower case."""

    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def json(self) -> Any:  # noqa: ANN401 -- whatever the API says
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class House:
    """A running site."""

    home: Path
    url: str
    process: subprocess.Popen[bytes]
    ready_seconds: float
    log: Path
    tokens: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, *, token: str = "", headers: dict[str, str] | None = None) -> Answer:
        """Fetch a path or an absolute address."""
        return self.send("GET", path, token=token, headers=headers)

    def send(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,  # noqa: ANN401 -- JSON or bytes
        token: str = "",
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Make one request; an HTTP error is an answer too."""
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
        asked = {"Content-Type": kind} if raw is not None else {}
        asked |= {"Authorization": f"Bearer {token}"} if token else {}
        url = path if path.startswith("http") else self.url + path
        request = urllib.request.Request(url, raw, {**asked, **(headers or {})}, method=method)  # noqa: S310 -- the site's own address
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 -- as above
                return Answer(answer.status, answer.read(), lowered(answer.headers))
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.read(), lowered(error.headers))

    def pids(self) -> dict[str, int]:
        """Return the processes of the roles, as ``run.json`` has them now."""
        return dict(json.loads((self.home / "run.json").read_text())["pids"])

    def services(self) -> dict[str, Any]:
        """Return what the supervisor chose for this home."""
        return dict(json.loads((self.home / "services.json").read_text()))

    def livestream(self, editor: str, host_id: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
        """Create and schedule a livestream that starts about now; return it with its ingest."""
        slot = MOMENT.total_seconds()
        start = datetime.fromtimestamp(time.time() // slot * slot + slot, UTC)
        body = {
            "title": {"en": "Bench", "zh-Hans": "测量"},
            "topics": [self.topic()],
            "language": "en",
            "host": host_id,
            "starts_at": start.isoformat(),
            "ends_at": (start + timedelta(hours=2)).isoformat(),
            "timezone": "UTC",
            "visibility": "public",
            "replay_policy": "at_end",
            "auto_start": True,
            **more,
        }
        made = self.send("POST", "/api/v1/livestreams", body=body, token=editor)
        expect(made, 201)
        address = f"/api/v1/livestreams/{made.json['id']}"
        done = self.send("POST", f"{address}/schedule", token=editor)
        if done.status == HTTPStatus.CONFLICT:  # the host has another one now: encoders may push
            free = done.json["alternatives"][0]  # to what is scheduled, whenever it starts
            expect(self.send("PATCH", address, body=free, token=editor), 200)
            done = self.send("POST", f"{address}/schedule", token=editor)
        expect(done, 200)
        return dict(done.json)

    def topic(self) -> str:
        """Return the slug of a topic there is."""
        items = self.get("/api/v1/topics").json["items"]
        return str(items[0]["slug"] if items else "")

    def end(self) -> tuple[float, int]:
        """Send TERM; return the seconds it took and the exit code."""
        began = time.monotonic()
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=30)
        return time.monotonic() - began, code


def lowered(headers: Message) -> dict[str, str]:
    """Return headers by lower-case name: HTTP does not care, a comparison would."""
    return {name.lower(): value for name, value in headers.items()}


def expect(answer: Answer, status: int) -> None:
    """Stop with the answer when it is not what a benchmark needs."""
    if answer.status != status:
        sys.exit(f"{answer.status} in place of {status}: {answer.body[:500]!r}")


def start_house(home: Path, *, demo: bool = False, **settings: str) -> House:
    """Start ``mindcast serve`` on a home and wait for its Ready line."""
    port = free_port()
    home.mkdir(parents=True, exist_ok=True)
    log = home.parent / f"{home.name}.log"
    env = {**clean_environment(), "MINDCAST_HOME": str(home), "PORT": str(port)}
    # Recordings of talks would be made beside whatever is measured.
    env |= {"MINDCAST_DEMO": "1" if demo else "0", "DEMO_TALKS": "0", **settings}
    began = time.monotonic()
    with log.open("wb") as out:
        process = subprocess.Popen([str(MINDCAST), "serve"], stdout=out, stderr=out, env=env)
    while not (found := re.search(rb"Ready: (\S+)", log.read_bytes())):
        if process.poll() is not None or time.monotonic() - began > 120:  # noqa: PLR2004
            sys.exit(f"the site did not start: {log.read_text()[-2000:]}")
        time.sleep(0.05)
    return House(home, found[1].decode(), process, time.monotonic() - began, log)


@contextmanager
def house(*, demo: bool = False, **settings: str) -> Iterator[House]:
    """Give a new site and end it."""
    with tempfile.TemporaryDirectory(prefix="mindcast-bench-") as folder:
        one = start_house(Path(folder) / "home", demo=demo, **settings)
        try:
            yield one
        finally:
            if one.process.poll() is None:
                one.end()
