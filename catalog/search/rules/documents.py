"""From what is written and said to the words of one index row. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import chain
from typing import Any, Final

from catalog.search.rules.words import index_words
from core.words import Words

MAKE: Final = "1"
"""Raised when words are taken apart in another way: every row is then made anew."""
OFTEN: Final = 3
"""Said so many times in one transcript, a word is part of what the talk is about."""
MISTYPED: Final = range(4, 21)
"""How long words are against which typing errors are measured."""
MOST_PLACES: Final = 200  # PostgreSQL keeps 255 places of a word
LAST_PLACE: Final = 16383  # PostgreSQL's as well
MOST_WORDS: Final = 60_000
"""A talk of eight hours has as many; a tsvector ends at a megabyte."""

Cues = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything about a livestream that can be found; ``transcripts`` only of an open replay."""

    titles: Words
    descriptions: Words
    names: Sequence[Words] = ()
    """Of its host and topics, with the host's institutions."""
    chapters: Sequence[Cues] = ()
    transcripts: Sequence[Cues] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """The words of an index row, in order; ``often`` each once."""

    title: list[str] = field(default_factory=list)
    about: list[str] = field(default_factory=list)
    often: list[str] = field(default_factory=list)
    everything: list[str] = field(default_factory=list)


def entry_of(sheet: Sheet) -> Entry:
    """Return what is indexed of a livestream."""
    title = [*_of(sheet.titles.values(), is_head=True)]
    names = _of((text for words in sheet.names for text in words.values()), is_head=True)
    about = [*names, *_of(sheet.descriptions.values()), *_of(_texts(sheet.chapters))]
    said = [[*_of(_texts([one]))] for one in sheet.transcripts]
    often = sorted({word for one in said for word, times in Counter(one).items() if times >= OFTEN})
    everything = [*title, *about, *chain.from_iterable(said)]
    return Entry(title, about, often, everything[:MOST_WORDS])


def english_words(words: Iterable[str]) -> frozenset[str]:
    """Return those of the words that a typing error may have been meant to be."""
    return frozenset(
        word for word in words if len(word) in MISTYPED and word.isascii() and word.isalpha()
    )


def version_of(*parts: object) -> str:
    """Return a mark that differs when anything of a livestream's sheet does."""
    text = "\x1f".join((MAKE, *map(str, parts)))
    return blake2b(text.encode(), digest_size=12).hexdigest()


def as_vector(words: Sequence[str]) -> str:
    """Return words as PostgreSQL writes a ``tsvector``; they hold neither quotes nor spaces."""
    places: dict[str, list[str]] = {}
    for place, word in enumerate(words, start=1):
        known = places.setdefault(word, [])
        if len(known) < MOST_PLACES and place <= LAST_PLACE:
            known.append(str(place))
    return " ".join(f"'{word}'{':' if at else ''}{','.join(at)}" for word, at in places.items())


def as_text(words: Sequence[str]) -> str:
    """Return words as FTS5 reads them."""
    return " ".join(words)


def _of(texts: Iterable[str], *, is_head: bool = False) -> Iterator[str]:
    for text in texts:
        yield from index_words(text, is_head=is_head)


def _texts(tracks: Iterable[Cues]) -> Iterator[str]:
    return (str(cue[2]) for cues in tracks for cue in cues)


def words_as(dialect: str, entry: Entry) -> Mapping[str, str]:
    """Return the columns of an entry as a database takes them."""
    write = as_vector if dialect == "postgresql" else as_text
    return {name: write(getattr(entry, name)) for name in Entry.__slots__}
