"""What was typed into the field, as the terms that are looked for. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from catalog.search.rules.words import inner_words, is_chinese, query_words

LONGEST_TEXT: Final = 200
MOST_TERMS: Final = 8
LEAST_PREFIX: Final = 3
"""Shorter English words are looked for as they are: every second word begins with one letter."""
QUOTED: Final = re.compile(r"[\"“”«»「」『』]([^\"“”«»「」『』]*)[\"“”«»「」『』]")


@dataclass(frozen=True, slots=True)
class Term:
    """One word, or words that stand side by side; ``begins``: longer words count as well."""

    words: tuple[str, ...]
    begins: bool = False

    @property
    def text(self) -> str:
        """The words as they are written."""
        return "".join(self.words) if is_chinese(self.words[0]) else " ".join(self.words)


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything that is asked for: all of the terms."""

    terms: tuple[Term, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether there is anything to look for."""
        return bool(self.terms)


def asked_for(text: str) -> Asked:
    """Return what a text asks for; quoted English words stand side by side."""
    typed = text[:LONGEST_TEXT]
    terms = (*_phrases(typed), *_words(QUOTED.sub(" ", typed)))
    return Asked(tuple(dict.fromkeys(terms))[:MOST_TERMS])


def asked_loosely(asked: Asked) -> Asked:
    """Return every word by itself, Chinese ones with the words inside them, for *any* of them."""
    found: list[Term] = []
    for term in asked.terms:
        for word in term.words:
            found += [one_word(word), *(one_word(inner) for inner in inner_words(word))]
    return Asked(tuple(dict.fromkeys(found))[:MOST_TERMS])


def one_word(word: str) -> Term:
    """Return the term of one word."""
    begins = len(word) == 1 if is_chinese(word) else len(word) >= LEAST_PREFIX
    return Term((word,), begins)


def _words(text: str) -> Iterator[Term]:
    return (one_word(word) for word in query_words(text))


def _phrases(text: str) -> Iterator[Term]:
    for quoted in QUOTED.findall(text):
        words = query_words(quoted)
        if len(words) > 1 and not any(is_chinese(word) for word in words):
            yield Term(words)
        else:  # Chinese words overlap in the index: side by side means nothing there
            yield from (Term((word,)) for word in words)
