"""The words of the topic pages have the shape that was agreed, in both languages."""

import re
from typing import Any

import pytest

from catalog.demo.content import ExampleTopic, example_topics
from core.words import CHINESE, ENGLISH, LANGUAGES

pytestmark = pytest.mark.unit

PUBLISHERS = re.compile(
    r"who\.int|nimh\.nih\.gov|nhs\.uk|nice\.org\.uk|nhc\.gov\.cn|gov\.cn|cdc\.gov", re.ASCII
)
CHARACTERS = re.compile(r"[\u4e00-\u9fff]")


def words_of(topic: ExampleTopic, language: str) -> dict[str, Any]:
    words: dict[str, Any] = topic.words[language]
    return words


def test_there_are_sixteen_topics_in_an_order() -> None:
    topics = example_topics()
    assert [topic.position for topic in topics] == list(range(1, len(topics) + 1))
    assert len(topics) >= 16
    assert {topic.risk for topic in topics} == {"ordinary", "raised"}


@pytest.mark.parametrize("topic", example_topics(), ids=lambda topic: topic.slug)
def test_words_are_complete_in_both_languages(topic: ExampleTopic) -> None:
    assert set(topic.words) == set(topic.names) == set(topic.descriptions) == set(LANGUAGES)
    for language in LANGUAGES:
        words = words_of(topic, language)
        counts = [len(words[name]) for name in ("terms", "questions", "sources")]
        assert counts == [5, 5, 3]
        assert len(words["seek_help"]) >= 3
        assert all(term["term"] and term["meaning"] for term in words["terms"])
        assert all(one["question"] and one["answer"] for one in words["questions"])


@pytest.mark.parametrize("topic", example_topics(), ids=lambda topic: topic.slug)
def test_introductions_have_the_agreed_length(topic: ExampleTopic) -> None:
    english = words_of(topic, ENGLISH)["introduction"].split()
    chinese = CHARACTERS.findall(words_of(topic, CHINESE)["introduction"])
    assert 120 <= len(english) <= 180
    assert 200 <= len(chinese) <= 340


@pytest.mark.parametrize("topic", example_topics(), ids=lambda topic: topic.slug)
def test_sources_are_public_health_bodies_over_https(topic: ExampleTopic) -> None:
    urls = [one["url"] for tag in LANGUAGES for one in words_of(topic, tag)["sources"]]
    assert all(url.startswith("https://") and PUBLISHERS.search(url) for url in urls), urls
