"""Which characters of a text are marked, and which lines of a transcript are shown. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from catalog.search.rules.asking import Asked, Term
from catalog.search.rules.folding import folded
from catalog.search.rules.words import is_chinese

LINES_SHOWN: Final = 3
SNIPPET: Final = 180
"""Characters of a description around what was found."""
LEAD: Final = 60
"""Characters shown before the first mark."""
_BEFORE: Final = r"(?<![^\W_])"
_AFTER: Final = r"(?![^\W_])"
_MORE: Final = r"[^\W_]*"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text that is marked or not."""

    text: str
    is_marked: bool = False


Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A line of a transcript in which it is said; ``second`` after the start of the replay."""

    second: int
    pieces: Pieces

    @property
    def wanted(self) -> str:
        """What is marked in it, as the search within the replay looks for it."""
        return " ".join(dict.fromkeys(piece.text for piece in self.pieces if piece.is_marked))

    @property
    def clock(self) -> str:
        """The second as a clock: 65 is ``1:05``, 3725 is ``1:02:05``."""
        minutes, seconds = divmod(self.second, 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def marks_of(asked: Asked, text: str) -> list[tuple[int, int, int]]:
    """Return (start, end, number of the term) of everything in a text that is asked for."""
    pattern = _pattern(asked)
    if pattern is None:
        return []
    found = pattern.finditer(folded(text))
    return [(one.start(), one.end(), (one.lastindex or 1) - 1) for one in found]


def marked(asked: Asked, text: str) -> Pieces:
    """Return the whole text in pieces."""
    return tuple(_pieces(text, marks_of(asked, text)))


def snippet(asked: Asked, text: str) -> Pieces:
    """Return the part of a text around the first thing asked for; nothing where there is none."""
    marks = marks_of(asked, text)
    if not marks:
        return ()
    start, end = _part(text, marks[0][0])
    inside = [(a - start, b - start, n) for a, b, n in marks if start <= a and b <= end]
    shown = text[start:end]
    before, after = "…" if start else "", "…" if end < len(text) else ""
    return (*((Piece(before),) if before else ()), *_pieces(shown, inside), Piece(after))


def said(asked: Asked, cues: Sequence[Sequence[object]]) -> tuple[Said, ...]:
    """Return the lines that say most of what is asked for, in the order in which they are said.

    ``cues`` are ``[start, end, text]``, milliseconds after the start of the replay.
    """
    hits = []
    for place, (start, text, marks) in enumerate(_lines(asked, cues)):
        hits.append((-len({number for *_span, number in marks}), place, start, text, marks))
    best = sorted(sorted(hits, key=lambda hit: hit[:2])[:LINES_SHOWN], key=lambda hit: hit[1])
    return tuple(
        Said(start // 1000, tuple(_pieces(text, marks))) for _, _, start, text, marks in best
    )


def _lines(
    asked: Asked, cues: Sequence[Sequence[object]]
) -> Iterator[tuple[int, str, list[tuple[int, int, int]]]]:
    """Yield the cues in which something is marked; one search over all of them finds where."""
    texts = [" ".join(str(text).split()) for _start, _end, text in cues]
    marks = iter(marks_of(asked, "\n".join(texts)))
    mark = next(marks, None)
    begins = 0
    for (start, *_rest), text in zip(cues, texts, strict=True):
        ends = begins + len(text)
        inside = []
        while mark is not None and mark[0] <= ends:
            inside.append((mark[0] - begins, min(mark[1] - begins, len(text)), mark[2]))
            mark = next(marks, None)
        if inside:
            yield int(str(start)), text, inside
        begins = ends + 1


def _part(text: str, first: int) -> tuple[int, int]:
    """Return a part of a text that begins at a word and holds the character at ``first``."""
    start = max(0, first - LEAD)
    if start and (gap := text.find(" ", start, first)) != -1:
        start = gap + 1
    end = min(len(text), start + SNIPPET)
    if end < len(text) and (gap := text.rfind(" ", first, end)) > first:
        end = gap
    return start, end


def _pieces(text: str, marks: Iterable[tuple[int, int, int]]) -> Iterator[Piece]:
    place = 0
    for start, end, _number in marks:
        if start > place:
            yield Piece(text[place:start])
        yield Piece(text[start:end], is_marked=True)
        place = end
    if place < len(text):
        yield Piece(text[place:])


@lru_cache(maxsize=256)
def _pattern(asked: Asked) -> re.Pattern[str] | None:
    """Return one pattern for all terms: a group each."""
    if not asked:
        return None
    return re.compile("|".join(f"({_of_term(term)})" for term in asked.terms))


def _of_term(term: Term) -> str:
    if is_chinese(term.words[0]):
        return re.escape(term.words[0])
    body = r"[\W_]+".join(_of_word(word) for word in term.words)
    return _BEFORE + body + (_MORE if term.begins else _AFTER)


def _of_word(word: str) -> str:
    """Return a word or its plural; what is indexed has lost the ending."""
    if word.endswith("y") and len(word) > 2:  # noqa: PLR2004 -- not "my"
        return f"{re.escape(word[:-1])}(?:y|ies)"
    return f"{re.escape(word)}(?:es|s)?"
