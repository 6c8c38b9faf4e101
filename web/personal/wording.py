"""What the tables that hold something about people are called, for those people."""

import json
from functools import cache
from pathlib import Path
from typing import Final

from core.words import Words, in_language

FILE: Final = Path(__file__).with_name("sections.json")


def said_of(name: str, language: str) -> str:
    """Return what a table is called, or another text of the page that is handed over."""
    return in_language(_sections().get(name, {}), language) or name


@cache
def _sections() -> dict[str, Words]:
    sections: dict[str, Words] = json.loads(FILE.read_text(encoding="utf-8"))
    return sections
