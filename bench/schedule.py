"""Processor time of a schedule of 500 entries and of its calendar, among 10,000 livestreams."""

import http.client
import re
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, update

from bench.catalogue import Server, application, database, hello
from bench.figures import Figure, at_most
from bench.lengths import length
from bench.pages import DATABASES, HOME, PROMISE, change, cost
from catalog.models import Livestream, LivestreamAudience
from core.database import make_engine

ENTRIES = 500
NOT_MODIFIED = 304
MONDAY = datetime(2028, 3, 6, tzinfo=UTC)  # a week that the seed leaves empty
AUDIENCE = "workplaces"  # nobody else in the seed
FIRST = 1000  # the number of the first livestream that is moved there; it was a replay
ZONES = ("Europe/Berlin", "Asia/Shanghai", "America/New_York", "Australia/Sydney")
PAGE = "/schedule?date=2028-03-06"
CALENDAR = f"/calendar/schedule.ics?audience={AUDIENCE}"
ZONE = {"Cookie": "zone=UTC"}


def measure() -> list[Figure]:
    requests = int(length("SCHEDULE_REQUESTS", 200, 50))
    livestreams = int(length("SCHEDULE_LIVESTREAMS", 10_000, 2_000))
    with hello() as server:
        floor = cost(server, HOME, 1000)
    note = f"CPU per request; Flask's hello took {floor:.2f} ms in the same run"
    figures = [Figure(PROMISE, "Flask hello", floor, "ms", note="under granian, one thread")]
    for kind in DATABASES:
        with database(kind, livestreams) as url:
            fill_week(url)
            with application(url) as server:
                check(server)
                figures += [
                    at_most(PROMISE, f"{kind}: {name}", value, "ms", limit, note)
                    for name, value, limit in costs(server, url, requests)
                ]
    return figures


def costs(server: Server, url: str, requests: int) -> list[tuple[str, float, float]]:
    """Return name, milliseconds and limit of what was promised."""
    touch = change(url)
    return [
        ("schedule of 500, kept", cost(server, PAGE, requests, ZONE), 10),
        ("schedule of 500, drawn anew", cost(server, PAGE, requests, ZONE, before=touch), 10),
        ("its calendar", cost(server, CALENDAR, requests), 60),
        ("its calendar with titles", cost(server, f"{CALENDAR}&titles=full", requests), 60),
        ("its calendar, unchanged (304)", unchanged(server, CALENDAR, requests), 2),
    ]


def unchanged(server: Server, path: str, requests: int) -> float:
    """Return the milliseconds that an answer to who has it already takes."""
    headers = {"If-None-Match": fetch(server, path)[1]}
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    began = server.cpu_ms()
    for _turn in range(requests):
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != NOT_MODIFIED:
            problem = f"{path} answered {answer.status}"
            raise RuntimeError(problem)
    connection.close()
    return (server.cpu_ms() - began) / requests


def fill_week(url: str) -> None:
    """Announce 500 of the replays for one week, one every twenty minutes, for workplaces."""
    engine = make_engine(url)
    ids = [f"l{FIRST + number:015}" for number in range(ENTRIES)]
    with engine.begin() as connection:
        for number, livestream_id in enumerate(ids):
            starts_at = MONDAY + timedelta(minutes=20 * number)
            values = {
                "starts_at": starts_at,
                "ends_at": starts_at + timedelta(minutes=45),
                "timezone": ZONES[number % len(ZONES)],
                "state": "scheduled",
                "visibility": "public",
                "organisation_id": None,
            }
            moved = update(Livestream).where(Livestream.id == livestream_id).values(values)
            connection.execute(moved)
        rows = [{"livestream_id": one, "audience": AUDIENCE} for one in ids]
        connection.execute(insert(LivestreamAudience), rows)
    engine.dispose()


def check(server: Server) -> None:
    """Refuse to measure anything but five hundred entries."""
    found = [
        len(re.findall('<li class="talk ', fetch(server, PAGE)[0])),
        fetch(server, CALENDAR)[0].count("BEGIN:VEVENT"),
    ]
    if found != [ENTRIES, ENTRIES]:
        problem = f"page and calendar hold {found}, not {ENTRIES} each"
        raise RuntimeError(problem)


def fetch(server: Server, path: str) -> tuple[str, str]:
    """Return the text of an answer and its entity tag."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", path, headers=ZONE)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return text, answer.headers.get("ETag", "")
