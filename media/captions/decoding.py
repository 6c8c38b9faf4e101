"""Bytes of a caption file to text, whatever encoding it is in. Pure.

Looked at is the content alone: a byte order mark, zeros where UTF-16 has them, and whether the
bytes are UTF-8. What is left is GB 18030, which old Chinese tools write, or Windows-1252.
"""

import codecs
from typing import Final

from core.errors import FieldError, _
from core.words import CHINESE
from media.captions.errors import CaptionsInvalid

FILE: Final = "file"
MOST_BYTES: Final = 1_000_000
"""Captions of eight hours of talk are smaller, and no form may be larger (``web.app``)."""
EMPTY: Final = _("Choose a file: this one is empty.")
TOO_LARGE: Final = _("This file is larger than 1 MB: captions are never that long.")
NO_TEXT: Final = _("This is not a text file. Captions are files that end in .vtt or .srt.")
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DENSE: Final = 0.15
"""Share of bytes above 127 from which on they are pairs of GB 18030 rather than accents."""
_ALLOWED: Final = frozenset("\t\n\r\f")


def decoded(data: bytes, *, language: str) -> str:
    """Return the text of a caption file; ``language`` decides what bytes alone cannot.

    Raises:
        CaptionsInvalid: It is empty, too large, or no text.
    """
    if not data.strip():
        raise CaptionsInvalid(FieldError(FILE, EMPTY))
    if len(data) > MOST_BYTES:
        raise CaptionsInvalid(FieldError(FILE, TOO_LARGE))
    text = as_text(data, language=language)
    if text is None:
        raise CaptionsInvalid(FieldError(FILE, NO_TEXT))
    return text


def as_text(data: bytes, *, language: str) -> str | None:
    """Return bytes as text, in the first encoding that can be read; None: they are no text."""
    for encoding in _candidates(data, language):
        try:
            text = data.decode(encoding).removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
        except UnicodeDecodeError:
            continue
        if all(sign >= " " or sign in _ALLOWED for sign in text):
            return text
    return None


def _candidates(data: bytes, language: str) -> tuple[str, ...]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return (encoding,)
    if b"\0" in data:  # UTF-16 without a mark: the zeros are the high halves of digits and spaces
        return ("utf-16-le", "utf-16-be") if _zeros(data, 1) > _zeros(data, 0) else ("utf-16-be",)
    high = sum(byte > 127 for byte in data) / len(data)  # noqa: PLR2004 -- the end of ASCII
    is_paired = language == CHINESE or high > _DENSE
    return ("utf-8", "gb18030", "cp1252") if is_paired else ("utf-8", "cp1252", "gb18030")


def _zeros(data: bytes, first: int) -> int:
    return data[first::2].count(0)
