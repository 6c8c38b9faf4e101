from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InvalidInput
from core.walltime import changes, wall_of
from scheduler.hours.rules.expansion import free_spans, open_spans, total
from scheduler.hours.rules.hours import Day, Hours, brought_back, kept, normal
from scheduler.hours.rules.intervals import (
    Interval,
    clock_of,
    interval_of,
    merged,
    minute_of,
    within,
    without,
)
from scheduler.spans import CELL, Span, cell_of, cells_of

pytestmark = pytest.mark.unit

ZONES = sorted(available_timezones() - {"localtime", "Factory"})
CHANGES = (date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 1), date(2026, 4, 5))


def evenings(zone: str, start: int = 1080, end: int = 1200) -> Hours:
    return Hours(zone, weekly=((Interval(start, end),),) * 7)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]  # year, month, …


def read_per_cell(hours: Hours, span: Span) -> set[datetime]:
    """The brute force: ask the clock of the wall for every five minutes."""
    found = set()
    moment = span.starts_at
    while moment < span.ends_at:
        wall, _ = wall_of(moment, hours.timezone)
        minute = wall.hour * 60 + wall.minute
        if any(one.start <= minute < one.end for one in hours.on(wall.date())):
            found.add(moment)
        moment += CELL
    return found


def cells_in(spans: tuple[Span, ...]) -> set[datetime]:
    found = set()
    for one in spans:
        moment = one.starts_at
        while moment < one.ends_at:
            found.add(moment)
            moment += CELL
    return found


intervals = st.lists(
    st.tuples(st.integers(0, 287), st.integers(1, 60)).map(
        lambda pair: Interval(pair[0] * 5, min((pair[0] + pair[1]) * 5, 1440))
    ),
    max_size=4,
).map(merged)


@settings(max_examples=300, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    weekly=st.tuples(*[intervals] * 7),
    around=st.sampled_from(CHANGES),
    dated=st.dictionaries(st.integers(-3, 3), intervals, max_size=3),
    shift=st.integers(0, 287),
)
def test_open_spans_are_those_of_a_reading_per_cell(
    zone: str,
    weekly: tuple[tuple[Interval, ...], ...],
    around: date,
    dated: dict[int, tuple[Interval, ...]],
    shift: int,
) -> None:
    hours = Hours(
        zone,
        weekly=weekly,
        dated={around + timedelta(days=n): Day(one) for n, one in dated.items()},
    )
    start = at(around.year, around.month, around.day) + timedelta(days=-3, minutes=5 * shift)
    span = Span(start, start + timedelta(days=6))
    spans = open_spans(hours, span)
    assert cells_in(spans) == read_per_cell(hours, span)
    assert all(one.ends_at < two.starts_at for one, two in pairwise(spans))


def test_around_every_change_of_every_zone_hours_are_what_its_clocks_show() -> None:
    night = ((Interval(0, 95), Interval(120, 150), Interval(1410, 1440)),) * 7
    seen = 0
    for zone in ZONES:
        hours = Hours(zone, weekly=night)
        for change in changes(zone, at(2026, 1, 1), at(2027, 1, 1)):
            seen += 1
            span = Span(change.at - timedelta(hours=5), change.at + timedelta(hours=5))
            assert (zone, cells_in(open_spans(hours, span))) == (zone, read_per_cell(hours, span))
    assert seen > 200


def test_hours_in_a_gap_are_lost_and_those_repeated_come_twice() -> None:
    night = evenings("Europe/Berlin", start=60, end=240)
    spring = Span(at(2026, 3, 28, 23), at(2026, 3, 29, 22))
    autumn = Span(at(2026, 10, 24, 22), at(2026, 10, 25, 23))
    assert open_spans(night, spring) == (Span(at(2026, 3, 29, 0), at(2026, 3, 29, 2)),)
    assert open_spans(night, autumn) == (Span(at(2026, 10, 24, 23), at(2026, 10, 25, 3)),)
    lost = evenings("Europe/Berlin", start=120, end=180)
    assert open_spans(lost, spring) == ()
    twice = open_spans(lost, autumn)
    assert twice == (Span(at(2026, 10, 25, 0), at(2026, 10, 25, 2)),)


def test_a_repeated_hour_whose_half_is_open_makes_two_spans() -> None:
    half = evenings("Europe/Berlin", start=120, end=150)
    assert open_spans(half, Span(at(2026, 10, 24, 22), at(2026, 10, 25, 23))) == (
        Span(at(2026, 10, 25, 0), at(2026, 10, 25, 0, 30)),
        Span(at(2026, 10, 25, 1), at(2026, 10, 25, 1, 30)),
    )


