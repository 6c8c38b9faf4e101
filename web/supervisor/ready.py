"""Whether the site answers: asked from outside, through the edge."""

import http.client
import json
import socket
from dataclasses import dataclass

from web.supervisor.ports import LOOPBACK

PATIENCE = 5.0  # seconds for one answer
READY = 200


@dataclass(frozen=True, slots=True)
class Readiness:
    """The answer of ``/readyz``: ``missing`` names the checks that failed."""

    ready: bool
    missing: tuple[str, ...] = ()


def ask_readiness(listener: socket.socket) -> Readiness:
    """Ask ``/readyz`` at the site's own address."""
    host, port = listener.getsockname()[:2]
    address = {"0.0.0.0": LOOPBACK, "::": "::1"}.get(host, host)  # noqa: S104 -- compared, not bound
    connection = http.client.HTTPConnection(address, port, timeout=PATIENCE)
    try:
        connection.request("GET", "/readyz", headers={"Host": f"localhost:{port}"})
        answer = connection.getresponse()
        return read_readiness(answer.status, answer.read())
    except (OSError, http.client.HTTPException):
        return Readiness(ready=False, missing=("web",))
    finally:
        connection.close()


def read_readiness(status: int, body: bytes) -> Readiness:
    """Read an answer of ``/readyz``; anything else in its place means that web is not there."""
    if status == READY:
        return Readiness(ready=True)
    try:
        checks = json.loads(body)["checks"]
    except (ValueError, KeyError, TypeError):
        return Readiness(ready=False, missing=("web",))
    return Readiness(
        ready=False, missing=tuple(name for name, state in checks.items() if state != "ok")
    )
