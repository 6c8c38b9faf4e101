"""Text that exists in several languages, and the languages there are."""

from collections.abc import Mapping
from typing import Final, TypeAlias

ENGLISH: Final = "en"
CHINESE: Final = "zh-Hans"
LANGUAGES: Final = (ENGLISH, CHINESE)

Words: TypeAlias = Mapping[str, str]
"""A text per language tag, for example ``{"en": "Sleep", "zh-Hans": "睡眠"}``."""


def storable(text: str) -> str:
    """Return a text without null characters: no database keeps one, and nobody typed it."""
    return text.replace("\x00", "")


def in_language(words: Words, language: str) -> str:
    """Return the text in ``language``, else in another language there is, else nothing."""
    return words.get(language) or next((text for text in words.values() if text), "")
