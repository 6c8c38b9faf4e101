"""Processor time of the catalogue's pages over ten thousand livestreams, on both databases."""

import http.client
import re
import urllib.parse
from collections.abc import Callable

from sqlalchemy import update

from bench.catalogue import EMAIL, PASSWORD, Server, application, database, hello
from bench.figures import Figure, at_most
from bench.lengths import length
from catalog.models import Livestream
from core.clock import utc_now
from core.database import make_engine

PROMISE = 2
DATABASES = ("sqlite", "postgresql")
OK = 200
EDITED = "l000000000000005"
WARMING = 20
HOME, TOPIC, LIST = "/", "/topics/topic3", "/api/v1/livestreams"


def measure() -> list[Figure]:
    requests = int(length("PAGES_REQUESTS", 1000, 200))
    livestreams = int(length("PAGES_LIVESTREAMS", 10_000, 2_000))
    with hello() as server:
        floor = cost(server, HOME, requests)
    note = f"CPU per request; Flask's hello took {floor:.2f} ms in the same run"
    figures = [Figure(PROMISE, "Flask hello", floor, "ms", note="under granian, one thread")]
    for kind in DATABASES:
        with database(kind, livestreams) as url, application(url) as server:
            figures += [
                at_most(PROMISE, f"{kind}: {name}", value, "ms", limit, note)
                if limit
                else Figure(PROMISE, f"{kind}: {name}", value, "ms", note=note)
                for name, value, limit in costs(server, url, requests)
            ]
    return figures


def costs(server: Server, url: str, requests: int) -> list[tuple[str, float, float]]:
    """Return name, milliseconds and limit of each; 0 where nothing was promised."""
    few = max(50, requests // 10)
    cookie = {"Cookie": signed_in(server)}
    zone = {"Cookie": "zone=Asia/Shanghai"}
    touch = change(url)
    return [
        ("home, warm", cost(server, HOME, requests, zone), 3),
        ("home in Chinese, warm", cost(server, "/zh/", requests, zone), 3),
        ("home, cold", cost(server, HOME, few, zone, before=touch), 12),
        ("home, signed in", cost(server, HOME, requests // 2, cookie), 6),
        ("topic, warm", cost(server, TOPIC, requests, zone), 0),
        ("topic, cold", cost(server, TOPIC, few, zone, before=touch), 0),
        ("replays, warm", cost(server, "/replays", requests, zone), 0),
        ("list API, 24 items", cost(server, LIST, requests), 2),
        ("list API after a change", cost(server, LIST, few, before=touch), 0),
    ]


def cost(
    server: Server,
    path: str,
    requests: int,
    headers: dict[str, str] | None = None,
    before: Callable[[int], None] | None = None,
) -> float:
    """Return the milliseconds of processor time that one request takes, after some to warm up."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    for turn in range(WARMING):
        _ask(connection, path, headers, before, turn)
    began = server.cpu_ms()
    for turn in range(requests):
        _ask(connection, path, headers, before, turn)
    spent = server.cpu_ms() - began
    connection.close()
    return spent / requests


def change(url: str) -> Callable[[int], None]:
    """Return what writes to one livestream, as an editor would, so that nothing kept is current."""
    engine = make_engine(url)

    def touch(turn: int) -> None:
        del turn
        edit = update(Livestream).where(Livestream.id == EDITED).values(updated_at=utc_now())
        with engine.begin() as connection:
            connection.execute(edit)

    return touch


def signed_in(server: Server) -> str:
    """Sign in as an employee; return the cookies."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", "/sign-in")
    answer = connection.getresponse()
    token = re.findall(r'name="csrf_token" value="([^"]+)"', answer.read().decode())[-1]
    jar = _cookies(answer)
    form = urllib.parse.urlencode({"csrf_token": token, "email": EMAIL, "password": PASSWORD})
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": jar}
    connection.request("POST", "/sign-in", form, kind)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return _cookies(answer)


def _cookies(answer: http.client.HTTPResponse) -> str:
    values = answer.headers.get_all("Set-Cookie") or []
    return "; ".join(value.partition(";")[0] for value in values)


def _ask(
    connection: http.client.HTTPConnection,
    path: str,
    headers: dict[str, str] | None,
    before: Callable[[int], None] | None,
    turn: int,
) -> None:
    if before is not None:
        before(turn)
    connection.request("GET", path, headers=headers or {})
    answer = connection.getresponse()
    answer.read()
    if answer.status != OK:
        problem = f"{path} answered {answer.status}"
        raise RuntimeError(problem)
