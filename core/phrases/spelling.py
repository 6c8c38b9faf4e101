"""Evasions, slips and short forms, undone towards words that are looked for. Pure.

Nothing is changed but what leads to a word of the vocabulary: ``k1ll`` becomes ``kill`` because
``kill`` is looked for, while ``50mg`` and a name stay as they are.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Final

from core.phrases.folding import PAUSE, STOP, Token, fold, is_hanzi

LEET: Final = {
    "0": "o",
    "1": "il",
    "3": "e",
    "4": "a",
    "5": "s",
    "7": "t",
    "8": "b",
    "!": "i",
    "$": "s",
    "@": "a",
}
MOST_CANDIDATES: Final = 32
MOST_JOINED: Final = 14
"""Pieces that are tried as one word: ``s u i c i d e``."""
LONGEST_RUN_ON: Final = 40
_RUNS: Final = re.compile(r"(.)\1{2,}")


@dataclass(slots=True)
class Spelling:
    """How words are written otherwise; ``vocabulary`` grows with the patterns that are read."""

    respelled: Mapping[str, str]
    """What is written, and what is meant; the longest that fits is taken."""
    characters: Mapping[int, str]
    """Traditional characters, and the simplified ones of the patterns."""
    forgiven: frozenset[str]
    """Words that are recognised with one letter wrong, missing, added or masked."""
    vocabulary: set[str] = field(default_factory=set)
    _rows: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = field(default_factory=dict)
    _near: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for written, meant in sorted(self.respelled.items(), key=lambda pair: -len(pair[0])):
            row = tuple(self._plain(written))
            self._rows.setdefault(row[0], []).append((row, tuple(self._plain(meant))))
        for rows in self._rows.values():
            rows.sort(key=lambda pair: -len(pair[0]))
        for word in self.forgiven:
            self._near.update(dict.fromkeys(_deletions(word), word))

    def words_of(self, text: str) -> list[str]:
        """Return the words of a text of an editor: short forms opened, nothing guessed."""
        return [token.text for token in self._respell(self._simplified(fold(text)))]

    def read(self, text: str) -> list[list[Token]]:
        """Return the ways to read a text: as it stands, and with broken words put together."""
        tokens = self._simplified(fold(text))
        plain = self._respell(self._resolved(self._respell(tokens)))
        joined = self._respell(self._resolved(self._respell(self._joined(tokens))))
        same = [token.text for token in plain] == [token.text for token in joined]
        return [plain] if same else [plain, joined]

    def _plain(self, text: str) -> list[str]:
        return [token.text for token in self._simplified(fold(text))]

    def _simplified(self, tokens: Iterable[Token]) -> list[Token]:
        return [token._replace(text=token.text.translate(self.characters)) for token in tokens]

    def _respell(self, tokens: Sequence[Token]) -> list[Token]:
        found: list[Token] = []
        place = 0
        while place < len(tokens):
            for written, meant in self._rows.get(tokens[place].text, ()):
                piece = tokens[place : place + len(written)]
                if tuple(token.text for token in piece) == written:
                    found += [Token(word, piece[0].start, piece[-1].end) for word in meant]
                    place += len(written)
                    break
            else:
                found.append(tokens[place])
                place += 1
        return [token._replace(text=token.text.replace("'", "")) for token in found]

    def _resolved(self, tokens: Iterable[Token]) -> list[Token]:
        return [token._replace(text=self._meant(token.text)) for token in tokens]

    def _meant(self, word: str) -> str:
        if word in self.vocabulary or word in {STOP, PAUSE} or word.isdigit() or len(word) == 1:
            return word
        candidates = (*_unmasked(word), *_shortened(word))
        if (found := next((each for each in candidates if each in self.vocabulary), "")) != "":
            return found
        return self._forgiven(word)

    def _forgiven(self, word: str) -> str:
        if "*" in word or "#" in word:
            shape = re.compile("".join("." if c in "*#" else re.escape(c) for c in word))
            return next((w for w in sorted(self.forgiven) if shape.fullmatch(w)), word)
        if len(word) > LONGEST_RUN_ON or not word.isalpha():
            return word
        return next((self._near[near] for near in _deletions(word) if near in self._near), word)

    def _joined(self, tokens: Sequence[Token]) -> list[Token]:
        found: list[Token] = []
        pieces = [t for at, t in enumerate(tokens) if not _is_inside_a_word(tokens, at)]
        place = 0
        while place < len(pieces):
            length = self._join_length(pieces, place)
            if length > 1:
                text = "".join(token.text for token in pieces[place : place + length])
                found.append(Token(text, pieces[place].start, pieces[place + length - 1].end))
            else:
                found += self._apart(pieces[place])
            place += max(length, 1)
        return found

    def _join_length(self, pieces: Sequence[Token], place: int) -> int:
        """Return how many pieces from ``place`` make the longest word that is looked for."""
        text, best = "", 0
        for length, token in enumerate(pieces[place : place + MOST_JOINED], 1):
            if not token.text[0].isalnum() or is_hanzi(token.text[0]):
                break
            text += token.text
            if length > 1 and len(text) > 2 and self._is_known(text):  # noqa: PLR2004 "i t"
                best = length
        return best

    def _is_known(self, word: str) -> bool:
        return word in self.vocabulary or word in self._rows

    def _apart(self, token: Token) -> Iterator[Token]:
        """Yield the words of a run-on like ``wanttodie``, or the token itself."""
        word = token.text
        if word in self.vocabulary or not 6 <= len(word) <= LONGEST_RUN_ON:  # noqa: PLR2004 "tobe"
            yield token
            return
        ways: dict[int, tuple[str, ...]] = {0: ()}
        for end in range(1, len(word) + 1):
            known = [(*ways[at], word[at:end]) for at in ways if self._is_known(word[at:end])]
            if known:
                ways[end] = min(known, key=len)
        for piece in ways.get(len(word), (word,)):
            yield token._replace(text=piece)


def read_spelling(file: Path) -> Spelling:
    """Return the spellings of a file."""
    document = tomllib.loads(file.read_text(encoding="utf-8"))
    pairs = [pair for pair in document.get("traditional", "").split() if len(pair) > 1]
    return Spelling(
        document.get("respelled", {}),
        {ord(pair[0]): pair[1] for pair in pairs},
        frozenset(document.get("forgiven", ())),
    )


def _unmasked(word: str) -> Iterator[str]:
    """Yield what a word with figures or marks for letters may be."""
    if word.isalpha() or not any(character in LEET for character in word):
        return
    choices = [LEET.get(character, character) for character in word]
    for count, letters in enumerate(product(*choices)):
        if count == MOST_CANDIDATES:
            return
        yield "".join(letters)
        yield from _shortened("".join(letters))


def _shortened(word: str) -> Iterator[str]:
    """Yield a word without its drawn-out letters: ``pleaaase``, ``killll``."""
    if _RUNS.search(word):
        yield _RUNS.sub(r"\1\1", word)
        yield _RUNS.sub(r"\1", word)
    elif word.startswith("@"):
        yield word[1:]


def _deletions(word: str) -> Iterator[str]:
    yield word
    yield from (word[:at] + word[at + 1 :] for at in range(1, len(word)))


def _is_inside_a_word(tokens: Sequence[Token], at: int) -> bool:
    """Return whether a full stop stands between two letters, as in ``s.u.i``."""
    if tokens[at].text not in {STOP, PAUSE} or not 0 < at < len(tokens) - 1:
        return False
    before, here, after = tokens[at - 1 : at + 2]
    touches = before.end == here.start and here.end == after.start
    return touches and before.text.isalpha() and after.text.isalpha()
