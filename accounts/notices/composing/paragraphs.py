"""The body of a notice as paragraphs: filled, blocks opened up, what is empty left out. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from functools import lru_cache
from typing import Final, NamedTuple

from accounts.notices.wording.filling import fill, names
from core.words import without_controls

LISTS: Final = frozenset({"changes", "dates", "items"})
"""Blocks of one entry per line; the others are what somebody wrote, with its line breaks."""
_BULLET: Final = re.compile(r"^[-*•·]\s+")


class Form(Enum):
    """How a paragraph is shown."""

    PLAIN = "plain"
    FACTS = "facts"
    """What the notice is about, set apart; its first line is the title."""
    LIST = "list"


class Paragraph(NamedTuple):
    """A paragraph and its lines, which are never empty."""

    form: Form
    lines: tuple[str, ...]


class _Pattern(NamedTuple):
    form: Form
    lines: tuple[str, ...]
    block: str
    """The variable that is the whole paragraph; empty: there is more in it."""


def paragraphs(body: str, values: Mapping[str, str]) -> list[Paragraph]:
    """Return the paragraphs of a body; ``KeyError`` when the value of a variable is missing."""
    return [one for pattern in _patterns(body) for one in _filled(pattern, values)]


def _filled(pattern: _Pattern, values: Mapping[str, str]) -> Iterator[Paragraph]:
    if pattern.block:
        yield from _block(pattern.block, values[pattern.block])
        return
    lines = tuple(one_line(fill(line, values)) for line in pattern.lines)
    if shown := tuple(line for line in lines if line):
        yield Paragraph(pattern.form, shown)


def _block(name: str, value: str) -> Iterator[Paragraph]:
    form = Form.LIST if name in LISTS else Form.PLAIN
    for lines in _paragraphs_of(value.replace("\r\n", "\n").split("\n")):
        yield Paragraph(form, lines)


def _paragraphs_of(lines: Iterable[str]) -> Iterator[tuple[str, ...]]:
    gathered: list[str] = []
    for line in (*lines, ""):
        plain = _BULLET.sub("", one_line(line))
        if plain:
            gathered.append(plain)
        elif gathered:
            yield tuple(gathered)
            gathered = []


@lru_cache(maxsize=512)
def _patterns(body: str) -> tuple[_Pattern, ...]:
    chunks = re.split(r"\n[ \t]*\n\s*", body.replace("\r\n", "\n").strip())
    return tuple(_pattern(tuple(chunk.split("\n"))) for chunk in chunks if chunk)


def _pattern(lines: tuple[str, ...]) -> _Pattern:
    if lines[0].strip() == "{title}":
        return _Pattern(Form.FACTS, lines, "")
    named = names(lines[0])
    is_block = len(lines) == 1 and len(named) == 1 and lines[0].strip() == f"{{{min(named)}}}"
    return _Pattern(Form.PLAIN, lines, min(named) if is_block else "")


def one_line(text: str) -> str:
    """Return a text as one line, without control characters: no value adds a line of its own."""
    if text.isprintable():
        return text.strip()
    return without_controls(text.replace("\n", " ").replace("\t", " ")).strip()
