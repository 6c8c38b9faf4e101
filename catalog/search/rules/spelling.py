"""Words that one slip of the finger makes of another. Pure.

All words one edit away are looked up in the list of indexed words at once: some 400 for a word of
seven letters. No extension of a database is needed for it.
"""

from collections.abc import Iterator
from string import ascii_lowercase
from typing import Final

from catalog.search.rules.asking import Asked, Term
from catalog.search.rules.words import is_chinese

SHORTEST: Final = 4
"""Of three letters, one edit makes anything of anything."""
LONGEST: Final = 20
LETTERS: Final = ascii_lowercase


def can_be_mistyped(term: Term) -> bool:
    """Tell whether a term is one English word long enough to be forgiven a slip."""
    word = term.words[0]
    one = len(term.words) == 1 and SHORTEST <= len(word) <= LONGEST
    return one and word.isascii() and word.isalpha() and not is_chinese(word)


def one_edit_away(word: str) -> frozenset[str]:
    """Return what one letter too many, too few, wrong, or in the wrong place makes of a word."""
    return frozenset(_edits(word)) - {word}


def respelled(asked: Asked, words: dict[str, str]) -> Asked:
    """Return the same with other words in the place of some."""
    return Asked(
        tuple(
            Term(tuple(words.get(word, word) for word in term.words), term.begins)
            for term in asked.terms
        )
    )


def _edits(word: str) -> Iterator[str]:
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    for head, tail in parts:
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in LETTERS)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        yield from (head + letter + tail for letter in LETTERS)
