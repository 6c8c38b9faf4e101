"""Clocks of encoders: small steps stay, jumps go, time never runs back far."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.feeds.steady import JUMP_MS, STEP_MS, SteadyClock

pytestmark = pytest.mark.unit

HOUR = 3_600_000


def placed(*moments: int) -> list[int]:
    clock = SteadyClock()
    return [clock.place(moment) for moment in moments]


def test_an_even_clock_is_left_alone() -> None:
    assert placed(0, 20, 40, 33, 60, 2_000) == [0, 20, 40, 33, 60, 2_000]


@pytest.mark.parametrize("jump", [HOUR, -HOUR, JUMP_MS + 40, -HOUR * 24])
def test_a_jump_is_one_step(jump: int) -> None:
    start = HOUR * 24
    clock = SteadyClock()
    moments = [start, start + 40, start + 80 + jump, start + 120 + jump]
    assert [clock.place(moment) for moment in moments] == [
        start,
        start + 40,
        start + 40 + STEP_MS,
        start + 40 + STEP_MS + 40,
    ]
    assert clock.jumps == 1


def test_a_pause_is_no_jump() -> None:
    clock = SteadyClock()
    assert [clock.place(moment) for moment in (0, JUMP_MS)] == [0, JUMP_MS]
    assert clock.jumps == 0


def test_a_clock_that_wraps_goes_on() -> None:
    last = 2**32 - 20
    assert placed(last, 20) == [last, (last + STEP_MS) % 2**32]


@given(st.lists(st.integers(0, 2**32 - 1), min_size=2, max_size=50))
def test_any_clock_becomes_steady(moments: list[int]) -> None:
    clock = SteadyClock()
    first, *rest = [clock.place(moment) for moment in moments]
    newest = first
    for moment in rest:
        away = (moment - newest) % 2**32
        assert min(away, 2**32 - away) <= JUMP_MS
        newest = moment if away < 2**31 else newest  # ahead of it, also past the end of its numbers
