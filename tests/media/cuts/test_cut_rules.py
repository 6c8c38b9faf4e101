from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.cuts.rules import choose_cut, clipped, may_undo, rejoined
from media.hls import SegmentRow
from media.window import UNCUT, Cut, window_of

pytestmark = pytest.mark.unit
NOW = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)
SECOND = 1_000_000
TENTH = timedelta(milliseconds=100)


def rows_of(*lengths_us: int) -> list[SegmentRow]:
    rows, at = [], NOW
    for number, length in enumerate(lengths_us):
        rows.append(SegmentRow(number, 0, length, at, f"0-{number}.m4s", "0-init.mp4"))
        at += timedelta(microseconds=length)
    return rows


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_cut_falls_on_the_nearest_boundaries_and_says_what_goes() -> None:
    found = choose_cut(rows_of(*[SECOND] * 30), start_us=4_400_000, end_us=25_600_000, cut=UNCUT)
    assert found.cut == Cut(at(4) + TENTH, at(26) - TENTH)
    assert (found.start_us, found.end_us, found.left_us) == (4 * SECOND, 4 * SECOND, 22 * SECOND)


def test_end_that_stays_keeps_its_line() -> None:
    before = Cut(at(-3), at(40))
    found = choose_cut(rows_of(*[SECOND] * 30), start_us=0, end_us=30 * SECOND, cut=before)
    assert (found.cut, found.is_empty) == (before, True)


@given(
    lengths=st.lists(st.integers(1, 5 * SECOND), min_size=1, max_size=40),
    wish=st.tuples(st.integers(0, 200 * SECOND), st.integers(0, 200 * SECOND)),
    beside_us=st.integers(-40_000, 40_000),
)
def test_what_is_shown_is_what_was_chosen(
    lengths: list[int], wish: tuple[int, int], beside_us: int
) -> None:
    rows = rows_of(*lengths)
    found = choose_cut(rows, start_us=min(wish), end_us=max(wish), cut=UNCUT)
    window = window_of(NOW, found.cut)
    shown = [row for row in rows if window.shows(row.program_at, row.ends_at)]
    assert sum(row.duration_us for row in shown) == found.left_us
    assert found.start_us + found.left_us + found.end_us == sum(lengths)
    aside = timedelta(microseconds=beside_us)
    sound = [row for row in rows if window.shows(row.program_at + aside, row.ends_at + aside)]
    if min(lengths) > 200_000:  # sound that is cut a little beside the picture is cut alike
        inside = [row.sequence for row in sound if 0 < row.sequence < len(rows) - 1]
        assert set(inside) <= {row.sequence for row in shown}


CUES = st.lists(st.tuples(st.integers(1, 9_000), st.integers(1, 9_000)), max_size=12).map(
    lambda pairs: [
        (sum(a + b for a, b in pairs[:n]), sum(a + b for a, b in pairs[:n]) + pair[0], f"cue {n}")
        for n, pair in enumerate(pairs)
    ]
)


@given(cues=CUES, offset_ms=st.integers(0, 60_000), length_ms=st.integers(1, 60_000))
def test_clipped_cues_lie_within_the_part(
    cues: list[tuple[int, int, str]], offset_ms: int, length_ms: int
) -> None:
    part = clipped(cues, offset_ms=offset_ms, length_ms=length_ms)
    assert all(0 <= start < end <= length_ms for start, end, _ in part)
    touched = [text for a, b, text in cues if a < offset_ms + length_ms and b > offset_ms]
    assert [text for _, _, text in part] == touched
    assert clipped(cues, offset_ms=0, length_ms=10**9) == cues


@given(cues=CUES, offset_ms=st.integers(0, 60_000), length_ms=st.integers(1, 60_000))
def test_part_that_was_not_edited_rejoins_to_the_same_texts(
    cues: list[tuple[int, int, str]], offset_ms: int, length_ms: int
) -> None:
    part = clipped(cues, offset_ms=offset_ms, length_ms=length_ms)
    whole = rejoined(cues, part, offset_ms=offset_ms, length_ms=length_ms)
    assert [one[0] for one in whole] == sorted(one[0] for one in whole)
    assert clipped(whole, offset_ms=offset_ms, length_ms=length_ms) == part


def test_undo_ends_after_a_day() -> None:
    day = timedelta(hours=24)
    assert not may_undo(None, NOW)
    assert may_undo(NOW, NOW + day - TENTH)
    assert not may_undo(NOW, NOW + day)
