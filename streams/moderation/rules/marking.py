"""Which words of a question are marked for moderators: what sounds like risk, what names somebody.

Pure. The words are looked up anew each time a question is shown: the lexicon may have learnt since.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from streams.triage.identifying import identifying_details
from streams.triage.lexicon import risk_book

RISK = "risk"
DETAIL = "detail"


class Piece(NamedTuple):
    """Some words in a row; ``mark`` is ``risk``, ``detail`` (it identifies somebody) or empty."""

    text: str
    mark: str


class Span(NamedTuple):
    """Characters ``start`` to ``end`` (without it) of a text, and how they are marked."""

    start: int
    end: int
    mark: str


@lru_cache(maxsize=512)  # every page asks every two seconds
def pieces_of(text: str) -> tuple[Piece, ...]:
    """Return a question in pieces that add up to it; where two marks meet, risk is what counts."""
    return cut(text, (*_risks(text), *_details(text)))


def cut(text: str, spans: Iterable[Span]) -> tuple[Piece, ...]:
    """Cut a text at spans; the first span that covers a character marks it."""
    marks = [""] * len(text)
    for span in spans:
        for at in range(max(0, span.start), min(len(text), span.end)):
            marks[at] = marks[at] or span.mark
    pieces: list[Piece] = []
    for letter, mark in zip(text, marks, strict=True):
        if pieces and pieces[-1].mark == mark:
            pieces[-1] = Piece(pieces[-1].text + letter, mark)
        else:
            pieces.append(Piece(letter, mark))
    return tuple(pieces)


def _risks(text: str) -> list[Span]:
    found = (one for one in risk_book().find(text) if one.tier != "low")
    return [Span(one.start, one.end, RISK) for one in found]


def _details(text: str) -> list[Span]:
    return [Span(one.start, one.end, DETAIL) for one in identifying_details(text)]
