"""Processor time of the board's week over 5,000 hosts and 100,000 reservations."""

import http.client
import re
import urllib.parse
from datetime import UTC, datetime
from itertools import count

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.models import User
from accounts.services import create_user, give_roles
from bench.catalogue import PASSWORD, Server, application, hello
from bench.figures import Figure, at_most
from bench.lengths import length
from bench.pages import DATABASES, HOME, cost
from bench.time_rows import HOSTS, RESERVATIONS, time_database
from catalog.models import Livestream
from core.database import make_engine, make_sessions
from core.ids import new_secret
from scheduler.models import Duty

PROMISE = 3
LIMIT_MS = 30
MODERATORS = 50
BARE = 200
"""Every so manieth livestream lacks its moderator: a week with some problems, not without."""
EMAIL = "editor@example.org"
PAGE = "/administration/board"
LEAST_ROWS = 200


def measure() -> list[Figure]:
    requests = int(length("BOARD_REQUESTS", 200, 50))
    hosts = int(length("BOARD_HOSTS", HOSTS, 500))
    reservations = int(length("BOARD_RESERVATIONS", RESERVATIONS, 10_000))
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    with hello() as server:
        floor = cost(server, HOME, requests)
    note = f"CPU per request; Flask's hello took {floor:.2f} ms in the same run"
    figures = []
    for kind in DATABASES:
        with time_database(kind, now=now, hosts=hosts, reservations=reservations) as url:
            staff(url, now)
            with application(url) as server:
                cookie = {"Cookie": f"{signed_in(server)}; zone=Asia/Shanghai"}
                rows = check(server, cookie)
                value = cost(server, PAGE, requests, cookie)
                name = f"{kind}: the board's week, {rows} rows shown"
                figures.append(at_most(PROMISE, name, value, "ms", LIMIT_MS, note))
    return figures


def staff(url: str, now: datetime) -> None:
    """Add an editor, and moderators for nearly all livestreams."""
    engine = make_engine(url)
    with make_sessions(engine)() as session:
        create_user(session, email=EMAIL, password=PASSWORD, roles=[Role.EDITOR], now=now)
        people = [_moderator(session, number, now) for number in range(MODERATORS)]
        ids = session.scalars(select(Livestream.id).order_by(Livestream.id)).all()
        rows = [
            {
                "id": f"d{number:07}",
                "livestream_id": livestream_id,
                "moderator_id": people[number % MODERATORS].id,
                "state": "accepted",
                "created_at": now,
                "updated_at": now,
            }
            for number, livestream_id in zip(count(), ids, strict=False)
            if number % BARE
        ]
        session.execute(insert(Duty), rows)
        session.commit()
    engine.dispose()


def _moderator(session: Session, number: int, now: datetime) -> User:
    address = f"moderator{number}@example.org"
    person = User(
        id=f"moderator{number}", email=address, fs_uniquifier=new_secret(), created_at=now
    )
    session.add(person)
    session.flush()
    give_roles(session, user=person, roles=[Role.MODERATOR], now=now)
    return person


def check(server: Server, headers: dict[str, str]) -> int:
    """Return how many rows the page shows; refuse to measure an empty one."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", PAGE, headers=headers)
    rows = len(re.findall('<li class="talk board-row ', connection.getresponse().read().decode()))
    connection.close()
    if rows < LEAST_ROWS:
        problem = f"the board shows {rows} rows"
        raise RuntimeError(problem)
    return rows


def signed_in(server: Server) -> str:
    """Sign in as the editor; return the cookies."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", "/sign-in")
    answer = connection.getresponse()
    token = re.findall(r'name="csrf_token" value="([^"]+)"', answer.read().decode())[-1]
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": _jar(answer)}
    form = urllib.parse.urlencode({"csrf_token": token, "email": EMAIL, "password": PASSWORD})
    connection.request("POST", "/sign-in", form, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return _jar(answer)


def _jar(answer: http.client.HTTPResponse) -> str:
    values = answer.headers.get_all("Set-Cookie") or []
    return "; ".join(value.partition(";")[0] for value in values)
