"""The bits against a slow reading of the same rules, minute by minute."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from core.walltime import wall_of
from scheduler.matching import rules
from scheduler.matching.rules import Hours, Person, Turn, Wish
from scheduler.spans import Span, cell_of, cells_of, moment_of_cell

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC")
GRID = timedelta(minutes=5)
DAYS = [date(2026, 3, 28) + timedelta(days=day) for day in range(4)]

minutes = st.integers(0, 287).map(lambda cell: cell * 5)
hours = st.builds(
    lambda start, cells: Hours(start, min(1440, start + 5 * cells)), minutes, st.integers(1, 288)
)
away = st.just((Hours(0, 0),))
opened = hours.map(lambda one: (one,))


@st.composite
def people(draw: st.DrawFn) -> Person:
    first = cell_of(datetime(2026, 3, 28, tzinfo=UTC))
    busy = draw(st.sets(st.integers(first, first + 1000), max_size=40))
    return Person(
        host_id="host",
        timezone=draw(st.sampled_from(ZONES)),
        weekly=draw(st.dictionaries(st.integers(0, 6), opened)),
        dated=draw(st.dictionaries(st.sampled_from(DAYS), opened | away, max_size=2)),
        busy=frozenset(busy),
        buffers=draw(st.tuples(st.integers(0, 12), st.integers(0, 12)).map(_times_five)),
        verified_until=datetime(2026, 3, 28, tzinfo=UTC) + draw(st.integers(0, 800)) * GRID,
    )


def _times_five(pair: tuple[int, int]) -> tuple[int, int]:
    return pair[0] * 5, pair[1] * 5


@st.composite
def wishes(draw: st.DrawFn) -> Wish:
    first = datetime(2026, 3, 28, 6, tzinfo=UTC) + draw(st.integers(0, 400)) * GRID
    return Wish(
        topics=("sleep",),
        language="en",
        scope="education",
        length=draw(st.integers(1, 30)) * GRID,
        first=first,
        last=first + draw(st.integers(0, 60)) * GRID,
    )


def is_open(person: Person, moment: datetime) -> bool:
    wall, _fold = wall_of(moment, person.timezone)
    minute = wall.hour * 60 + wall.minute
    return any(one.start <= minute < one.end for one in rules.hours_on(person, wall.date()))


def possible(person: Person, wish: Wish, now: datetime) -> list[datetime]:
    found = []
    start = wish.first
    while start <= wish.last:
        span = Span(start, start + wish.length)
        opens = all(is_open(person, moment_of_cell(cell)) for cell in cells_of(span))
        free = person.busy.isdisjoint(cells_of(span.widened(*person.buffers)))
        if opens and free and start > now and span.ends_at < person.verified_until:
            found.append(start)
        start += GRID
    return found


@settings(max_examples=400, deadline=None)
@given(people(), wishes(), st.integers(-100, 300))
def test_first_fit_is_what_a_slow_reading_finds(person: Person, wish: Wish, ahead: int) -> None:
    now = wish.first - ahead * GRID
    local = rules.stretches(wish.window, person.timezone)
    expected = possible(person, wish, now)
    on_quarter = [start for start in expected if start.minute % 15 == 0]

    found = rules.first_fit(person, wish, local, now=now)

    assert (found.span.starts_at if found else None) == next(iter(on_quarter or expected), None)
    if found:
        wall, _fold = wall_of(found.span.starts_at, person.timezone)
        assert found.hours.start <= wall.hour * 60 + wall.minute < found.hours.end
        assert found.weekday == wall.weekday()


@given(wishes(), st.sampled_from(ZONES))
def test_stretches_name_every_cell_as_clocks_show_it(wish: Wish, zone: str) -> None:
    cells = [
        (one.day, one.minute + step * 5)
        for one in rules.stretches(wish.window, zone)
        for step in range(one.count)
    ]
    walls = [wall_of(moment_of_cell(cell), zone)[0] for cell in cells_of(wish.window)]
    assert cells == [(wall.date(), wall.hour * 60 + wall.minute) for wall in walls]


def test_rotation_prefers_few_then_long_ago_then_the_id() -> None:
    turns = {
        "often": Turn(2, NOW),
        "lately": Turn(1, NOW - timedelta(days=1)),
        "earlier": Turn(1, NOW - timedelta(days=9)),
        "long ago": Turn(0, NOW - timedelta(days=200)),
    }
    assert rules.in_turn(["b", "a", *turns], turns) == [
        *("a", "b", "long ago", "earlier", "lately", "often")
    ]
