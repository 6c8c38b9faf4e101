"""Words of topics: whatever is stored is read, and what nobody checked says so."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from catalog.topic_words import (
    AnsweredQuestion,
    ReviewState,
    Source,
    Term,
    TopicWords,
    read_words,
    review_state,
    words_in,
)

pytestmark = pytest.mark.unit

NOW = datetime(2026, 3, 10, tzinfo=UTC)
STORED = {
    "introduction": "First.\n\nSecond.\r\n\r\n\n",
    "terms": [{"term": "Mania", "meaning": "High mood."}, {"term": "Empty", "meaning": " "}],
    "questions": [
        {"question": "Why?", "answer": "So.\n\nAnd so."},
        {"question": "", "answer": "x"},
    ],
    "seek_help": ["When it lasts.", " "],
    "sources": [
        {"title": "Fact sheet", "publisher": "WHO", "url": "https://www.who.int/x"},
        {"title": "A script", "publisher": "", "url": "javascript:alert(1)"},
    ],
}
READ = TopicWords(
    introduction=("First.", "Second."),
    terms=(Term("Mania", "High mood."),),
    questions=(AnsweredQuestion("Why?", ("So.", "And so.")),),
    seek_help=("When it lasts.",),
    sources=(Source("Fact sheet", "WHO", "https://www.who.int/x"),),
)


@dataclass
class Row:
    reviewed_by: str = ""
    reviewed_at: datetime | None = None
    review_due_at: datetime | None = None


def test_words_are_read_without_what_is_empty_or_leads_nowhere() -> None:
    assert read_words(STORED) == READ


@pytest.mark.parametrize(
    "stored", [{}, {"terms": None}, {"terms": ["x", 1]}, {"introduction": 5, "seek_help": [1]}]
)
def test_words_of_another_shape_are_none(stored: dict[str, Any]) -> None:
    assert read_words(stored) == TopicWords()


@pytest.mark.parametrize(
    ("stored", "found"),
    [
        ({"en": STORED, "zh-Hans": {"introduction": "一"}}, ("zh-Hans", ("一",))),
        ({"en": STORED, "zh-Hans": {}}, ("en", ("First.", "Second."))),
        ({}, None),
    ],
)
def test_words_in_a_language_else_in_another(
    stored: dict[str, Any], found: tuple[str, tuple[str, ...]] | None
) -> None:
    said = words_in(stored, "zh-Hans")
    assert (said and (said[0], said[1].introduction)) == found


@pytest.mark.parametrize(
    ("row", "state"),
    [
        (Row(), ReviewState.DRAFT),
        (Row(reviewed_by="Dr. A"), ReviewState.DRAFT),
        (Row(reviewed_at=NOW), ReviewState.DRAFT),
        (Row("Dr. A", NOW), ReviewState.REVIEWED),
        (Row("Dr. A", NOW, NOW + timedelta(seconds=1)), ReviewState.REVIEWED),
        (Row("Dr. A", NOW, NOW), ReviewState.OVERDUE),
    ],
)
def test_review_state(row: Row, state: ReviewState) -> None:
    assert review_state(row, NOW) is state
