"""What changed between two contents, field by field, word by word; Chinese by character. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from catalog.editing.rules.contents import flat

PIECES = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]|[^\W\u3400-\u9fff\uf900-\ufaff]+|\s+|[^\w\s]")
MOST_PIECES = 4000
"""Longer texts are compared whole: the comparison takes time with the square of it."""


class Change(StrEnum):
    """What happened to a piece of a text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field whose text changed: its dotted name, both texts, and pieces of them in one line."""

    field: str
    old: str
    new: str
    pieces: tuple[tuple[Change, str], ...]


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return every field that differs, in the order of the form."""
    before, after = flat(old), flat(new)
    names = [*after, *(name for name in before if name not in after)]
    pairs = ((name, before.get(name, ""), after.get(name, "")) for name in names)
    return tuple(
        Difference(name, left, right, tuple(changes(left, right)))
        for name, left, right in pairs
        if left != right
    )


def changes(old: str, new: str) -> Iterator[tuple[Change, str]]:
    """Yield the pieces that stayed, went and came, so that either text can be read from them."""
    before, after = PIECES.findall(old), PIECES.findall(new)
    if max(len(before), len(after)) > MOST_PIECES:
        before, after = [old], [new]
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, low, high, begin, end in matcher.get_opcodes():
        if tag == "equal":
            yield Change.SAME, "".join(before[low:high])
            continue
        if high > low:
            yield Change.REMOVED, "".join(before[low:high])
        if end > begin:
            yield Change.ADDED, "".join(after[begin:end])
