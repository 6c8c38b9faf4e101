"""The signs of the language of patterns: where a clause begins and ends, and numbers."""

import pytest

from core.phrases import Entry, Phrasebook, Spelling

pytestmark = pytest.mark.unit


def is_found(pattern: str, text: str) -> bool:
    book = Phrasebook(
        spelling=Spelling({}, {}, frozenset()),
        entries=[Entry("it", "en", "high", "A pattern under test.", (pattern,))],
    )
    return bool(book.find(text))


@pytest.mark.parametrize("text", ["help me", "So. Help me!", "please, help me, now"])
def test_a_clause_alone_is_found_between_its_ends(text: str) -> None:
    assert is_found("^ help me $", text)


@pytest.mark.parametrize("text", ["they help me", "help me cook"])
def test_a_clause_with_more_around_it_is_not_the_clause_alone(text: str) -> None:
    assert not is_found("^ help me $", text)


@pytest.mark.parametrize("text", ["took 30 pills", "took 30mg pills"])
def test_a_number_is_figures(text: str) -> None:
    assert is_found("took # pills", text)


def test_a_word_is_no_number() -> None:
    assert not is_found("took # pills", "took my pills")
