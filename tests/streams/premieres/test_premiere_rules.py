from datetime import UTC, datetime, timedelta

import pytest

from streams.premieres.rules import Fit, Slot, fit_of

pytestmark = pytest.mark.unit

START = datetime(2026, 3, 10, 20, 0, tzinfo=UTC)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


@pytest.mark.parametrize(
    ("length", "next_after", "expected"),
    [
        (45, None, Fit.FITS),
        (46, None, Fit.FITS),
        (44, None, Fit.FITS),
        (46.1, None, Fit.LONGER),
        (30, None, Fit.SHORTER),
        (70, 75, Fit.LONGER),
        (75.1, 75, Fit.COLLIDES),
        (45.5, 45, Fit.COLLIDES),
        (45, 45, Fit.FITS),
    ],
)
def test_fit_of_a_talk_in_45_minutes(
    length: float, next_after: float | None, expected: Fit
) -> None:
    next_at = None if next_after is None else START + minutes(next_after)
    assert fit_of(minutes(length), Slot(START, START + minutes(45), next_at)) is expected
