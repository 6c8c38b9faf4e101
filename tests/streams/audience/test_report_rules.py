"""Reports: nothing of a group that is too small leaks, and what is told is right."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.audience.rules.counting import Minute
from streams.audience.rules.drawing import HEIGHT, WIDTH, bars_of
from streams.audience.rules.reports import Breaks, Point, Report, breaks_between, make_report

pytestmark = pytest.mark.unit

START = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)
LEAST = st.sampled_from([10, 20])
CURVES = st.lists(st.integers(0, 60) | st.integers(0, 30_000), max_size=130)


def report(curve: list[int], least: int = 10, *, began: int = 0, over: int = 0) -> Report:
    """Return the report of so many viewers in each minute; nobody is no row, as in the table."""
    minutes = [
        Minute(START + timedelta(minutes=place), viewers, 1)
        for place, viewers in enumerate(curve)
        if viewers
    ]
    ends = START + timedelta(minutes=len(curve), seconds=over)
    began_at = START + timedelta(seconds=began)
    return make_report(minutes, began_at=began_at, ended_at=ends, least=least)


@given(CURVES, LEAST, st.data())
def test_two_audiences_that_differ_in_small_groups_alone_have_one_report(
    curve: list[int], least: int, data: st.DataObject
) -> None:
    other = [
        data.draw(st.integers(0, least - 1)) if viewers < least else viewers for viewers in curve
    ]
    assert report(curve, least) == report(other, least)


@given(CURVES, LEAST)
def test_no_figure_is_below_the_least_or_exact(curve: list[int], least: int) -> None:
    made = report(curve, least)
    figures = [made.peak, made.average, *(point.viewers for point in made.points)]
    told = [figure for figure in figures if figure is not None]
    assert all(figure >= least and figure % 5 == 0 for figure in told)
    if max(curve, default=0) < least:
        assert (told, made.watched_minutes) == ([], None)


@given(CURVES, LEAST)
def test_one_person_more_or_less_moves_no_figure_by_one(curve: list[int], least: int) -> None:
    one, other = report(curve, least), report([viewers + 1 for viewers in curve], least)
    for before, after in zip(one.points, other.points, strict=True):
        if before.viewers is not None and after.viewers is not None:
            assert abs(after.viewers - before.viewers) != 1


@given(CURVES)
def test_the_curve_stands_for_every_minute_and_is_short_enough(curve: list[int]) -> None:
    made = report(curve)
    assert sum(point.minutes for point in made.points) == made.minutes == len(curve)
    assert len(made.points) <= 48
    assert made.peak == max((one.viewers for one in made.points if one.viewers), default=None)


def test_a_report_tells_peak_average_and_the_whole() -> None:
    assert report([0, 12, 43, 9, 31]) == Report(
        least=10,
        minutes=5,
        points=(
            Point(0, 1, None),
            Point(1, 1, 10),
            Point(2, 1, 45),
            Point(3, 1, None),
            Point(4, 1, 30),
        ),
        peak=45,
        average=15,  # 85 over five minutes, though 95 were counted
        watched_minutes=85,
    )


def test_minutes_that_were_not_live_from_end_to_end_are_left_out() -> None:
    made = report([50, 60, 70], began=20, over=40)
    assert [point.viewers for point in made.points] == [60, 70]
    assert report([], over=50) == Report(10, 0, (), None, None, None)


def test_long_talks_are_drawn_in_steps_by_their_highest_minute() -> None:
    made = report([5, 50] * 30)
    assert set(made.points) == {Point(start, 2, 50) for start in range(0, 60, 2)}


@given(CURVES.filter(bool))
def test_bars_fill_the_field_and_draw_small_groups_alike(curve: list[int]) -> None:
    made = report(curve)
    bars = bars_of(made.points, top=made.peak or made.least, least=made.least)
    assert all(0 <= bar.y <= HEIGHT and bar.height > 0 for bar in bars)
    assert bars[-1].x + bars[-1].width == pytest.approx(WIDTH, abs=0.2)
    assert len({bar.height for bar in bars if bar.is_few}) <= 1


def test_breaks_are_what_lies_between_runs() -> None:
    second = timedelta(seconds=1)
    spans = [(START, 60 * second), (START + 75 * second, 30 * second)]
    assert breaks_between(spans) == Breaks(1, 15 * second)
    assert breaks_between([(START, second), (START, second)]) == Breaks(1, 0 * second)
    assert breaks_between([]) == Breaks(0, 0 * second)
