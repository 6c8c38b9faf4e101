"""Words that name a condition, in both languages: none may stand in a subject line. Pure.

A subject is read by whoever looks at a lock screen. The words are data (``conditions.json``):
``whole`` English words, ``beginnings`` of English words, and Chinese words ``anywhere``.
"""

import json
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

_APART: Final = re.compile(r"[\W_]+")
_CHINESE: Final = re.compile(r"[\u3400-\u9fff]")


def condition_in(text: str, more: Iterable[str] = ()) -> str | None:
    """Return a word of ``text`` that names a condition, or one of ``more`` (names of topics)."""
    plain = _plain(text)
    found = _known().search(plain) or _anywhere().search(plain.replace(" ", ""))
    if found:
        return found[0].strip()
    return next((name for name in more if _names(plain, name)), None)


def _names(plain: str, name: str) -> bool:
    wanted = _plain(name).strip()
    if _CHINESE.search(wanted):
        return wanted.replace(" ", "") in plain.replace(" ", "")
    return bool(wanted) and f" {wanted} " in plain


def _plain(text: str) -> str:
    """Return a text as one line of small letters: no accents, signs or invisible characters."""
    parts = unicodedata.normalize("NFKD", text).casefold()
    seen = "".join(c for c in parts if unicodedata.category(c) not in {"Cf", "Mn"})
    return f" {_APART.sub(' ', seen).strip()} "


@cache
def _known() -> re.Pattern[str]:
    words = "|".join(map(re.escape, _data()["whole"]))
    starts = "|".join(map(re.escape, _data()["beginnings"]))
    return re.compile(rf" (?:(?:{words})(?= )|(?:{starts})\w*)")


@cache
def _anywhere() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, _data()["anywhere"])))


@cache
def _data() -> dict[str, list[str]]:
    path = Path(__file__).with_name("conditions.json")
    content: dict[str, list[str]] = json.loads(path.read_text("utf-8"))
    return content
