"""``{name}`` in a wording: read once, filled often, and nothing but names. Pure.

No attributes, indices or format specifications: a wording can name the variables of its kind and
reach nothing else. ``{{`` and ``}}`` are the braces themselves. A value is put in as it is, so that
braces in the title of a livestream mean nothing.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

_TOKEN: Final = re.compile(r"\{\{|\}\}|\{([^{}\n]*)\}|[{}]")
_NAME: Final = re.compile(r"[a-z][a-z_]*")
_LITERAL: Final = {"{{": "{", "}}": "}"}


class BadPatternError(ValueError):
    """A brace stands alone, or holds something that is no name; ``found`` is what was written."""

    def __init__(self, found: str) -> None:
        self.found = found
        super().__init__(found)


class Piece(NamedTuple):
    """A text as it stands, and the variable that follows it; empty: none."""

    text: str
    name: str


@lru_cache(maxsize=4096)
def pieces(pattern: str) -> tuple[Piece, ...]:
    """Return a pattern in pieces.

    Raises:
        BadPatternError: A brace stands alone, or holds something else than a name.
    """
    made: list[Piece] = []
    text, position = "", 0
    for token in _TOKEN.finditer(pattern):
        text += pattern[position : token.start()]
        position = token.end()
        if token[0] in _LITERAL:
            text += _LITERAL[token[0]]
            continue
        made.append(Piece(text, _name(token)))
        text = ""
    made.append(Piece(text + pattern[position:], ""))
    return tuple(made)


def names(pattern: str) -> frozenset[str]:
    """Return the variables that a pattern names."""
    return frozenset(piece.name for piece in pieces(pattern) if piece.name)


def fill(pattern: str, values: Mapping[str, str]) -> str:
    """Return a pattern with its variables filled; ``KeyError`` when a value is missing."""
    return "".join(
        [text + values[name] if name else text for text, name in pieces(pattern)],
    )


def _name(token: re.Match[str]) -> str:
    name: str | None = token[1]
    if name is None or not _NAME.fullmatch(name):
        raise BadPatternError(token[0])
    return name
