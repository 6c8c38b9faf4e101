"""What a poll must be, and what may be told of its answers."""

import pytest

from core.errors import InvalidInput
from streams.polls.enums import PollState as P
from streams.polls.rules import FROM, Figures, PollDraft, checked, figures

YES_NO = ({"en": "Yes"}, {"en": "No"})


def test_poll_is_kept_without_what_is_empty() -> None:
    draft = PollDraft({"en": " Was  it clear? ", "zh-Hans": " "}, [*YES_NO, {"en": "\n"}])
    assert checked(draft) == PollDraft({"en": "Was it clear?"}, [{"en": "Yes"}, {"en": "No"}])


@pytest.mark.parametrize(
    ("texts", "choices", "field"),
    [
        ({"en": " "}, YES_NO, "question"),
        ({"en": "x" * 201}, YES_NO, "question"),
        ({"en": "Clear?"}, YES_NO[:1], "choices"),
        ({"en": "Clear?"}, (*YES_NO, {"en": "Yes "}), "choices"),
        ({"en": "Clear?"}, ({"en": "x" * 121}, {"en": "No"}), "choices"),
        ({"en": "Clear?"}, tuple({"en": str(number)} for number in range(7)), "choices"),
    ],
)
def test_poll_that_nobody_could_answer_is_refused(
    texts: dict[str, str], choices: tuple[dict[str, str], ...], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked(PollDraft(texts, choices))
    assert [one.field for one in refused.value.errors] == [field]


@pytest.mark.parametrize(
    ("counts", "least", "told"),
    [
        ((5, 4), 10, Figures("few", None)),
        ((12, 7), 20, Figures("few", None)),
        ((12, 0), 10, Figures(10, (100, "few"))),
        ((30, 18, 9), 10, Figures(55, (55, 30, "few"))),
        ((512, 488), 10, Figures(1000, (50, 50))),
    ],
)
def test_figures_never_tell_of_a_few_people(
    counts: tuple[int, ...], least: int, told: Figures
) -> None:
    assert figures(counts, least) == told


def test_what_was_released_stays_as_it_was_told() -> None:
    assert not any(P.RELEASED in before for before in FROM.values())
    assert P.CLOSED in FROM[P.OPEN]
    assert P.DRAFT not in FROM[P.RELEASED]
