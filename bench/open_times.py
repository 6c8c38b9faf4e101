"""When could this host be booked? Twelve weeks of one host of five thousand, on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import perf_counter

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from bench.figures import Figure, at_most, percentile_95
from bench.lengths import length
from bench.time_rows import time_database
from core.database import make_engine, make_sessions
from scheduler.enums import Part, ReservationKind
from scheduler.errors import Taken
from scheduler.grid.rules import Need, Wanted
from scheduler.grid.services import reserve
from scheduler.hours.queries import free_spans, hours_of
from scheduler.hours.rules.hours import Hours
from scheduler.hours.rules.intervals import Interval
from scheduler.hours.services import save
from scheduler.spans import Span

PROMISE = 3
LIMIT = 20  # ms
NOW = datetime(2026, 9, 7, 8, 0, tzinfo=UTC)  # clocks change within the twelve weeks
HOST = "h00000"
ZONE = "Europe/Berlin"
BOOKED = 100
WEEKS = timedelta(weeks=12)
EVENINGS = (Interval(540, 720), Interval(1020, 1320))
HOURS = ((6, 0), (15, 30), (19, 0))
"""When the host is booked, in UTC: in the open hours and outside of them."""
WARMING = 3
SECOND = 1000  # ms


def measure() -> list[Figure]:
    asks = int(length("OPEN_TIMES_ASKS", 300, 60))
    figures = []
    for kind in ("sqlite", "postgresql"):
        with time_database(kind, now=NOW) as url:
            engine = make_engine(url)
            with make_sessions(engine)() as session:
                booked = book(session)
                figures += _figures(session, engine, kind, booked, asks)
            engine.dispose()
    return figures


def book(session: Session) -> int:
    """Give the host hours on every day, and a hundred reservations to come."""
    old = hours_of(session, person_id=HOST)
    hours = Hours(ZONE, weekly=(EVENINGS,) * 7, version=old.version)
    save(session, person_id=HOST, hours=replace(hours, dated=old.dated), now=NOW)
    taken = 0
    for number in range(3 * WEEKS.days):
        hour, minute = HOURS[number % len(HOURS)]
        day = NOW + timedelta(days=1 + number % (WEEKS.days - 1))
        taken += taken < BOOKED and _booked(session, day.replace(hour=hour, minute=minute))
    session.commit()
    return taken


def _booked(session: Session, start: datetime) -> bool:
    wanted = Wanted(
        kind=ReservationKind.LIVESTREAM,
        subject_id=f"{start:%m%d%H%M}",
        needs=(Need(HOST, Part.HOST),),
        span=Span(start, start + timedelta(minutes=45)),
    )
    try:
        reserve(session, wanted=wanted, now=NOW)
    except Taken:
        return False
    return True


def _figures(session: Session, engine: Engine, kind: str, booked: int, asks: int) -> list[Figure]:
    floor = _percentile(lambda: hours_of(session, person_id=HOST), asks)
    found = _percentile(lambda: _ask(session), asks)
    note = f"95th of {asks}; {booked} added bookings; the hours alone took {floor:.1f} ms"
    name = f"{kind}: open times of one host over 12 weeks"
    return [
        at_most(PROMISE, name, found, "ms", LIMIT, note),
        Figure(PROMISE, f"{kind}: statements", _statements(session, engine), "", note="constant"),
        Figure(PROMISE, f"{kind}: open times found", len(_ask(session)), ""),
    ]


def _ask(session: Session) -> tuple[Span, ...]:
    span = Span(NOW, NOW + WEEKS)
    return free_spans(session, person_id=HOST, span=span, minutes=45, now=NOW)


def _percentile(act: Callable[[], object], times: int) -> float:
    took = []
    for _turn in range(WARMING + times):
        began = perf_counter()
        act()
        took.append((perf_counter() - began) * SECOND)
    return percentile_95(took[WARMING:])


def _statements(session: Session, engine: Engine) -> int:
    seen: list[str] = []

    def note(*args: object) -> None:
        seen.append(str(args[2]))

    event.listen(engine, "before_cursor_execute", note)
    _ask(session)
    event.remove(engine, "before_cursor_execute", note)
    return len(seen)
