"""What a topic's page says, and whether a clinician has checked it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the field, and what it means in plain words."""

    term: str
    meaning: str


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """A question that people ask, with its answer in paragraphs."""

    question: str
    answer: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Where it can be read; ``url`` is http or https."""

    title: str
    publisher: str
    url: str


@dataclass(frozen=True, slots=True)
class TopicWords:
    """Everything a topic's page says in one language; ``introduction`` in paragraphs."""

    introduction: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    questions: tuple[AnsweredQuestion, ...] = ()
    seek_help: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    start: tuple[str, ...] = ()
    """Ids of livestreams to begin with, in order."""


class ReviewState(StrEnum):
    """``draft`` until a named clinician signs; ``overdue`` when the next review is late."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    OVERDUE = "overdue"


class Reviewed(Protocol):
    """What says whether words were checked: a row of a topic, or a view."""

    @property
    def reviewed_by(self) -> str: ...  # noqa: D102
    @property
    def reviewed_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def review_due_at(self) -> datetime | None: ...  # noqa: D102


def review_state(topic: Reviewed, now: datetime) -> ReviewState:
    """Tell how far the words of a topic have been checked; one without a due date stays checked."""
    if not topic.reviewed_by or topic.reviewed_at is None:
        return ReviewState.DRAFT
    if topic.review_due_at is not None and topic.review_due_at <= now:
        return ReviewState.OVERDUE
    return ReviewState.REVIEWED


def words_in(words: Mapping[str, Any], language: str) -> tuple[str, TopicWords] | None:
    """Return the words in ``language``, else in another there is, with the tag of what it is.

    None when there are none in any language.
    """
    for tag in (language, *words):
        read = read_words(words.get(tag) or {})
        if read != TopicWords():
            return tag, read
    return None


def read_words(content: Mapping[str, Any]) -> TopicWords:
    """Read the words of one language as they are stored (see ``Topic.words``).

    Entries without text, and sources whose address is not of the web, are left out: a page has to
    be drawn whatever an editor stored.
    """
    return TopicWords(
        introduction=paragraphs(_text(content, "introduction")),
        terms=tuple(
            Term(_text(it, "term"), _text(it, "meaning"))
            for it in _entries(content, "terms", "term", "meaning")
        ),
        questions=tuple(
            AnsweredQuestion(_text(it, "question"), paragraphs(_text(it, "answer")))
            for it in _entries(content, "questions", "question", "answer")
        ),
        seek_help=tuple(
            it.strip()
            for it in content.get("seek_help") or ()
            if isinstance(it, str) and it.strip()
        ),
        sources=tuple(
            Source(_text(it, "title"), _text(it, "publisher"), _text(it, "url"))
            for it in _entries(content, "sources", "title", "url")
            if urlsplit(_text(it, "url")).scheme in {"http", "https"}
        ),
        start=tuple(it for it in content.get("start") or () if isinstance(it, str) and it),
    )


def paragraphs(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a text, which empty lines part."""
    return tuple(part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip())


def _entries(content: Mapping[str, Any], name: str, *needed: str) -> Iterable[Mapping[str, Any]]:
    found = content.get(name) or ()
    return (
        it for it in found if isinstance(it, Mapping) and all(_text(it, field) for field in needed)
    )


def _text(entry: Mapping[str, Any], name: str) -> str:
    found = entry.get(name)
    return found.strip() if isinstance(found, str) else ""
