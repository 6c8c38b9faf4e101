"""Processor time of one person's calendar of 500 entries, among 10,000 livestreams."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from accounts.notices.enums import Subject
from accounts.notices.models import Recipient, Registration
from bench.catalogue import Server, application, database, hello
from bench.figures import Figure, at_most
from bench.lengths import length
from bench.pages import DATABASES, HOME, cost
from bench.schedule import ENTRIES, FIRST, MONDAY, fetch, fill_week, unchanged
from catalog.models import Livestream
from core.clock import utc_now
from core.database import make_engine
from scheduler.calendars.rules import secret_of
from scheduler.enums import DutyState, SearchState
from scheduler.models import CalendarFeed, Duty, Search

PROMISE = 4
LIMIT = 60  # ms
DATA_KEY = "a data key for a benchmark"  # the one that bench.catalogue starts the site with
FEED = "f" * 16
RECIPIENT = "r" * 16
HOSTED, MODERATED, LEFT = 100, 150, 20
"""All others are waited for; of these every tenth is called off, of the duties every fifth."""
DAY = timedelta(days=1)


def measure() -> list[Figure]:
    requests = int(length("FEED_REQUESTS", 200, 50))
    livestreams = int(length("FEED_LIVESTREAMS", 10_000, 2_000))
    with hello() as server:
        floor = cost(server, HOME, 1000)
    note = f"CPU per request; Flask's hello took {floor:.2f} ms in the same run"
    figures = [Figure(PROMISE, "Flask hello", floor, "ms", note="under granian, one thread")]
    path = f"/calendar/my/{secret_of(DATA_KEY, FEED)}.ics"
    for kind in DATABASES:
        with database(kind, livestreams) as url:
            fill_week(url)
            subscribe(url)
            with application(url) as server:
                check(server, path)
                figures += [
                    at_most(PROMISE, f"{kind}: {name}", value, "ms", limit, note)
                    if limit
                    else Figure(PROMISE, f"{kind}: {name}", value, "ms", note=note)
                    for name, value, limit in costs(server, path, requests)
                ]
    return figures


def costs(server: Server, path: str, requests: int) -> list[tuple[str, float, float]]:
    """Return name, milliseconds and limit of each; 0 where nothing was promised."""
    return [
        ("my calendar of 500", cost(server, path, requests), LIMIT),
        ("my calendar of 500 with titles", cost(server, f"{path}?titles=full", requests), LIMIT),
        ("my calendar, unchanged (304)", unchanged(server, path, requests), 0),
    ]


def subscribe(url: str) -> None:
    """Give one person a part in each of the livestreams of the week, and a calendar."""
    engine, now = make_engine(url), utc_now()
    ids = [f"l{FIRST + number:015}" for number in range(ENTRIES)]
    with engine.begin() as connection:
        hosts = connection.scalars(select(Livestream.host_id).distinct().limit(2)).all()
        me, other = hosts
        moved = update(Livestream).where(Livestream.id.in_(ids))
        connection.execute(moved.values(host_id=other))
        connection.execute(moved.where(Livestream.id.in_(ids[:HOSTED])).values(host_id=me))
        gone = update(Livestream).where(Livestream.host_id == me, Livestream.id.not_in(ids))
        connection.execute(gone.values(host_id=other))
        connection.execute(
            insert(Recipient).values(id=RECIPIENT, user_id=me, choices={}, created_at=now)
        )
        feed = {"id": FEED, "recipient_id": RECIPIENT, "created_at": now}
        connection.execute(insert(CalendarFeed).values(**feed, read_at=now + DAY))
        _write_parts(connection, me, ids[HOSTED:], now)
    engine.dispose()


def _write_parts(connection: Connection, me: str, ids: list[str], now: datetime) -> None:
    """Write duties, searches and registrations for the rest, some of each ended."""
    connection.execute(
        insert(Duty),
        [
            {
                "livestream_id": one,
                "moderator_id": me,
                "state": DutyState.ACCEPTED if place % 5 else DutyState.RELEASED,
                "created_at": now,
                "updated_at": now,
            }
            for place, one in enumerate(ids[:MODERATED])
        ],
    )
    searched = {"leaver_id": me, "state": SearchState.FOUND, "opened_at": now, "closed_at": now}
    left = ids[MODERATED : MODERATED + LEFT]
    connection.execute(insert(Search), [{"livestream_id": one, **searched} for one in left])
    asked = {"recipient_id": RECIPIENT, "subject_kind": Subject.LIVESTREAM, "asked_at": now}
    connection.execute(
        insert(Registration),
        [
            {
                **asked,
                "subject_id": one,
                "confirmed_at": now,
                "updated_at": now,
                "ended_at": None if place % 10 else now,
            }
            for place, one in enumerate(ids[MODERATED + LEFT :])
        ],
    )


def check(server: Server, path: str) -> None:
    """Refuse to measure anything but five hundred entries, some of them cancelled."""
    text = fetch(server, path)[0]
    found = (
        text.count("BEGIN:VEVENT"),
        "STATUS:CANCELLED" in text,
        MONDAY.strftime("%Y%m%d") in text,
    )
    if found != (ENTRIES, True, True):
        problem = f"the calendar holds {found}, not {ENTRIES} entries of all kinds"
        raise RuntimeError(problem)
