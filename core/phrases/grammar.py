"""The language of patterns: ``i [really] (want|wish) to .. die``, ``我..(想|要)死``. Pure.

=========== =====================================================================
``word``    this word; in Chinese every character is a word
``word*``   a word that begins so
``(a|b c)`` one of these
``[a|b]``   one of these, or nothing; also written ``(a|b)?``
``word?``   this word or nothing; in Chinese its last character or nothing
``..``      up to three words (English) or four characters (Chinese) in between
``..6``     up to six in between; never past the end of a sentence
``{name}``  one of a list that the file names
``#``       a number in figures: ``30``, ``12th``
``^``       where a sentence or clause begins; ``$`` where one ends
=========== =====================================================================

A pattern becomes one regular expression over words that each end with a space. Every repetition
in it is bounded, so that the time to search grows with the text and no faster.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

GAPS: Final = {"en": 3, "zh-Hans": 4}
WIDEST_GAP: Final = 12
_PARTS: Final = re.compile(r"\.\.\d*|[()\[\]|?]|\{[a-z_]+\}|[^\s()\[\]|{}.?]+|\S")

SIGNS: Final = {"^": "(?<![^.,] )", "$": "(?=[.,] |\\Z)", "#": "[0-9]+[a-z]{0,2} "}
"""Begin and end of a clause (a stop, a pause or nothing stands there), and a number."""

Speller = Callable[[str], Sequence[str]]
"""Turns what stands in a pattern into words, as it is done with a text."""


class PatternError(ValueError):
    """A pattern that cannot be read; the message says where."""


@dataclass(slots=True)
class Reader:
    """Reads one pattern; ``words`` gathers every word that occurs in it."""

    speller: Speller
    lists: Mapping[str, Sequence[str]]
    gap: int
    words: set[str] = field(default_factory=set)
    parts: list[str] = field(default_factory=list)

    def read(self, pattern: str) -> str:
        """Return the regular expression of a pattern.

        Raises:
            PatternError: A bracket without its pair, an unknown list, an empty pattern.
        """
        self.parts = _PARTS.findall(pattern)[::-1]
        source = self._choices()
        if self.parts:
            message = f"{self.parts[-1]!r} stands alone in {pattern!r}"
            raise PatternError(message)
        if re.fullmatch(source, ""):
            message = f"{pattern!r} matches nothing"
            raise PatternError(message)
        return source

    def _choices(self) -> str:
        choices = [self._row()]
        while self.parts and self.parts[-1] == "|":
            self.parts.pop()
            choices.append(self._row())
        return choices[0] if len(choices) == 1 else f"(?:{'|'.join(choices)})"

    def _row(self) -> str:
        items = []
        while self.parts and self.parts[-1] not in "|)]":
            items.append(self._item(self.parts.pop()))
        return "".join(items)

    def _item(self, part: str) -> str:
        if part in "([":
            return self._bracket(part)
        if part.startswith(".."):
            return self._gap(part)
        if part in SIGNS:
            return SIGNS[part]
        if part.startswith("{"):
            return self._list(part[1:-1])
        return self._word(part)

    def _bracket(self, opened: str) -> str:
        inner = self._choices()
        closing = {"(": ")", "[": "]"}[opened]
        if not self.parts or self.parts.pop() != closing:
            message = f"{opened!r} is not closed by {closing!r}"
            raise PatternError(message)
        is_optional = self._take("?") or opened == "["
        return f"(?:{inner})?" if is_optional else f"(?:{inner})"

    def _take(self, part: str) -> bool:
        is_next = bool(self.parts) and self.parts[-1] == part
        if is_next:
            self.parts.pop()
        return is_next

    def _gap(self, part: str) -> str:
        most = int(part[2:] or self.gap)
        if most > WIDEST_GAP:
            message = f"a gap is at most {WIDEST_GAP} words"
            raise PatternError(message)
        return f"(?:[^ .]+ ){{0,{most}}}?"

    def _list(self, name: str) -> str:
        if name not in self.lists:
            message = f"there is no list {name!r}"
            raise PatternError(message)
        inner = Reader(self.speller, {}, self.gap, self.words)
        return f"(?:{'|'.join(inner.read(choice) for choice in self.lists[name])})"

    def _word(self, part: str) -> str:
        words = list(self.speller(part.removesuffix("*")))
        if not words or part == "?":
            message = f"{part!r} is no word"
            raise PatternError(message)
        self.words.update(words)
        source = [f"{re.escape(word)} " for word in words]
        if part.endswith("*"):
            source[-1] = f"{source[-1][:-1]}[^ .]* "
        if self._take("?"):
            source[-1] = f"(?:{source[-1]})?"
        return "".join(source)
