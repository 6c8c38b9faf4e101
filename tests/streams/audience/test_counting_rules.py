"""From beats to a number: the sample keeps to its budget, and a figure is neither old nor exact."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.enums import RiskLevel
from streams.audience.rules.counting import (
    BUDGET,
    LUCK,
    PEOPLE_BEHIND_ADDRESS,
    Minute,
    estimate,
    most_beats,
    sample_after,
    sample_at,
)
from streams.audience.rules.telling import least_of, told, told_or_few

pytestmark = pytest.mark.unit

NOW = datetime(2026, 3, 10, 18, 30, 20, tzinfo=UTC)
THIS = NOW.replace(second=0)


def minute(ago: int, beats: int, sample: int = 1) -> Minute:
    return Minute(THIS - timedelta(minutes=ago), beats, sample)


def test_nobody_knows_before_the_first_minute_is_full() -> None:
    assert [estimate([], NOW), estimate([minute(0, 9)], NOW)] == [None, None]


def test_the_last_full_minute_counts_and_not_the_running_one() -> None:
    assert estimate([minute(0, 3), minute(1, 40), minute(2, 90)], NOW) == 40


def test_a_sampled_count_is_the_mean_of_two_minutes_that_follow_each_other() -> None:
    assert estimate([minute(1, 150, 4), minute(2, 170, 4)], NOW) == 640
    assert estimate([minute(1, 150, 4), minute(3, 170, 4)], NOW) == 600


def test_the_sample_stays_the_same_within_a_minute() -> None:
    assert sample_at([minute(0, 900), minute(1, 10)], NOW) == 1
    assert sample_at([minute(1, 900)], NOW) == 8
    assert sample_at([], NOW) == 1


@given(st.integers(0, 200_000))
def test_beats_come_to_their_budget_and_stay_there(viewers: int) -> None:
    sample = 1
    for _step in range(3):
        sample = sample_after(Minute(THIS, viewers // sample, sample))
    assert viewers // sample <= BUDGET
    assert sample == 1 or viewers / sample > BUDGET / 4 - 1
    assert sample_after(Minute(THIS, viewers // sample, sample)) == sample


@given(st.integers(0, 15).map(lambda power: 2**power))
def test_one_address_adds_no_more_than_a_large_house(sample: int) -> None:
    assert most_beats(sample) * sample <= PEOPLE_BEHIND_ADDRESS + (LUCK + 1) * sample


def test_employees_of_a_hospital_behind_one_address_are_all_counted() -> None:
    assert most_beats(1) >= 300
    assert [most_beats(sample) for sample in (2, 64)] == [304, 14]  # 150 and 5 on average


@pytest.mark.parametrize(
    ("people", "said"),
    [
        (None, None),
        *((0, "few"), (9, "few")),
        *((10, 10), (12, 10), (13, 15), (97, 95), (99, 100)),
        *((104, 100), (105, 110), (998, 1000), (1234, 1200)),
    ],
)
def test_numbers_are_told_from_ten_on_and_never_exactly(
    people: int | None, said: int | str | None
) -> None:
    assert told_or_few(people, 10) == said


def test_topics_of_raised_risk_need_twenty() -> None:
    risky = least_of([RiskLevel.ORDINARY, RiskLevel.RAISED])
    assert [told(people, risky) for people in (19, 20, 22, 23)] == [None, 20, 20, 25]
    assert least_of([RiskLevel.ORDINARY]) == least_of([]) == 10
