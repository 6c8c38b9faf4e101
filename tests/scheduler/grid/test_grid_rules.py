"""The pure part of the grid: spans, cells, alternatives, what is refused at construction."""

from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from scheduler.enums import Part, ReservationKind
from scheduler.enums import ReservationState as R
from scheduler.grid.rules import REACH, TRANSITIONS, Need, Wanted, nearest_free, sources_of
from scheduler.spans import Span, cell_of, cells_of, moment_of_cell
from tests.fakes.grid import wanted

pytestmark = pytest.mark.unit

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
moments = some.integers(0, 2_000_000).map(lambda minute: NOON + timedelta(minutes=minute))
spans = some.builds(
    lambda at, minutes: Span(at, at + timedelta(minutes=minutes)), moments, some.integers(1, 500)
)


@settings(deadline=None)
@given(spans, spans)
def test_spans_on_the_grid_overlap_when_they_share_a_cell(one: Span, other: Span) -> None:
    first, second = (
        Span(moment_of_cell(cell_of(span.starts_at)), moment_of_cell(cells_of(span).stop))
        for span in (one, other)
    )
    assert first.overlaps(second) == bool(set(cells_of(first)) & set(cells_of(second)))


@settings(deadline=None)
@given(spans)
def test_cells_of_a_span_cover_it_and_no_cell_more(span: Span) -> None:
    cells = cells_of(span)
    assert moment_of_cell(cells.start) <= span.starts_at < moment_of_cell(cells.start + 1)
    assert moment_of_cell(cells.stop - 1) < span.ends_at <= moment_of_cell(cells.stop)


@settings(deadline=None)
@given(
    some.sets(some.integers(-800, 800), max_size=300),
    some.integers(0, 12).map(lambda cells: NOON + timedelta(minutes=5 * cells)),
    some.integers(1, 24),
)
def test_nearest_free_names_the_nearest_times_that_are_free(
    offsets: set[int], start: datetime, cells: int
) -> None:
    asked = Span(start, start + timedelta(minutes=5 * cells))
    busy = {cell_of(NOON) + offset for offset in offsets}
    found = list(islice(nearest_free(busy, asked, buffers=(15, 5), now=NOON), 3))
    quarters = (NOON + timedelta(minutes=15 * step) for step in range(-700, 700))
    free = [
        Span(at, at + asked.length)
        for at in quarters
        if at > NOON and at != start and abs(at - start) <= REACH
    ]
    free = [span for span in free if not busy & set(cells_of(span.widened(15, 5)))]
    nearest = sorted(free, key=lambda span: (abs(span.starts_at - start), span.starts_at < start))
    assert found == nearest[:3]


def test_alternatives_of_an_odd_start_are_on_the_quarters() -> None:
    asked = Span(NOON + timedelta(minutes=5), NOON + HOUR)
    found = islice(nearest_free((), asked, buffers=(0, 0), now=NOON - HOUR), 3)
    assert [f"{span.starts_at:%H:%M}" for span in found] == ["12:00", "12:15", "11:45"]


def test_wanted_refuses_a_person_twice_nobody_and_no_time() -> None:
    twice = (Need("a", Part.HOST), Need("a", Part.MODERATOR))
    for needs, span in (
        (twice, Span(NOON, NOON + HOUR)),
        ((), Span(NOON, NOON + HOUR)),
        (twice[:1], Span(NOON, NOON)),
    ):
        with pytest.raises(ValueError, match="Wanted"):
            Wanted(ReservationKind.LIVESTREAM, "one", needs, span)
    taken = wanted("one", "h1", at=NOON, buffers=(15, 5)).taken
    assert taken == Span(NOON - timedelta(minutes=15), NOON + HOUR + timedelta(minutes=5))


def test_every_state_but_the_last_two_goes_on_and_none_comes_back_to_a_hold() -> None:
    ends = {state for state in R if not TRANSITIONS[state]}
    assert (ends, sources_of(R.HELD)) == ({R.USED, R.RELEASED}, frozenset())
