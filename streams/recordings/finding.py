"""Words looked for in a transcript. Pure; ``web/frontend/src/replay/finding.ts`` is its twin."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

LONGEST: Final = 80  # characters that are looked for
SHORTEST_WORD: Final = 2  # single letters of a phrase that is nowhere would mark everything


class Piece(NamedTuple):
    """A part of a line; ``is_found`` where it is what was looked for."""

    text: str
    is_found: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """What is looked for, and where it stands; ``wanted`` is empty when nothing is."""

    wanted: str = ""
    pattern: re.Pattern[str] | None = None
    count: int = 0
    """In how many lines it stands."""

    def pieces(self, text: str) -> list[Piece]:
        """Cut a line so that what was found can be marked."""
        if self.pattern is None:
            return [Piece(text, is_found=False)]
        cut = enumerate(self.pattern.split(text))  # what the pattern caught stands at odd places
        return [Piece(part, at % 2 == 1) for at, part in cut if part]


def find_words(wanted: str, texts: Iterable[str]) -> Finding:
    """Look for a phrase in lines or, where it stands in none, for any of its words."""
    words, lines = wanted[:LONGEST].split(), list(texts)
    if not words:
        return Finding()
    single = [word for word in words if len(word) >= SHORTEST_WORD]
    for pattern in (_phrase(words), _any(single or words)):
        count = sum(pattern.search(line) is not None for line in lines)
        if count:
            return Finding(" ".join(words), pattern, count)
    return Finding(" ".join(words))


def _phrase(words: list[str]) -> re.Pattern[str]:
    spaced = r"\s+".join(map(re.escape, words))
    return re.compile(f"({spaced})", re.IGNORECASE)


def _any(words: list[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"({'|'.join(map(re.escape, longest_first))})", re.IGNORECASE)
