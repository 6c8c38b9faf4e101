"""Text that exists in several languages, and the languages there are."""

import re
from collections.abc import Mapping
from typing import Final, TypeAlias

ENGLISH: Final = "en"
CHINESE: Final = "zh-Hans"
LANGUAGES: Final = (ENGLISH, CHINESE)

Words: TypeAlias = Mapping[str, str]
"""A text per language tag, for example ``{"en": "Sleep", "zh-Hans": "睡眠"}``."""
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


def storable(text: str) -> str:
    """Return a text without null characters: no database keeps one, and nobody typed it."""
    return text.replace("\x00", "")


def without_controls(text: str) -> str:
    """Return a text without control characters but line feeds and tabs.

    U+2028, U+2029 and the C1 controls go as well: some readers take them for the end of a line,
    behind which a title could add what it likes.
    """
    return _CONTROL.sub("", text)


def in_language(words: Words, language: str) -> str:
    """Return the text in ``language``, else in another language there is, else nothing."""
    return words.get(language) or next((text for text in words.values() if text), "")
