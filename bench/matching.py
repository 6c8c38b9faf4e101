"""Who could host this? Five thousand hosts, a hundred thousand reservations, on both databases."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter

from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from bench.figures import Figure, at_most, percentile_95
from bench.lengths import length
from bench.time_rows import time_database
from catalog.models import Host
from core.database import make_engine, make_sessions
from scheduler.matching.queries import who_could_host
from scheduler.matching.rules import Wish

PROMISE = 3
LIMITS = {"sqlite": 150, "postgresql": 50}
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
TOPICS = 16
WARMING = 3
SECOND = 1000  # ms


def measure() -> list[Figure]:
    asks = int(length("MATCHING_ASKS", 100, 30))
    figures = []
    for kind, limit in LIMITS.items():
        with time_database(kind, now=NOW) as url:
            engine = make_engine(url)
            with make_sessions(engine)() as session:
                figures += _figures(session, engine, kind, limit, asks)
            engine.dispose()
    return figures


def _figures(session: Session, engine: Engine, kind: str, limit: float, asks: int) -> list[Figure]:
    floor = _percentile(lambda _turn: session.scalars(select(Host.id)).all(), asks)
    note = f"95th of {asks}; the ids of all hosts took {floor:.1f} ms in the same run"
    exact = _percentile(lambda turn: _ask(session, turn, timedelta(0)), asks)
    window = _percentile(lambda turn: _ask(session, turn, timedelta(hours=6)), asks)
    name = "who could host this"
    return [
        at_most(PROMISE, f"{kind}: {name}, exact start", exact, "ms", limit, note),
        at_most(PROMISE, f"{kind}: {name}, any start within 6 h", window, "ms", limit, note),
        Figure(PROMISE, f"{kind}: statements", _statements(session, engine), "", note="constant"),
    ]


def _ask(session: Session, turn: int, room: timedelta) -> None:
    start = NOW + timedelta(days=1 + turn % 60, hours=turn % 12)
    wish = Wish(
        topics=(f"topic{turn % TOPICS}",),
        language="en" if turn % 2 else "zh-Hans",
        scope="education",
        length=timedelta(minutes=45),
        first=start,
        last=start + room,
    )
    who_could_host(session, wish=wish, now=NOW)
    session.rollback()


def _percentile(act: Callable[[int], object], times: int) -> float:
    took = []
    for turn in range(-WARMING, times):
        began = perf_counter()
        act(turn % TOPICS if turn < 0 else turn)
        took.append((perf_counter() - began) * SECOND)
    return percentile_95(took[WARMING:]) if times > 1 else median(took)


def _statements(session: Session, engine: Engine) -> int:
    seen: list[str] = []

    def note(*args: object) -> None:
        seen.append(str(args[2]))

    event.listen(engine, "before_cursor_execute", note)
    _ask(session, 3, timedelta(0))
    event.remove(engine, "before_cursor_execute", note)
    return len([one for one in seen if one.startswith("SELECT")])