def test_hours_over_midnight_are_one_span_and_a_dated_day_replaces_the_week() -> None:
    late = Hours(
        "Asia/Shanghai",
        weekly=((Interval(0, 60), Interval(1380, 1440)),) * 7,
        dated={date(2026, 3, 11): Day()},
    )
    span = Span(at(2026, 3, 9, 16), at(2026, 3, 12, 16))
    assert open_spans(late, span) == (
        Span(at(2026, 3, 9, 16), at(2026, 3, 9, 17)),
        Span(at(2026, 3, 10, 15), at(2026, 3, 10, 16)),
        Span(at(2026, 3, 11, 16), at(2026, 3, 11, 17)),
        Span(at(2026, 3, 12, 15), at(2026, 3, 12, 16)),
    )
    assert total(open_spans(late, span)) == timedelta(hours=4)


def test_free_spans_keep_buffers_on_both_sides_and_leave_out_what_is_too_short() -> None:
    opened = (Span(at(2026, 3, 10, 18), at(2026, 3, 10, 22)),)
    taken = Span(at(2026, 3, 10, 19), at(2026, 3, 10, 20))
    busy = frozenset(cells_of(taken))

    def free(minutes: int, earliest: datetime) -> tuple[Span, ...]:
        return free_spans(opened, busy, buffers=(15, 30), minutes=minutes, earliest=earliest)

    before = Span(at(2026, 3, 10, 18), at(2026, 3, 10, 18, 30))
    after = Span(at(2026, 3, 10, 20, 15), at(2026, 3, 10, 22))
    assert free(30, at(2026, 3, 10, 12)) == (before, after)
    assert free(45, at(2026, 3, 10, 12)) == (after,)
    late = free(45, at(2026, 3, 10, 20, 31))
    assert late == (Span(at(2026, 3, 10, 20, 35), at(2026, 3, 10, 22)),)


@settings(max_examples=200, deadline=None)
@given(
    busy=st.sets(st.integers(0, 143), max_size=30),
    opened=intervals,
    before=st.integers(0, 4),
    after=st.integers(0, 4),
    cells=st.integers(1, 12),
)
def test_free_spans_hold_exactly_the_starts_that_fit(
    busy: set[int], opened: tuple[Interval, ...], before: int, after: int, cells: int
) -> None:
    midnight = at(2026, 3, 10)
    zero = cell_of(midnight)
    spans = tuple(
        Span(midnight + timedelta(minutes=one.start), midnight + timedelta(minutes=one.end))
        for one in opened
    )
    found = free_spans(
        spans,
        frozenset(zero + number for number in busy),
        buffers=(before * 5, after * 5),
        minutes=cells * 5,
        earliest=midnight - CELL,
    )
    starts = {
        number
        for one in found
        for number in range(cell_of(one.starts_at), cell_of(one.ends_at) - cells + 1)
    }
    open_cells = {cell_of(moment) - zero for moment in cells_in(spans)}
    fits = {
        zero + number
        for number in range(288)
        if set(range(number, number + cells)) <= open_cells
        and not busy & set(range(number - before, number + cells + after))
    }
    assert starts == fits


def test_intervals_of_a_day_are_merged_cut_and_read() -> None:
    day = merged([Interval(600, 660), Interval(540, 600), Interval(700, 720), Interval(650, 680)])
    assert day == (Interval(540, 680), Interval(700, 720))
    assert without(day, Interval(600, 700)) == (Interval(540, 600), Interval(700, 720))
    assert within(day, Interval(660, 710)) == (Interval(660, 680), Interval(700, 710))
    assert [minute_of(text) for text in ("18:05", "24:00", "24:05", "9:00", "x", " 09:00 ")] == [
        *(1085, 1440, None, None, None),
        540,
    ]
    assert clock_of(1440) == "24:00"
    assert interval_of("20:00", "00:00") == Interval(1200, 1440)
    assert [interval_of("20:00", "20:00"), interval_of("20:01", "21:00")] == [None, None]


def test_hours_are_normal_or_each_fault_names_its_field() -> None:
    week = ((Interval(60, 120), Interval(0, 60)), *((),) * 6)
    dated = {date(2026, 3, 12): Day(), date(2026, 3, 11): Day((Interval(0, 5),), "a")}
    hours = Hours("Asia/Shanghai", weekly=week, dated=dated)
    assert normal(hours).weekly[0] == (Interval(0, 120),)
    assert brought_back(kept(normal(hours)), version=7).dated == dated
    faulty = Hours(
        "Nowhere",
        buffers=(125, 3),
        weekly=((Interval(60, 60),), *((),) * 6),
        dated={date(2026, 3, 11): Day((Interval(1, 5),), "n" * 121)},
    )
    with pytest.raises(InvalidInput) as caught:
        normal(faulty)
    assert [fault.field for fault in caught.value.errors] == [
        *("timezone", "buffer_before", "buffer_after", "weekly.0"),
        *("dated.2026-03-11", "note"),
    ]
