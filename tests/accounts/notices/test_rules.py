from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.notices import rules
from accounts.notices.kinds import KINDS

BERLIN = "Europe/Berlin"


def _local(zone: str, *parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)  # type: ignore[misc,arg-type]  # year, month, day, hour, minute


@pytest.mark.parametrize(
    ("hour", "allowed"),
    [
        ((2026, 3, 10, 8, 0), (2026, 3, 10, 8, 0)),
        ((2026, 3, 10, 20, 59), (2026, 3, 10, 20, 59)),
        ((2026, 3, 10, 21, 0), (2026, 3, 11, 8, 0)),
        ((2026, 3, 11, 0, 0), (2026, 3, 11, 8, 0)),
        ((2026, 3, 11, 7, 59), (2026, 3, 11, 8, 0)),
        ((2026, 3, 28, 22, 0), (2026, 3, 29, 8, 0)),  # the night has an hour less
        ((2026, 10, 24, 22, 0), (2026, 10, 25, 8, 0)),  # and here one more
    ],
)
def test_quiet_hours_end_at_eight_by_the_clock(
    hour: tuple[int, ...], allowed: tuple[int, ...]
) -> None:
    assert rules.allowed_at(_local(BERLIN, *hour), BERLIN) == _local(BERLIN, *allowed)


def test_quiet_hours_in_both_readings_of_a_repeated_hour() -> None:
    morning = _local(BERLIN, 2026, 10, 25, 8)
    for fold in (0, 1):
        assert rules.allowed_at(_local(BERLIN, 2026, 10, 25, 2, 30, fold=fold), BERLIN) == morning


ZONES = st.sampled_from(sorted(available_timezones()))
FIRST = datetime(2020, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 20 * 366 * 24 * 60).map(lambda number: FIRST + timedelta(minutes=number))


@given(MOMENTS, ZONES)
def test_allowed_moment_is_never_within_quiet_hours(moment: datetime, zone: str) -> None:
    allowed = rules.allowed_at(moment, zone)
    assert moment <= allowed < moment + timedelta(hours=13)
    assert 8 <= allowed.astimezone(ZoneInfo(zone)).hour < 21
    assert rules.allowed_at(allowed, zone) == allowed


@given(MOMENTS, ZONES)
def test_next_morning_is_after_now_and_the_day_began_before_it(moment: datetime, zone: str) -> None:
    morning = rules.next_morning(moment, zone)
    assert moment < morning <= moment + timedelta(hours=26)
    start = rules.start_of_day(moment, zone)
    assert start <= moment < start + timedelta(hours=26)


def test_day_that_begins_in_a_gap_begins_after_it() -> None:
    beirut = "Asia/Beirut"  # clocks go from 00:00 to 01:00
    start = rules.start_of_day(_local(beirut, 2026, 3, 29, 12), beirut)
    assert start == _local(beirut, 2026, 3, 29, 1)


def test_what_counts_is_what_a_viewer_is_sent_and_what_yields() -> None:
    counted = {name for name, kind in KINDS.items() if rules.counts(kind)}
    assert {"registered", "day_before", "changed", "replay_ready", "staff_proposal"} <= counted
    assert not counted & {"confirm_registration", "host_asked", "duty_changed"}


def test_attempts_wait_longer_and_end() -> None:
    now = datetime(2026, 3, 10, tzinfo=UTC)
    waits = [rules.next_attempt_at(attempts=number, now=now) - now for number in range(1, 8)]
    assert [wait.total_seconds() for wait in waits] == [30, 120, 600, 1800, 3600, 3600, 3600]
    assert [number for number in range(12) if rules.is_exhausted(number)] == [8, 9, 10, 11]


def test_pause_doubles_up_to_a_minute() -> None:
    pauses = [0.0]
    for _ in range(7):
        pauses.append(rules.pause_after(pauses[-1]))
    assert pauses == [0, 2, 4, 8, 16, 32, 60, 60]
