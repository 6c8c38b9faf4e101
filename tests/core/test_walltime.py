"""Wall times and moments: by example, and in every zone at every change of ten years."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from core.walltime import (
    Change,
    RepeatedTime,
    SkippedTime,
    changes,
    data_version,
    moment_of,
    readings,
    wall_of,
)
from tests.fakes.zone_files import SINCE, UNTIL, ZONES, Written, changes_in_file

pytestmark = pytest.mark.unit

PARTS = 8
"""So many pieces of the list of zones: other processors can take some."""
STEP = timedelta(minutes=5)
AROUND = timedelta(hours=3)
HALF = timedelta(minutes=30)
WEEK = timedelta(weeks=1)


def expected_readings(wall: datetime, change: Written) -> tuple[datetime, ...]:
    """Return the moments of a wall time near a change: by the old offset before it, or the new."""
    before, after = ((wall - offset).replace(tzinfo=UTC) for offset in (change.old, change.new))
    return (before,) * (before < change.at) + (after,) * (after >= change.at)


def walls_around(change: Written) -> list[datetime]:
    """Return every start on the grid that clocks could show around a change."""
    first = (change.at + min(change.old, change.new) - AROUND).replace(tzinfo=None)
    last = (change.at + max(change.old, change.new) + AROUND).replace(tzinfo=None)
    first -= timedelta(minutes=first.minute % 5, seconds=first.second)
    return [first + step * STEP for step in range((last - first) // STEP)]


@pytest.mark.parametrize("part", range(PARTS))
def test_every_zone_and_every_change_reads_as_the_files_say(part: int) -> None:
    for zone in ZONES[part::PARTS]:
        written = changes_in_file(zone)
        found = list(changes(zone, SINCE, UNTIL))
        assert found == [Change(*one) for one in written], zone
        for change in written:
            check_change(zone, change)


def check_change(zone: str, change: Written) -> None:
    for wall in walls_around(change):
        expected = expected_readings(wall, change)
        assert readings(wall, zone) == expected, (zone, wall)
        for fold, moment in enumerate(expected):
            assert wall_of(moment, zone) == (wall, fold), (zone, wall)
        if len(expected) == 1:
            assert moment_of(wall, zone) == expected[0]
        elif expected:
            check_repeated(zone, wall, expected)
        else:
            check_skipped(zone, wall, change)


def check_repeated(zone: str, wall: datetime, expected: tuple[datetime, ...]) -> None:
    with pytest.raises(RepeatedTime) as asked:
        moment_of(wall, zone)
    assert (asked.value.first, asked.value.second) == expected
    assert tuple(moment_of(wall, zone, fold) for fold in (0, 1)) == expected


def check_skipped(zone: str, wall: datetime, change: Written) -> None:
    with pytest.raises(SkippedTime) as refused:
        moment_of(wall, zone, 0)
    before, after = refused.value.before, refused.value.after
    assert before < change.at <= after, (zone, wall)
    assert change.at - before <= STEP, (zone, wall)
    assert after - change.at < STEP, (zone, wall)
    assert not [at for at in (before, after) if at.minute % 5 or at.second], (zone, wall)


@pytest.mark.parametrize("part", range(PARTS))
def test_weekly_wall_times_are_kept_over_every_change(part: int) -> None:
    for zone in ZONES[part::PARTS]:
        for change in changes_in_file(zone):
            local = (change.at + change.old).replace(tzinfo=None)
            for hour in (-25, -1, 1, 25):
                check_weeks(zone, local + timedelta(hours=hour))


def check_weeks(zone: str, wall: datetime) -> None:
    for week in range(-2, 3):
        meant = wall + week * WEEK
        for moment in readings(meant, zone):
            # Read back by the standard library alone
            assert moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0) == meant


def test_the_years_hold_every_odd_kind_of_change() -> None:
    sizes = {change.new - change.old for zone in ZONES for change in changes_in_file(zone)}
    assert sizes == {timedelta(minutes=sign * size) for size in (30, 60, 120) for sign in (1, -1)}
    odd = {zone for zone in ZONES if any(c.old % HALF for c in changes_in_file(zone))}
    assert "Pacific/Chatham" in odd


@settings(deadline=None)
@given(
    some.sampled_from(ZONES),
    some.datetimes(
        datetime.fromisoformat("2026-01-01T00:00"), datetime.fromisoformat("2036-12-31T00:00")
    ),
)
def test_moment_and_wall_time_are_each_others_inverse(zone: str, naive: datetime) -> None:
    moment = naive.replace(microsecond=0, tzinfo=UTC)
    wall, fold = wall_of(moment, zone)
    assert moment_of(wall, zone, fold) == moment


def test_lord_howe_goes_forward_by_half_an_hour() -> None:
    with pytest.raises(SkippedTime) as refused:
        moment_of(datetime.fromisoformat("2026-10-04T02:15"), "Australia/Lord_Howe")
    around = [
        wall_of(at, "Australia/Lord_Howe")[0].time().isoformat("minutes")
        for at in (refused.value.before, refused.value.after)
    ]
    assert around == ["01:55", "02:30"]


def test_a_day_that_was_left_out_is_a_gap() -> None:
    with pytest.raises(SkippedTime) as refused:
        moment_of(datetime.fromisoformat("2011-12-30T12:00"), "Pacific/Apia")
    assert wall_of(refused.value.before, "Pacific/Apia")[0] == datetime.fromisoformat(
        "2011-12-29T23:55"
    )
    assert wall_of(refused.value.after, "Pacific/Apia")[0] == datetime.fromisoformat(
        "2011-12-31T00:00"
    )


def test_a_gap_off_the_grid_names_starts_on_the_grid() -> None:
    """Liberia went forward by 44:30 in 1972; the standard library agrees with nobody's grid."""
    with pytest.raises(SkippedTime) as refused:
        moment_of(datetime.fromisoformat("1972-01-07T00:20"), "Africa/Monrovia")
    at = datetime(1972, 1, 7, 0, 44, 30, tzinfo=UTC)
    assert (refused.value.before, refused.value.after) == (
        at.replace(minute=40, second=0),
        at.replace(minute=45, second=0),
    )


def test_zones_are_those_of_the_package_that_names_its_version() -> None:
    assert data_version()[:2] == "20"
    assert len(ZONES) > 550
