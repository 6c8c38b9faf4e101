"""Words that are ready: what an asker reads at once, and replies moderators can send. Pure data.

``replies.toml`` holds them in every language of the pages. No clinician has signed them yet.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from core.words import Words

GROUPS: Final = ("danger", "care", "room")
"""Somebody is in danger; looks for care; said what the room cannot show or answer."""
FILE: Final = Path(__file__).with_name("replies.toml")


@dataclass(frozen=True, slots=True)
class Saying:
    """Words that are ready: a line, and what it means for whoever reads them."""

    title: Words
    text: Words


@dataclass(frozen=True, slots=True)
class Reply(Saying):
    """A prepared reply; ``title`` is what a moderator chooses by, ``text`` what the asker reads."""

    id: str
    group: str
    """Where a moderator looks for it: one of :data:`GROUPS`."""


@cache
def prepared_replies() -> tuple[Reply, ...]:
    """Return the replies moderators can send, the most urgent first."""
    return tuple(Reply(**reply) for reply in _file()["replies"])


def redirect_words(redirect: str) -> Saying | None:
    """Return what an asker reads at once for a ``Verdict.redirect``; None for none.

    Raises:
        KeyError: No such redirect.
    """
    return Saying(**_file()["redirects"][redirect]) if redirect else None


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
