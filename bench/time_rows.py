"""Thousands of hosts with hours and their reservations, as benchmarks of time fill a database.

Everything follows from one seed: two runs measure the same rows.
"""

import random
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, create_engine, insert, make_url, text

from accounts.models import User
from bench.catalogue import POSTGRES_URL
from catalog.models import Host, HostLanguage, HostTopic, Livestream, LivestreamTopic, Topic
from core.database import make_engine
from core.orm import Base
from media.models import Broadcast
from scheduler.models import (
    DatedHours,
    PersonTime,
    Reservation,
    ReservedResource,
    WeeklyHours,
)
from scheduler.spans import Span, cells_of
from web import tables as _tables  # noqa: F401 -- every table is known from here on

HOSTS, RESERVATIONS = 5_000, 100_000
TOPICS = 16
DAYS = 90
"""Reservations lie so many days on either side of the present; a host has one a day at most."""
SHOWN = range(-7, 28)
"""Days whose reservations have a livestream with a page; the others are time alone."""
MINUTES, BUFFER = 45, 15
BATCH = 5_000
ZONES = (
    *("Asia/Shanghai", "Asia/Hong_Kong", "Asia/Tokyo", "Asia/Singapore", "Asia/Kolkata"),
    *("Asia/Kathmandu", "Asia/Dubai", "Asia/Seoul", "Australia/Sydney", "Australia/Lord_Howe"),
    *("Pacific/Auckland", "Europe/London", "Europe/Dublin", "Europe/Berlin", "Europe/Paris"),
    *("Europe/Madrid", "Africa/Lagos", "Africa/Cairo", "America/New_York", "America/Toronto"),
    *("America/Chicago", "America/Los_Angeles", "America/Sao_Paulo", "UTC"),
)


@contextmanager
def time_database(
    kind: str, *, now: datetime, hosts: int = HOSTS, reservations: int = RESERVATIONS
) -> Iterator[str]:
    """Give the address of a filled database, ``sqlite`` or ``postgresql``, and remove it."""
    with _empty_database(kind) as url:
        fill_time(url, now=now, hosts=hosts, reservations=reservations)
        yield url


def fill_time(
    url: str, *, now: datetime, hosts: int = HOSTS, reservations: int = RESERVATIONS
) -> None:
    """Create the tables and write hosts ``h00000`` … with hours and reservations around ``now``."""
    engine = make_engine(url)
    Base.metadata.create_all(engine)
    today = now.astimezone(UTC).date()
    with engine.begin() as connection:
        for table, rows in people_rows(now, hosts).items():
            _insert(connection, table, rows)
        taken = list(_taken(today, hosts, reservations))
        for table, rows in reservation_rows(now, taken).items():
            _insert(connection, table, rows)
        _insert_cells(connection, taken)
    _analyse(engine)


def people_rows(now: datetime, hosts: int) -> dict[type[Any], list[dict[str, Any]]]:
    """Return the hosts, what they teach, their zones and hours, in the order of inserting."""
    draw = random.Random(4)
    rows: dict[type[Any], list[dict[str, Any]]] = {
        Topic: [
            {"slug": f"topic{number}", "names": {"en": f"Topic {number}"}, "position": number}
            for number in range(TOPICS)
        ]
    }
    rows |= {one: [] for one in (User, Host, HostTopic, HostLanguage)}
    rows |= {one: [] for one in (PersonTime, WeeklyHours, DatedHours)}
    for number in range(hosts):
        _add_person(rows, number, draw, now)
    return rows


def reservation_rows(
    now: datetime, taken: list[tuple[str, int, datetime]]
) -> dict[type[Any], list[dict[str, Any]]]:
    """Return reservations with what they take, and livestreams of those near the present."""
    near = [one for one in taken if (one[2].date() - now.date()).days in SHOWN]
    return {
        Broadcast: [{"id": f"b{number:07}", "created_at": now} for _host, number, _start in near],
        Livestream: [_livestream(*one, now) for one in near],
        LivestreamTopic: [
            {
                "livestream_id": f"l{number:07}",
                "topic_slug": f"topic{number % TOPICS}",
                "position": 0,
            }
            for _host, number, _start in near
        ],
        Reservation: [_reservation(number, start, now) for _host, number, start in taken],
        ReservedResource: [
            {
                "reservation_id": f"r{number:07}",
                "resource_id": host,
                "part": "host",
                "starts_at": start,
            }
            for host, number, start in taken
        ],
    }


def host_id(number: int) -> str:
    """Return the id of one of the hosts."""
    return f"h{number:05}"


