from datetime import UTC, datetime, timedelta

import pytest

from scheduler.substitutes.rules import Wave, next_try, next_wave

START = datetime(2026, 3, 10, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ahead", "size", "minutes"),
    [
        (timedelta(days=5), 3, 12 * 60),
        (timedelta(days=1), 3, 12 * 60),
        (timedelta(hours=23), 5, 30),
        (timedelta(hours=1), 5, 30),
        (timedelta(minutes=59), 8, 3),
        (timedelta(minutes=30), 8, 3),
        (timedelta(minutes=7), 8, 2),  # until five minutes before the start
    ],
)
def test_waves_grow_and_windows_shrink_as_the_start_nears(
    ahead: timedelta, size: int, minutes: int
) -> None:
    now = START - ahead
    expected = Wave(size, now + timedelta(minutes=minutes))
    assert next_wave(starts_at=START, now=now) == expected


def test_nobody_is_asked_five_minutes_before_the_start() -> None:
    assert next_wave(starts_at=START, now=START - timedelta(minutes=5)) is None


def test_next_try_is_never_later_than_the_last_moment_to_ask() -> None:
    now = START - timedelta(minutes=8)
    assert next_try(starts_at=START, now=now) == START - timedelta(minutes=5)
