"""What a hand-out may be, judged by its content, and what it is called. Pure.

Pictures keep nothing beside their pixels, text becomes UTF-8. A PDF loses the names of who wrote it
and is refused when it could do anything when it is opened.
"""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from catalog.credentials.errors import BadPage
from catalog.credentials.rules.documents import checked_page
from catalog.enums import LivestreamState as L
from core.errors import FieldError, InvalidInput, _
from core.words import without_controls
from media.captions.decoding import as_text
from streams.handouts.enums import Kind
from streams.handouts.rules.authors import without_author
from streams.uploads.rules import clean_name

MOST: Final = 5
"""Of one livestream."""
MOST_BYTES: Final = 10 << 20
LONGEST_TITLE: Final = 120
LONGEST_STEM: Final = 80
"""Characters of the name under which it is saved: file systems take 255 bytes, of any script."""
MOST_REMOVED: Final = 10
"""Of one livestream: nobody fills the storage by bringing and removing."""
KEPT_REMOVED: Final = timedelta(days=7)
"""So long a hand-out that was removed can be brought back."""
KEPT_UNUSED: Final = timedelta(days=30)
"""So long those of a livestream stay that did not take place."""
NOT_TAKING_PLACE: Final = frozenset({L.CANCELLED, L.MISSED})
OVER: Final = frozenset({L.ENDED, L.PUBLISHED, *NOT_TAKING_PLACE})

CONTENT_TYPES: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.PDF: "application/pdf",
        Kind.PNG: "image/png",
        Kind.JPEG: "image/jpeg",
        Kind.TEXT: "text/plain; charset=utf-8",
    }
)
ENDINGS: Final[Mapping[Kind, str]] = MappingProxyType(
    {Kind.PDF: "pdf", Kind.PNG: "png", Kind.JPEG: "jpg", Kind.TEXT: "txt"}
)

FILE: Final = "file"
TITLE: Final = "title"
NO_FILE: Final = _("Choose a file: this one is empty.")
TOO_BIG: Final = _("A hand-out may have 10 MB at most. Save it in a smaller size.")
OTHER_KIND: Final = _("This is not a PDF, a picture (PNG or JPG) or plain text.")
TITLE_TOO_LONG: Final = _("Use at most 120 characters.")
NO_TITLE: Final = _("Give it a title.")
_FAULTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        BadPage.too_large: TOO_BIG,
        BadPage.too_many_pixels: _("This picture is too large. Save it in a smaller size."),
        BadPage.broken: _("This file is damaged or not complete. Save it again."),
        BadPage.encrypted: _("This PDF has a password. Save it without one."),
        BadPage.active: _(
            "This PDF holds a script, a form or another file. Print it to a new PDF."
        ),
        BadPage.unreadable: _("This PDF cannot be checked. Print it to a new PDF."),
    }
)

_SIGNATURES: Final = (
    (b"%PDF-", Kind.PDF),
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
)
_NOT_IN_NAMES: Final = re.compile(r'[\\/:*?"<>|\s]+')
_NAMELESS: Final = "handout"


@dataclass(frozen=True, slots=True)
class Content:
    """A file as it is kept and given out."""

    data: bytes
    kind: Kind


def checked_content(data: bytes, *, language: str) -> Content:
    """Return what is kept of a file; ``language`` decides what the bytes of a text alone cannot.

    Raises:
        InvalidInput: It is empty, too large, of no kind that is taken, broken, or not harmless.
    """
    if not data.strip():
        raise InvalidInput(FieldError(FILE, NO_FILE))
    if len(data) > MOST_BYTES:
        raise InvalidInput(FieldError(FILE, TOO_BIG))
    kind = next((kind for sign, kind in _SIGNATURES if data.startswith(sign)), Kind.TEXT)
    kept = Content(_as_kept(data, kind, language), kind)
    if len(kept.data) > MOST_BYTES:
        raise InvalidInput(FieldError(FILE, TOO_BIG))
    return kept


def checked_title(title: str, *, file_name: str) -> str:
    """Return the title of a hand-out; the name of its file where nobody gave it one.

    Raises:
        InvalidInput: It is too long, or there is none.
    """
    plain = " ".join(without_controls(title).split())
    if len(plain) > LONGEST_TITLE:
        raise InvalidInput(FieldError(TITLE, TITLE_TOO_LONG))
    stem = clean_name(file_name).rpartition(".")[0] or clean_name(file_name)
    named = plain or " ".join(stem.replace("_", " ").split())[:LONGEST_TITLE]
    if not named:
        raise InvalidInput(FieldError(TITLE, NO_TITLE))
    return named


def saved_as(title: str, kind: Kind) -> str:
    """Return the name under which a hand-out is saved: its title, as any file system takes it."""
    stem = _NOT_IN_NAMES.sub(" ", title).strip(" .")[:LONGEST_STEM].strip(" .")
    return f"{stem or _NAMELESS}.{ENDINGS[kind]}"


def _may_be_text(data: bytes) -> bool:
    """Tell whether bytes are worth reading as text: with zeros in it only UTF-16 that says so."""
    return b"\0" not in data or data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))


def _as_kept(data: bytes, kind: Kind, language: str) -> bytes:
    if kind is Kind.TEXT:
        text = as_text(data, language=language) if _may_be_text(data) else None
        if text is None:
            raise InvalidInput(FieldError(FILE, OTHER_KIND))
        return text.encode()
    try:
        kept = checked_page(data).data
    except BadPage as fault:
        raise InvalidInput(FieldError(FILE, _FAULTS.get(fault.message, OTHER_KIND))) from fault
    return without_author(kept) if kind is Kind.PDF else kept
