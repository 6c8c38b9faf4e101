"""Made-up names of one room: two words from a list, the same two in both languages. Pure.

A name is stored as a number. The first :func:`how_many` are a pair of words each; the numbers after
them are the same names again, with a figure, for rooms in which all names are taken.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from core.words import CHINESE, Words, in_language

FILE: Final = Path(__file__).with_name("names.json")


def name_of(code: int, language: str) -> str:
    """Return a made-up name, for example ``Quiet Heron``; 安静的苍鹭 in Chinese."""
    firsts, seconds = _lists()
    again, place = divmod(max(0, code), how_many())
    first = in_language(firsts[place // len(seconds)], language)
    second = in_language(seconds[place % len(seconds)], language)
    gap = "" if language == CHINESE else " "
    return f"{first}{gap}{second}" + (f" {again + 1}" if again else "")


@cache
def how_many() -> int:
    """Return how many names there are without a figure."""
    firsts, seconds = _lists()
    return len(firsts) * len(seconds)


@cache
def _lists() -> tuple[list[Words], list[Words]]:
    entries: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return entries["first"], entries["second"]
