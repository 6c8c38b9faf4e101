"""Issue 7, promise 3: how long a search takes over twenty thousand livestreams with transcripts.

Beside each time stands that of the plain query of the database's full-text index in the same run:
on a machine with busy neighbours, how many times longer the whole service takes says more.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median

from sqlalchemy import Engine, delete, func, insert, select, text
from sqlalchemy.orm import Session

from accounts.rules import STRANGER
from bench import catalogue_rows, search_rows
from bench.catalogue import database
from bench.figures import Figure, at_most, percentile_95
from bench.lengths import length
from catalog.models import Livestream
from catalog.search.access import search_for
from catalog.search.models import document
from catalog.search.queries.finding import Wanted
from catalog.search.queries.matching import matching
from catalog.search.rules.asking import Asked, asked_for
from catalog.search.services import check_all
from core.database import make_engine, make_sessions, reading
from media.models import TextTrack

PROMISE = 3  # of the issue
LIVESTREAMS, ROUNDS = 20_000, 60
QUERIES = ("失眠", "双相", "sle", "panic attack", '"panic attack"')
PROMISED_MS = {"postgresql": 50, "sqlite": 80}


def measure() -> list[Figure]:
    found: list[Figure] = []
    livestreams = round(length("SEARCH_LIVESTREAMS", LIVESTREAMS, 1_000))
    for kind in PROMISED_MS:
        with database(kind, livestreams) as url:
            engine = make_engine(url)
            _fill(engine, livestreams)
            found += _figures(engine, kind)
            engine.dispose()
    return found


def _figures(engine: Engine, kind: str) -> list[Figure]:
    now = datetime.now(UTC)
    found = []
    for query in QUERIES:
        asked = asked_for(query)

        def whole(session: Session, query: str = query) -> object:
            return search_for(
                session, actor=STRANGER, text=query, wanted=Wanted(), language="en", now=now
            )

        def plain(session: Session, asked: Asked = asked) -> object:
            condition = matching(session, asked).condition
            return session.scalar(select(func.count()).select_from(document).where(condition))

        times, plain_times = _times(engine, whole), _times(engine, plain)
        name = f"{kind}: {query}"
        ratio = median(times) / median(plain_times)
        found += [
            at_most(PROMISE, f"{name}, p95", percentile_95(times), "ms", PROMISED_MS[kind]),
            Figure(PROMISE, f"{name}, median", median(times), "ms"),
            Figure(PROMISE, f"{name}, times a plain count in the index", ratio, "times"),
        ]
    return found


def _times(engine: Engine, act: Callable[[Session], object]) -> list[float]:
    """Return milliseconds of each round; the first three, which warm caches, are left out."""
    sessions, times = make_sessions(engine), []
    for _ in range(ROUNDS):
        with reading(), sessions() as session:
            session.connection()
            began = time.perf_counter()
            act(session)
            times.append((time.perf_counter() - began) * 1000)
    return times[3:]


def _fill(engine: Engine, livestreams: int) -> None:
    """Give the talks transcripts and titles as in life, and index them as the site does."""
    now = datetime.now(UTC)
    sessions = make_sessions(engine)
    with engine.begin() as connection:
        connection.execute(delete(TextTrack))
        first = catalogue_rows.LIVE + catalogue_rows.COMING + 1
        for start in range(first, livestreams, 500):
            numbers = range(start, min(start + 500, livestreams))
            connection.execute(insert(TextTrack), [search_rows.track(one, now) for one in numbers])
    with sessions.begin() as session:
        for number, row in enumerate(session.scalars(select(Livestream).order_by(Livestream.id))):
            row.titles = search_rows.title(number)
    while True:
        with sessions.begin() as session:
            if engine.dialect.name == "postgresql":
                session.execute(text("SET LOCAL statement_timeout = 0"))
            if not check_all(session, most=1_000):
                break
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))
