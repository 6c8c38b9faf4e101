"""Falling behind: less than a second of media in a second, while media waits."""

import pytest

from media.pace import BEHIND_SECONDS, Pace

pytestmark = pytest.mark.unit

LATER = BEHIND_SECONDS + 0.1


@pytest.mark.parametrize(
    ("made_us", "behind"), [(0, True), (4_000_000, True), (5_200_000, False), (60_000_000, False)]
)
def test_what_is_made_is_compared_with_the_time_it_took(made_us: int, *, behind: bool) -> None:
    pace = Pace()
    pace.reached(7_000_000)
    assert not pace.is_behind(100.0, waits=True)
    pace.reached(7_000_000 + made_us)
    assert pace.is_behind(100.0 + LATER, waits=True) is behind


def test_a_moment_is_no_verdict() -> None:
    pace = Pace()
    assert not pace.is_behind(100.0, waits=True)
    assert not pace.is_behind(100.0 + BEHIND_SECONDS - 0.1, waits=True)


def test_a_feed_that_pauses_is_not_late() -> None:
    pace = Pace()
    assert not pace.is_behind(100.0, waits=True)
    assert not pace.is_behind(103.0, waits=False)
    assert not pace.is_behind(103.0 + BEHIND_SECONDS - 1, waits=True)
    assert pace.is_behind(103.0 + BEHIND_SECONDS - 1 + LATER, waits=True)
