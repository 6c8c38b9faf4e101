"""Text messages: one sentence and the address of the page, in two parts at most. Pure."""

import unicodedata
from collections.abc import Mapping
from typing import Final

from accounts.notices.composing.paragraphs import one_line
from accounts.notices.wording.filling import fill

PARTS: Final = 2
_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""GSM 03.38; the characters of its extension take two."""
_EXTENDED: Final = frozenset("^{}\\[~]|€")


def text_message(pattern: str, values: Mapping[str, str], link: str) -> str:
    """Return a text message; without the address when it would not fit into two parts."""
    words = _telegraphic(one_line(fill(pattern, values)))
    for text in (f"{words} {link}".strip(), words):
        if parts_of(text) <= PARTS:
            return text
    while parts_of(f"{words}…") > PARTS:
        words = words[:-1]
    return f"{words}…"


def parts_of(text: str) -> int:
    """Return in how many parts a text message is sent (3GPP TS 23.038 and 23.040)."""
    if set(text) <= _BASIC | _EXTENDED:
        size, one, several = len(text) + sum(text.count(c) for c in _EXTENDED), 160, 153
    else:
        size, one, several = len(text.encode("utf-16-le")) // 2, 70, 67
    return 1 if size <= one else -(-size // several)


def _telegraphic(text: str) -> str:
    """Return a text without accents that the alphabet lacks: one would halve the room for all."""
    parts = (c if c in _BASIC else unicodedata.normalize("NFKD", c) for c in text)
    plain = "".join(c for part in parts for c in part if not unicodedata.combining(c))
    return plain if set(plain) <= _BASIC | _EXTENDED else text
