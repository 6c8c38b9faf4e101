"""The bounds of slides. Pure."""

from datetime import timedelta
from typing import Final

from catalog.enums import LivestreamState as L
from core.errors import FieldError, InvalidInput, _

MOST_BYTES: Final = 40 << 20
MAGIC: Final = b"%PDF-"
CONTENT_TYPE: Final = "application/pdf"
KEPT: Final = timedelta(days=30)
"""How long slides stay after the livestream."""
LONGEST_NAME: Final = 200

TAKES_SLIDES: Final = frozenset({L.DRAFT, L.PROPOSED, L.SCHEDULED, L.LIVE, L.MISSED})

EMPTY: Final = _("The file is empty.")
TOO_BIG: Final = _("A PDF may have 40 MB at most. Export it in a smaller size.")
NO_PDF: Final = _("This is not a PDF. Export the slides as PDF and choose that file.")


def check_size(size: int) -> None:
    """Refuse slides of no byte or of too many.

    Raises:
        InvalidInput: With the words for it.
    """
    if size < 1:
        raise InvalidInput(FieldError("body", EMPTY))
    if size > MOST_BYTES:
        raise InvalidInput(FieldError("body", TOO_BIG))


def check_begin(first: bytes) -> None:
    """Refuse what does not begin as a PDF (ISO 32000-2, 7.5.2), whatever its name or type say.

    Raises:
        InvalidInput: It is something else.
    """
    if not first.startswith(MAGIC):
        raise InvalidInput(FieldError("body", NO_PDF))
