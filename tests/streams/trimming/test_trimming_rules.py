from datetime import UTC, datetime, timedelta

import pytest

from core.errors import FieldError, InvalidInput
from media.hls import SegmentRow
from media.window import UNCUT
from streams.trimming.rules import (
    BACKWARDS,
    END,
    NEGATIVE,
    START,
    TOO_LATE,
    TOO_SHORT,
    seconds_of,
    wanted_cut,
)

pytestmark = pytest.mark.unit
NOW = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)
ROWS = [
    SegmentRow(n, 0, 1_000_000, NOW + timedelta(seconds=n), f"0-{n}.m4s", "0-init.mp4")
    for n in range(60)
]


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("1:12", 72), ("01:12", 72), ("72", 72), ("1:02:05", 3725), ("0:05.5", 5.5), (" 0:30 ", 30),
        ("0\N{FULLWIDTH COLON}30", 30), ("", None), ("72,5", 72.5),
    ],
)  # fmt: skip
def test_typed_times(typed: str, seconds: float | None) -> None:
    assert seconds_of(typed) == seconds


@pytest.mark.parametrize("typed", ["soon", "1:75", "-1", "1:2:3:4", "1e3"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        seconds_of(typed)


@pytest.mark.parametrize(
    ("start", "end", "fault"),
    [
        (-1, None, FieldError(START, NEGATIVE)),
        (61, None, FieldError(START, TOO_LATE)),
        (None, 70, FieldError(END, TOO_LATE)),
        (30, 20, FieldError(END, BACKWARDS)),
        (30, 39, FieldError(END, TOO_SHORT)),
    ],
)
def test_wish_that_makes_no_sense_is_refused_by_its_field(
    start: float | None, end: float | None, fault: FieldError
) -> None:
    with pytest.raises(InvalidInput) as refused:
        wanted_cut(ROWS, start=start, end=end, cut=UNCUT)
    assert refused.value.errors == (fault,)


def test_ten_seconds_may_remain() -> None:
    found = wanted_cut(ROWS, start=30, end=40, cut=UNCUT)
    assert (found.start_us, found.left_us, found.end_us) == (30_000_000, 10_000_000, 20_000_000)
    assert wanted_cut(ROWS, start=None, end=60.4, cut=UNCUT).is_empty
