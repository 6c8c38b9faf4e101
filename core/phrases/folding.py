"""A text as a row of words and Chinese characters, however it was typed. Pure, linear in time."""

import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

STOP: Final = "."
PAUSE: Final = ","
APOSTROPHES: Final = frozenset("'`\u2019\u02bc\u00b4\uff07")
ENDS: Final = frozenset(".!?;。")
PAUSES: Final = frozenset(",、:—")
TITLES: Final = frozenset("《》")
INSIDE: Final = frozenset("*@$!#")
"""Marks that stand for a letter inside a word."""
LOOK_ALIKES: Final = dict(
    zip(
        "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0455\u0501\u0261",
        "aeopcyxisdg",
        strict=True,
    )
)
"""Cyrillic letters, which look like these."""


class Token(NamedTuple):
    """A word, a Chinese character or an end, and where it stood in the text as it was typed."""

    text: str
    start: int
    end: int


class Mark(NamedTuple):
    """One character after folding and its place in the text as it was typed."""

    text: str
    place: int


def fold(text: str) -> list[Token]:
    """Return the words, Chinese characters, ends (``.``) and pauses (``,``) of a text.

    Width, case, accents, look-alikes, marks without width and pictures are gone. Two or more full
    stops are a pause: people trail off in the middle of a sentence.
    """
    marks = [*_marks(text), Mark("\n", len(text))]
    return list(_tokens(marks))


def is_hanzi(character: str) -> bool:
    """Return whether a character is a word by itself: Chinese, or Japanese syllables."""
    return "\u3040" <= character <= "\u30ff" or "\u3400" <= character <= "\u9fff"


def _marks(text: str) -> Iterator[Mark]:
    for place, raw in enumerate(text):
        if raw.isascii():
            yield Mark(raw.lower(), place)
            continue
        for character in unicodedata.normalize("NFKD", raw).casefold():
            if unicodedata.category(character) not in {"Mn", "Me", "Cf", "Cc"}:
                yield Mark(LOOK_ALIKES.get(character, character), place)


def _tokens(marks: list[Mark]) -> Iterator[Token]:
    word: list[Mark] = []
    dots = 0
    for mark, following in pairwise(marks):
        if _is_letter(mark.text, following.text, begun=bool(word)):
            word.append(mark)
            continue
        if mark.text in APOSTROPHES and word:
            word.append(Mark("'", mark.place))
            continue
        yield from _word(word)
        word = []
        dots = dots + 1 if mark.text in ".。" else 0
        if dots and following.text in ".。":
            continue
        yield from _single(mark, trails_off=dots > 1)
    yield from _word(word)


def _is_letter(character: str, following: str, *, begun: bool) -> bool:
    if character.isalnum():
        return not is_hanzi(character)
    is_inside = character in INSIDE and following.isalnum() and following.isascii()
    return is_inside and (begun or character in "@$")


def _word(marks: list[Mark]) -> Iterator[Token]:
    text = "".join(mark.text for mark in marks).strip("'")
    if text:
        yield Token(text, marks[0].place, marks[-1].place + 1)


def _single(mark: Mark, *, trails_off: bool) -> Iterator[Token]:
    character, place = mark
    if is_hanzi(character) or character in TITLES:
        yield Token(character, place, place + 1)
    elif trails_off or character in PAUSES:
        yield Token(PAUSE, place, place + 1)
    elif character in ENDS or character == "\n":
        yield Token(STOP, place, place + 1)
