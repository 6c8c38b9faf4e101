"""The words that come with every kind of notice, in each language."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from core.words import LANGUAGES

FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class WordingText:
    """The words of one kind in one language; ``{name}`` stands for a variable of the kind.

    The body is plain paragraphs with an empty line between them. A paragraph that is one variable
    alone is a block: it may come out empty, and is then left out, or as several lines, which become
    a list. A paragraph that begins with a line of ``{title}`` alone is set apart.
    """

    subject: str
    body: str
    action: str
    """What the button says; empty: there is none."""


Wordings: TypeAlias = Mapping[tuple[str, str], WordingText]
"""The words of every kind and language."""


@cache
def defaults() -> Wordings:
    """Return the words of every kind and language as they come with the program."""
    return MappingProxyType(
        {
            (kind, language): WordingText(words["subject"], _body(words), words.get("action", ""))
            for language in LANGUAGES
            for kind, words in _file(language)["kinds"].items()
        }
    )


def default_of(kind: str, language: str) -> WordingText:
    """Return the words that come with a kind; ``KeyError`` for a kind that does not exist."""
    return defaults()[kind, language]


def short_of(kind: str, language: str) -> str | None:
    """Return the words of a text message, or None for a kind that is only sent by mail."""
    return _shorts(language).get(kind)


@cache
def frame(language: str) -> Mapping[str, str]:
    """Return the words around every mail: why it came, and where choices are made."""
    return MappingProxyType(_file(language)["frame"])


@cache
def _shorts(language: str) -> Mapping[str, str]:
    return MappingProxyType(_file(language)["sms"])


@cache
def _file(language: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((FOLDER / f"{language}.json").read_text("utf-8"))
    return content


def _body(words: Mapping[str, Any]) -> str:
    """Join the paragraphs of a kind; in the file each stands by itself."""
    return "\n\n".join(words["body"])
