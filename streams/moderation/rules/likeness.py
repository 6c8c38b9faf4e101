"""Which questions say nearly the same, for whoever looks for duplicates. Pure."""

from collections.abc import Iterable

from core.words import without_controls

MOST = 8


def likest(text: str, others: Iterable[tuple[str, str]]) -> list[str]:
    """Return ids of the other questions, the most alike first; at most :data:`MOST`.

    Pairs of neighbouring letters are compared, which works for Chinese as well as for English.

    Args:
        text: The question that may be a duplicate.
        others: Pairs of id and text, in the order that holds among equals.
    """
    mine = _pairs(text)
    ranked = [(-_shared(mine, _pairs(other)), at, key) for at, (key, other) in enumerate(others)]
    return [key for _, _, key in sorted(ranked)[:MOST]]


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    together = len(one | other)
    return len(one & other) / together if together else 0.0


def _pairs(text: str) -> frozenset[str]:
    letters = "".join(letter for letter in without_controls(text).casefold() if letter.isalnum())
    return frozenset(letters[at : at + 2] for at in range(len(letters) - 1))
