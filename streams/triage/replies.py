"""Words that are ready: what an asker reads at once, and replies moderators can send. Pure data.

``replies.toml`` holds them in every language of the pages. No clinician has signed them yet.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from core.words import Words

FILE: Final = Path(__file__).with_name("replies.toml")


@dataclass(frozen=True, slots=True)
class Reply:
    """A prepared reply; ``title`` is what a moderator chooses by, ``text`` what the asker reads."""

    id: str
    title: Words
    text: Words


@cache
def prepared_replies() -> tuple[Reply, ...]:
    """Return the replies moderators can send, the most urgent first."""
    return tuple(Reply(**reply) for reply in _file()["replies"])


def redirect_text(redirect: str) -> Words:
    """Return what an asker reads at once for a ``Verdict.redirect``; nothing for none.

    Raises:
        KeyError: No such redirect.
    """
    words: Words = _file()["redirects"][redirect] if redirect else {}
    return words


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