@contextmanager
def _empty_database(kind: str) -> Iterator[str]:
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/bench.sqlite3"
        return
    name = f"mindcast_bench_{uuid4().hex[:12]}"
    server = create_engine(POSTGRES_URL, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    try:
        yield make_url(POSTGRES_URL).set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        server.dispose()


def _add_person(
    rows: dict[type[Any], list[dict[str, Any]]], number: int, draw: random.Random, now: datetime
) -> None:
    host = host_id(number)
    rows[User].append({"id": host, "email": f"{host}@example.org", "created_at": now})
    rows[Host].append(
        {
            "id": host,
            "names": {"en": f"Dr. Host {number}", "zh-Hans": f"讲者 {number} 医生"},
            "initials": "H",
            "verified_until": now + timedelta(days=draw.choice((-1, *range(5, 90, 5)))),
            "credential_kind": draw.choice(("psychiatrist", "psychotherapist", "counsellor")),
        }
    )
    topics = draw.sample(range(TOPICS), 3)
    rows[HostTopic] += [{"host_id": host, "topic_slug": f"topic{topic}"} for topic in topics]
    languages = draw.choice((("en",), ("zh-Hans",), ("en", "zh-Hans")))
    rows[HostLanguage] += [{"host_id": host, "language": language} for language in languages]
    rows[PersonTime].append({"person_id": host, "timezone": _zone(number), "updated_at": now})
    rows[WeeklyHours] += [
        {"person_id": host, "weekday": day, "start_minute": start, "end_minute": end}
        for day in draw.sample(range(7), 5)
        for start, end in ((540, 720), (1080, draw.choice((1260, 1320, 1440))))
    ]
    rows[DatedHours] += [
        {
            "person_id": host,
            "day": now.date() + timedelta(days=day),
            "start_minute": start,
            "end_minute": end,
        }
        for day, (start, end) in zip(
            draw.sample(range(1, 84), 4), ((0, 0), (0, 0), (600, 720), (1140, 1320)), strict=True
        )
    ]


def _taken(today: date, hosts: int, count: int) -> Iterator[tuple[str, int, datetime]]:
    """Yield host, number and start: an evening in the zone of the host, each day once at most."""
    draw = random.Random(5)
    each = count // hosts
    for number in range(hosts):
        zone = ZoneInfo(_zone(number))
        for turn, day in enumerate(draw.sample(range(-DAYS, DAYS), each)):
            on = today + timedelta(days=day)
            clock = time(draw.choice((9, 10, 18, 19, 20)), tzinfo=zone)
            yield host_id(number), number * each + turn, datetime.combine(on, clock).astimezone(UTC)


def _zone(number: int) -> str:
    return ZONES[number % len(ZONES)]


def _reservation(number: int, start: datetime, now: datetime) -> dict[str, Any]:
    return {
        "id": f"r{number:07}",
        "kind": "livestream",
        "subject_id": f"l{number:07}",
        "state": "used" if start < now else "confirmed",
        "starts_at": start,
        "ends_at": start + timedelta(minutes=MINUTES),
        "created_at": now,
        "updated_at": now,
    }


def _livestream(host: str, number: int, start: datetime, now: datetime) -> dict[str, Any]:
    return {
        "id": f"l{number:07}",
        "titles": {"en": f"Talk {number}", "zh-Hans": f"第 {number} 讲"},
        "language": "zh-Hans" if number % 2 else "en",
        "host_id": host,
        "starts_at": start,
        "ends_at": start + timedelta(minutes=MINUTES),
        "timezone": "UTC",
        "local_start": start.strftime("%Y-%m-%dT%H:%M:%S"),
        "state": "published" if start < now else "scheduled",
        "broadcast_id": f"b{number:07}",
        "announced_at": now,
        "created_at": now,
        "updated_at": now,
    }


def _insert(connection: Connection, table: type[Any], rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), BATCH):
        connection.execute(insert(table), rows[start : start + BATCH])


def _insert_cells(connection: Connection, taken: Iterable[tuple[str, int, datetime]]) -> None:
    """Write 1.5 million cells the quick way of each database."""
    length = timedelta(minutes=MINUTES)
    rows = (
        (host, cell, f"r{number:07}")
        for host, number, start in taken
        for cell in cells_of(Span(start, start + length).widened(BUFFER, BUFFER))
    )
    cursor: Any = connection.connection.cursor()
    if connection.dialect.name == "sqlite":
        cursor.executemany("INSERT INTO scheduler_cell VALUES (?, ?, ?)", rows)
        return
    cursor.execute("SET LOCAL session_replication_role = replica")  # each row's keys are known
    cursor.execute("SET LOCAL statement_timeout = 0")
    names = "scheduler_cell (resource_id, number, reservation_id)"
    with cursor.copy(f"COPY {names} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _analyse(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        is_postgres = engine.dialect.name == "postgresql"
        connection.execute(text("VACUUM ANALYZE" if is_postgres else "ANALYZE"))
    engine.dispose()
