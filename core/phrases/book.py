"""A book of phrases: every entry of its files, found in a text and weighed by what is around it."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from core.phrases.entries import Context, Entry, Lists
from core.phrases.folding import STOP, Token
from core.phrases.grammar import GAPS, Reader
from core.phrases.spelling import Spelling

NEXT_TO: Final = 12
"""How many words beside a match ``not_before`` and ``not_after`` look at."""


class Found(NamedTuple):
    """An entry in a text: what it weighs here, which contexts changed that, and where it stands."""

    entry: Entry
    tier: str
    contexts: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Compiled:
    entry: Entry
    pattern: re.Pattern[str]
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    contexts: tuple[tuple[Context, re.Pattern[str], re.Pattern[str] | None], ...]


class _Row:
    """Tokens as one string of words that each end with a space, and where each word begins."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.places: list[int] = []
        length = 1
        for token in tokens:
            self.places.append(length)
            length += len(token.text) + 1
        self.text = " " + "".join(f"{token.text} " for token in tokens)
        self.stops = [at for at, token in enumerate(tokens) if token.text == STOP]

    def sentence(self, first: int, last: int) -> tuple[int, int]:
        """Return the bounds of the words of the sentence around the words first..last."""
        at = bisect_left(self.stops, first)
        start = self.stops[at - 1] + 1 if at else 0
        at = bisect_left(self.stops, last)
        end = self.stops[at] if at < len(self.stops) else len(self.tokens)
        return start, end

    def piece(self, first: int, last: int) -> str:
        """Return the words first..last (without ``last``), a space before and after each."""
        if first >= last:
            return " "
        end = self.places[last] if last < len(self.places) else len(self.text)
        return self.text[self.places[first] - 1 : end]


class Phrasebook:
    """Entries and contexts, made ready to search.

    Args:
        spelling: How the words are written; its vocabulary grows by the words of the entries.
        entries: What is looked for.
        contexts: What changes the weight of a match; of the language of the entry alone.
        lists: Words that patterns name, by language.

    Raises:
        PatternError: An entry or context cannot be read; the message names it.
    """

    def __init__(
        self,
        *,
        spelling: Spelling,
        entries: Iterable[Entry],
        contexts: Sequence[Context] = (),
        lists: dict[str, Lists] | None = None,
    ) -> None:
        self.entries = tuple(entries)
        self._spelling = spelling
        self._lists = lists or {}
        ready = {
            (context.language, context.id): (
                context,
                self._compile(
                    context.language,
                    context.patterns,
                    ends=r"\Z" if context.place == "just before" else "",
                ),
                self._compile(context.language, context.unless) if context.unless else None,
            )
            for context in contexts
        }
        self._compiled = [
            self._prepare(
                entry,
                tuple(each for each in ready.values() if _applies(each[0], entry)),
            )
            for entry in self.entries
        ]

    def find(self, text: str) -> list[Found]:
        """Return every entry in a text, in the order of the entries; time grows with the text."""
        return [
            found
            for tokens in self._spelling.read(text)
            for row in (_Row(tokens),)
            for compiled in self._compiled
            for found in _matches(compiled, row)
        ]

    def _prepare(
        self,
        entry: Entry,
        contexts: tuple[tuple[Context, re.Pattern[str], re.Pattern[str] | None], ...],
    ) -> _Compiled:
        def beside(patterns: tuple[str, ...], *, ends: str = "") -> re.Pattern[str] | None:
            return self._compile(entry.language, patterns, ends=ends) if patterns else None

        return _Compiled(
            entry,
            self._compile(entry.language, entry.patterns),
            beside(entry.not_before, ends=r"\Z"),
            beside(entry.not_after),
            beside(entry.unless),
            contexts,
        )

    def _compile(
        self, language: str, patterns: Sequence[str], *, ends: str = ""
    ) -> re.Pattern[str]:
        reader = Reader(self._spelling.words_of, self._lists.get(language, {}), GAPS[language])
        source = "|".join(reader.read(pattern) for pattern in patterns)
        self._spelling.vocabulary |= reader.words
        return re.compile(f"(?<= )(?:{source}){ends}")


def _applies(context: Context, entry: Entry) -> bool:
    return (
        context.language == entry.language
        and context.id not in entry.despite
        and "*" not in entry.despite
    )


def _matches(compiled: _Compiled, row: _Row) -> Iterator[Found]:
    place = 0
    while match := compiled.pattern.search(row.text, place):
        first = bisect_left(row.places, match.start())
        last = bisect_left(row.places, match.end())
        if _stands(compiled, row, first, last):
            yield _weighed(compiled, row, first, last)
        place = match.start() + 1


def _stands(compiled: _Compiled, row: _Row, first: int, last: int) -> bool:
    start, end = row.sentence(first, last)
    before = row.piece(max(start, first - NEXT_TO), first)
    after = row.piece(last, min(end, last + NEXT_TO))
    if compiled.before and compiled.before.search(before):
        return False
    if compiled.after and compiled.after.match(after, 1):
        return False
    return not (compiled.unless and compiled.unless.search(row.piece(start, end)))


def _weighed(compiled: _Compiled, row: _Row, first: int, last: int) -> Found:
    tier, seen = compiled.entry.tier, []
    start, end = row.sentence(first, last)
    for context, pattern, unless in compiled.contexts:
        piece = row.piece(*_window(context, (start, first, last, end)))
        is_there = (
            pattern.match(piece, 1) if context.place == "just after" else pattern.search(piece)
        )
        if is_there and not (unless and unless.search(piece)):
            seen.append(context.id)
            tier = context.becomes.get(tier, tier)
    tokens = row.tokens
    return Found(compiled.entry, tier, tuple(seen), tokens[first].start, tokens[last - 1].end)


def _window(context: Context, places: tuple[int, int, int, int]) -> tuple[int, int]:
    """Return the words a context looks at; ``places``: sentence, match, end of match, end."""
    start, first, last, end = places
    before, after = max(start, first - context.within), min(end, last + context.within)
    if context.place.endswith("before"):
        return before, first
    return (last, after) if context.place.endswith("after") else (before, after)
