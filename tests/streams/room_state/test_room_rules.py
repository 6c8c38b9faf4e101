"""Which questions stand in the state, in which order, and what is said of them."""

from datetime import UTC, datetime, timedelta

import pytest

from streams.questions.enums import QuestionState as S
from streams.questions.queries import ShownQuestion
from streams.room_state.rules import (
    FRESH,
    MOST,
    chosen,
    in_order,
    newest_first,
    place_in,
    question_object,
)

BEGAN = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)


def question(number: int, *, state: str = S.APPROVED, votes: int = 0) -> ShownQuestion:
    return ShownQuestion(
        id=str(number),
        code=number,
        text="Why?",
        language="en",
        state=state,
        votes=votes,
        reply="",
        shown_at=BEGAN + timedelta(minutes=number),
        on_air_at=None,
        answered_at=None,
    )


def test_what_is_on_air_comes_first_and_what_was_answered_last() -> None:
    some = [
        question(1, votes=2),
        question(2, state=S.ANSWERED, votes=90),
        question(3, votes=40),
        question(4, votes=2),
        question(5, state=S.ON_AIR),
    ]
    assert [one.id for one in in_order(some)] == ["5", "3", "4", "1", "2"]
    assert [one.id for one in newest_first(some)] == ["5", "4", "3", "2", "1"]


def test_the_state_has_the_most_wanted_and_the_newest_and_no_more() -> None:
    many = [question(number, votes=500 - number) for number in range(500)]
    kept = [int(one.id) for one in chosen(many)]
    assert kept == [*range(MOST - FRESH), *range(500 - FRESH, 500)]


def test_a_question_tells_its_name_in_both_languages_and_nothing_of_its_asker() -> None:
    told = question_object(question(3))
    assert set(told) == {"id", "name", "text", "language", "state", "votes", "shown_at"}
    assert set(told["name"]) == {"en", "zh-Hans"}


@pytest.mark.parametrize(
    ("minute", "place"),
    [
        (-1, (True, None)),
        (0, (False, None)),
        (10, (True, 1)),
        (20, (False, None)),
        (30, (True, None)),
    ],
)
def test_a_moment_that_was_cut_off_is_gone_and_one_outside_the_talk_has_no_place(
    minute: int, place: tuple[bool, int | None]
) -> None:
    at = [BEGAN + timedelta(minutes=number) for number in (5, 15, 0, 25)]
    found = place_in(
        BEGAN + timedelta(minutes=minute),
        begins=at[0],
        ends=at[1],
        opened=at[2],
        over=at[3],
        on_clock=lambda _: 1,
    )
    assert found == place
