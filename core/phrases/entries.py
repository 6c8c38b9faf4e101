"""Files of phrases as their editors write them (TOML), read and checked. Pure but for files."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Lists = Mapping[str, Sequence[str]]
"""Words that patterns name by ``{name}``."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A meaning and every pattern that expresses it.

    ``tier`` is what the file calls the weight of a match. ``despite`` names contexts that change
    nothing here; ``*`` names them all.
    """

    id: str
    language: str
    tier: str
    meaning: str
    patterns: tuple[str, ...]
    not_before: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    despite: tuple[str, ...] = ()
    reviewed_by: str = ""
    reviewed_on: str = ""
    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """Words around a match that change its weight: a negation, somebody else, the past.

    ``place`` is ``before``, ``after`` or ``around`` the match, or ``just before`` and ``just
    after`` it, where nothing may stand between; ``within`` counts words or characters. No context
    reaches into another sentence. ``becomes`` says what each tier turns into.
    """

    id: str
    language: str
    place: str
    within: int
    patterns: tuple[str, ...]
    becomes: Mapping[str, str]
    meaning: str = ""
    unless: tuple[str, ...] = ()


def read_entries(file: Path) -> tuple[Entry, ...]:
    """Return the entries of a file; ``[defaults]`` fills in what an entry leaves out."""
    document = _document(file)
    defaults = document.get("defaults", {})
    return tuple(Entry(**_frozen({**defaults, **entry})) for entry in document.get("entry", ()))


def read_contexts(file: Path) -> tuple[Context, ...]:
    """Return the contexts of a file."""
    document = _document(file)
    defaults = document.get("context_defaults", {})
    return tuple(Context(**_frozen({**defaults, **each})) for each in document.get("context", ()))


def read_lists(file: Path) -> Lists:
    """Return the lists of words of a file."""
    lists: Lists = _document(file).get("lists", {})
    return lists


def _document(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _frozen(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()
    }
