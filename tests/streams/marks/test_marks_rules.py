from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.hls import SegmentRow
from streams.marks.rules import (
    MOST_TOLD,
    Moment,
    Span,
    bounded,
    chapters_of,
    part_name,
    replay_ms,
    sent_ms,
    so_far,
)

pytestmark = pytest.mark.unit
NOW = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)
SECOND = 1_000_000


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def rows_of(*runs: tuple[float, int]) -> list[SegmentRow]:
    """Return rows of runs: when each begins, and how many segments of a second it has."""
    rows: list[SegmentRow] = []
    for number, (begins, count) in enumerate(runs):
        for one in range(count):
            uri = f"{number}-{len(rows)}.m4s"
            row = SegmentRow(len(rows), number, SECOND, at(begins + one), uri, f"{number}-init.mp4")
            rows.append(row)
    return rows


RUNS = st.lists(st.tuples(st.floats(0, 90), st.integers(1, 20)), min_size=1, max_size=5).map(
    lambda gaps: rows_of(
        *((sum(g + n for g, n in gaps[:k]) + gap, count) for k, (gap, count) in enumerate(gaps))
    )
)


def test_replay_has_no_gaps() -> None:
    rows = rows_of((0, 10), (60, 10))
    found = {s: replay_ms(rows, at(s)) for s in (-5, 0, 4.5, 10, 30, 60, 61.25, 70, 99)}
    assert found == {
        -5: 0, 0: 0, 4.5: 4500, 10: 10_000, 30: 10_000, 60: 10_000, 61.25: 11_250, 70: 20_000,
        99: 20_000,
    }  # fmt: skip


def test_replay_that_was_cut_begins_later() -> None:
    rows = rows_of((0, 10), (60, 10))[4:]
    assert [replay_ms(rows, at(s)) for s in (2, 4, 9, 60)] == [0, 0, 5000, 6000]


@settings(deadline=None)
@given(rows=RUNS, seconds=st.lists(st.floats(-20, 600), min_size=2, max_size=8))
def test_later_moments_lie_later_in_the_replay(
    rows: list[SegmentRow], seconds: list[float]
) -> None:
    places = [replay_ms(rows, at(one)) for one in sorted(seconds)]
    assert places == sorted(places)
    assert 0 <= places[0] <= places[-1] <= len(rows) * 1000


@settings(deadline=None)
@given(rows=RUNS, seconds=st.lists(st.floats(-20, 600), min_size=1, max_size=12))
def test_chapters_fill_the_replay_from_its_first_second(
    rows: list[SegmentRow], seconds: list[float]
) -> None:
    found = chapters_of([Moment(at(one), "Title") for one in seconds], rows, language="en")
    if min(seconds) >= 0 and not found:
        assert replay_ms(rows, at(min(seconds))) == len(rows) * 1000
    if not found:
        return
    assert (found[0][0], found[-1][1]) == (0, len(rows) * 1000)
    assert all(before[1] == after[0] for before, after in pairwise(found))
    assert all(start < end and text for start, end, text in found)


@given(rows=RUNS, seconds=st.floats(0, 600))
def test_place_of_what_was_filmed_is_where_its_segment_plays(
    rows: list[SegmentRow], seconds: float
) -> None:
    row = rows[int(seconds) % len(rows)]
    assert replay_ms(rows, row.program_at) == row.sequence * 1000
    half = row.program_at + timedelta(milliseconds=500)
    assert replay_ms(rows, half) == row.sequence * 1000 + 500


def test_untitled_marks_become_numbered_parts_in_the_language_of_the_talk() -> None:
    rows, marks = rows_of((0, 60)), [Moment(at(20)), Moment(at(40), "Questions")]
    assert chapters_of(marks, rows, language="en") == [
        (0, 20_000, "Part 1"), (20_000, 40_000, "Part 2"), (40_000, 60_000, "Questions"),
    ]  # fmt: skip
    assert (
        chapters_of(marks, rows, language="zh-Hans")[1][2] == "第 2 部分" == part_name(2, "zh-Hans")
    )


def test_key_that_was_pressed_twice_makes_one_chapter() -> None:
    marks = [Moment(at(20)), Moment(at(20.4), "Breathing"), Moment(at(0.2), "Welcome")]
    assert chapters_of(marks, rows_of((0, 60)), language="en") == [
        (0, 20_000, "Welcome"), (20_000, 60_000, "Breathing"),
    ]  # fmt: skip


def test_marks_of_what_is_not_shown_make_no_chapter() -> None:
    assert chapters_of([Moment(at(90))], rows_of((0, 60)), language="en") == []
    assert chapters_of([], rows_of((0, 60)), language="en") == []
    assert chapters_of([Moment(at(1))], [], language="en") == []


def test_moment_is_kept_within_the_broadcast() -> None:
    found = [bounded(at(s), opened_at=at(0), until=at(60)) for s in (-9, 30, 99)]
    assert found == [at(0), at(30), at(60)]


SPANS = [Span(at(0), timedelta(seconds=10)), Span(at(60), timedelta(seconds=10))]


def test_chapters_so_far_are_those_that_the_replay_would_have() -> None:
    rows, marks = rows_of((0, 10), (60, 10)), [Moment(at(62), "What helps"), Moment(at(4.2))]
    found = so_far(marks, SPANS, language="en")
    assert [(one.second, one.title) for one in found] == [
        (0, "Part 1"), (4, "Part 2"), (12, "What helps"),
    ]  # fmt: skip
    replay = chapters_of(marks, rows, language="en")
    assert [(start // 1000, title) for start, _end, title in replay] == [
        (one.second, one.title) for one in found
    ]
    assert [one.at for one in found] == [at(0), at(4.2), at(62)]


def test_without_a_mark_there_are_no_chapters_so_far() -> None:
    assert so_far([], SPANS, language="en") == []


def test_what_is_on_its_way_lies_behind_what_has_arrived() -> None:
    places = {seconds: sent_ms(SPANS, at(seconds)) for seconds in (-5, 9, 30, 60, 75)}
    assert places == {-5: 0, 9: 9_000, 30: 10_000, 60: 10_000, 75: 25_000}


def test_the_newest_chapters_are_told_when_there_are_many() -> None:
    marks = [Moment(at(2 * number), f"Title {number}") for number in range(100)]
    found = so_far(marks, [Span(at(0), timedelta(seconds=300))], language="en")
    assert [one.title for one in found] == [f"Title {n}" for n in range(100 - MOST_TOLD, 100)]


@settings(deadline=None)
@given(rows=RUNS, seconds=st.floats(0, 600))
def test_the_clock_of_what_is_live_is_that_of_its_replay(
    rows: list[SegmentRow], seconds: float
) -> None:
    runs: dict[int, list[SegmentRow]] = {}
    for row in rows:
        runs.setdefault(row.run_number, []).append(row)
    spans = [
        Span(run[0].program_at, timedelta(microseconds=sum(row.duration_us for row in run)))
        for run in runs.values()
    ]
    if at(seconds) < spans[-1].begins + spans[-1].length:
        assert sent_ms(spans, at(seconds)) == replay_ms(rows, at(seconds))
