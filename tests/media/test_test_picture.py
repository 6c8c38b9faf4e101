"""The test picture: its clock can be read back by programs and by people."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.test_picture import (
    BITS,
    CODE_LEFT,
    CODE_TOP,
    DIGIT_TOP,
    HEIGHT,
    LAMP,
    LIGHT,
    SQUARE,
    WIDTH,
    frame_at,
    read_clock,
)

pytestmark = pytest.mark.unit

BEGAN = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)


def code_of(frame: bytes) -> list[int]:
    row = (CODE_TOP + SQUARE // 2) * WIDTH
    return [frame[row + CODE_LEFT + bit * SQUARE + SQUARE // 2] for bit in range(BITS)]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**12))
def test_programs_read_the_moment_back(milliseconds: int) -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    assert read_clock(code_of(frame_at(moment))) == milliseconds % 2**BITS


def test_a_frame_is_planar_420() -> None:
    frame = frame_at(BEGAN)
    assert len(frame) == WIDTH * HEIGHT * 3 // 2
    assert frame[146 * WIDTH + 540] == LAMP[0]
    quarter = WIDTH * HEIGHT // 4
    at = WIDTH * HEIGHT + 146 // 2 * (WIDTH // 2) + 540 // 2
    assert (frame[at], frame[at + quarter]) == LAMP[1:]


def test_the_clock_of_people_goes_on_by_the_second() -> None:
    def digits(moment: datetime) -> bytes:
        return frame_at(moment)[DIGIT_TOP * WIDTH : (DIGIT_TOP + 60) * WIDTH]

    assert digits(BEGAN) == digits(BEGAN + timedelta(milliseconds=900))
    assert digits(BEGAN) != digits(BEGAN + timedelta(seconds=1))
    assert LIGHT in digits(BEGAN)


def test_frames_do_not_share_their_memory() -> None:
    assert frame_at(BEGAN) == frame_at(BEGAN)
    assert frame_at(BEGAN) != frame_at(BEGAN + timedelta(milliseconds=1))
