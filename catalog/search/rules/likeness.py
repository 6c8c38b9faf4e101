"""How much two livestreams are about the same. Pure."""

from dataclasses import dataclass
from typing import Final

FIRST_TOPIC: Final = 3.0
TOPIC: Final = 2.0
LANGUAGE: Final = 2.0
TITLE: Final = 4.0
OFTEN: Final = 4.0


@dataclass(frozen=True, slots=True)
class Likeness:
    """What counts of a livestream; words as they are indexed."""

    language: str
    first: str
    topics: frozenset[str]
    title: frozenset[str] = frozenset()
    often: frozenset[str] = frozenset()


def likeness(one: Likeness, other: Likeness) -> float:
    """Return how like they are: topics, the words of titles, and what is said often in both."""
    return (
        FIRST_TOPIC * (one.first == other.first)
        + TOPIC * len(one.topics & other.topics)
        + LANGUAGE * (one.language == other.language)
        + TITLE * _shared(one.title, other.title)
        + OFTEN * _shared(one.often, other.often)
    )


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the part of the words that both have, from 0 to 1 (Jaccard)."""
    both = len(one & other)
    return both / (len(one) + len(other) - both) if both else 0.0
