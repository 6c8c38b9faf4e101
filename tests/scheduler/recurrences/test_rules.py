from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil import rrule
from hypothesis import given
from hypothesis import strategies as st

from core.walltime import changes
from scheduler.enums import Frequency
from scheduler.recurrences.rules import (
    Reading,
    Rule,
    Trouble,
    meant_wall,
    nth_weekday,
    nths_of,
    read_wall,
    rule_faults,
    walls,
)

pytestmark = pytest.mark.unit

FROM, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
at = datetime.fromisoformat
DAYS = (rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU)


def weekly(**changed: object) -> Rule:
    values: dict[str, object] = {
        "frequency": Frequency.WEEKLY,
        "every": 1,
        "weekday": 1,
        "nth": None,
        "clock": time(20),
        "timezone": "Europe/Berlin",
        "starts_on": date(2026, 3, 3),
        "times": 8,
    }
    return Rule(**{**values, **changed})  # type: ignore[arg-type]  # values of a test


@cache
def changing_zones() -> tuple[str, ...]:
    return tuple(
        name
        for name in sorted(available_timezones())
        if name != "localtime" and next(changes(name, FROM, UNTIL), None) is not None
    )


def test_weekly_over_two_years_is_what_dateutil_says_in_every_zone_that_changes() -> None:
    zones = changing_zones()
    shifted = []
    for name in zones:
        for clock in (time(2, 30), time(20)):
            for start in (date(2026, 1, 4), date(2027, 1, 3)):
                rule = weekly(timezone=name, weekday=6, clock=clock, starts_on=start, times=52)
                begin = datetime.combine(start, clock)
                assert list(walls(rule)) == list(rrule.rrule(rrule.WEEKLY, begin, count=52))
                shifted += [
                    (name, wall)
                    for wall in walls(rule)
                    if (moment := read_wall(wall, name, fold=0).moment) is not None
                    and moment.astimezone(ZoneInfo(name)).replace(tzinfo=None) != wall
                ]
    assert (len(zones) > 100, shifted) == (True, [])


@given(
    weekday=st.integers(0, 6),
    every=st.integers(1, 12),
    times=st.integers(1, 60),
    start=st.dates(date(2026, 1, 1), date(2030, 12, 31)),
)
def test_weeks_follow_each_other_as_dateutil_says(
    weekday: int, every: int, times: int, start: date
) -> None:
    rule = weekly(weekday=weekday, every=every, times=times, starts_on=start)
    found = walls(rule)
    expected = rrule.rrule(
        rrule.WEEKLY, found[0], interval=every, count=times, byweekday=DAYS[weekday]
    )
    assert list(found) == list(expected)
    assert timedelta(0) <= found[0].date() - start < timedelta(days=7)


@given(
    weekday=st.integers(0, 6),
    every=st.integers(1, 12),
    times=st.integers(1, 60),
    nth=st.sampled_from([1, 2, 3, 4, -1]),
    start=st.dates(date(2026, 1, 1), date(2030, 12, 31)),
)
def test_nth_weekdays_are_what_dateutil_says(
    weekday: int, every: int, times: int, nth: int, start: date
) -> None:
    rule = weekly(
        frequency=Frequency.MONTHLY,
        weekday=weekday,
        every=every,
        times=times,
        nth=nth,
        starts_on=start,
    )
    found = walls(rule)
    expected = rrule.rrule(
        rrule.MONTHLY, found[0], interval=every, count=times, byweekday=DAYS[weekday](nth)
    )
    first = rrule.rrule(
        rrule.MONTHLY, datetime.combine(start, time(20)), count=1, byweekday=DAYS[weekday](nth)
    )
    assert (list(found), found[0]) == (list(expected), first[0])


@given(day=st.dates(date(2026, 1, 1), date(2030, 12, 31)))
def test_a_day_is_found_again_by_each_of_its_places_in_the_month(day: date) -> None:
    places = nths_of(day)
    assert places
    assert {nth_weekday(day.year, day.month, day.weekday(), nth) for nth in places} == {day}


def test_a_skipped_time_has_the_two_nearest_starts() -> None:
    wall = at("2026-03-29T02:30")
    choices = (datetime(2026, 3, 29, 0, 55, tzinfo=UTC), datetime(2026, 3, 29, 1, 0, tzinfo=UTC))
    assert read_wall(wall, "Europe/Berlin") == Reading(wall, None, Trouble.SKIPPED, choices)
    assert read_wall(wall, "Europe/Berlin", fold=1).moment is None


def test_a_repeated_time_asks_until_somebody_chose() -> None:
    wall = at("2026-10-25T02:30")
    both = (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
    assert [read_wall(wall, "Europe/Berlin", fold) for fold in (None, 0, 1)] == [
        Reading(wall, moment, Trouble.TWICE, both) for moment in (None, *both)
    ]


def test_another_weekday_is_of_the_same_week_or_the_nth_of_the_same_month() -> None:
    original = at("2026-03-31T20:00")  # the last Tuesday of March
    by_week = weekly(weekday=3, clock=time(19, 30))
    by_month = weekly(frequency=Frequency.MONTHLY, nth=-1, weekday=3)
    assert (meant_wall(by_week, original), meant_wall(by_month, original)) == (
        at("2026-04-02T19:30"),
        at("2026-03-26T20:00"),
    )


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({}, []),
        ({"every": 0}, ["every"]),
        ({"every": 13, "times": 61}, ["every", "times"]),
        ({"times": 0}, ["times"]),
        ({"clock": time(20, 3)}, ["time"]),
        ({"clock": time(20, tzinfo=UTC)}, ["time"]),
        ({"timezone": "Berlin", "starts_on": date(2100, 1, 1)}, ["date", "timezone"]),
        ({"nth": 2}, ["nth"]),
        ({"frequency": Frequency.MONTHLY}, ["nth"]),
        ({"frequency": Frequency.MONTHLY, "nth": 5}, ["nth"]),
    ],
)
def test_a_rule_names_each_of_its_faults(changed: dict[str, object], fields: list[str]) -> None:
    assert [fault.field for fault in rule_faults(weekly(**changed))] == fields
