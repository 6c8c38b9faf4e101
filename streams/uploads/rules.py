"""The bounds of uploads, and how a file is parted. Pure."""

import re
import unicodedata
from datetime import timedelta
from typing import Final

from catalog.enums import LivestreamState as L
from core.errors import FieldError, InvalidInput, _
from media.enums import UploadState

PART_SIZE: Final = 8 << 20
MOST_BYTES: Final = 20 << 30
OPEN_PER_PERSON: Final = 5
LIFE: Final = timedelta(days=7)
"""An upload that is not finished by then is cancelled, and its parts are removed."""
LONGEST_NAME: Final = 200

TAKES_UPLOADS: Final = frozenset({L.DRAFT, L.PROPOSED, L.SCHEDULED, L.MISSED})
UNDER_WAY: Final = (UploadState.OPEN, UploadState.RECEIVED, UploadState.IMPORTING)

EXPIRED: Final = _("It was not finished within seven days.")
CANCELLED: Final = _("It was cancelled.")
TAKEN_BACK: Final = _("It was taken back.")
STOPPED: Final = _("The import was stopped.")

NO_NAME: Final = _("Give the name of the file.")
NO_SIZE: Final = _("The file is empty.")
TOO_BIG: Final = _("A file may have 20 GB at most. Export it in a smaller size.")
WRONG_PART: Final = _("The file has no part of this number.")
WRONG_SIZE: Final = _("This part does not have the size that was agreed.")
WRONG_DIGEST: Final = _("This part does not arrive as it was sent. Send it again.")


def check_file(name: str, size: int) -> str:
    """Return the name of a file as it is kept.

    Raises:
        InvalidInput: The file is empty, too large or has no name.
    """
    faults = []
    kept = clean_name(name)
    if not kept:
        faults.append(FieldError("name", NO_NAME))
    if size < 1:
        faults.append(FieldError("size", NO_SIZE))
    if size > MOST_BYTES:
        faults.append(FieldError("size", TOO_BIG))
    if faults:
        raise InvalidInput(*faults)
    return kept


def clean_name(name: str) -> str:
    """Return the last part of a path without what cannot be shown; it names no file of ours."""
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(one for one in last if unicodedata.category(one)[0] != "C")
    return shown.strip()[:LONGEST_NAME]


def part_count(size: int, part_size: int) -> int:
    """Return how many parts a file of ``size`` bytes has; they are numbered from 0."""
    return -(-size // part_size)


def expected_size(number: int, *, size: int, part_size: int) -> int:
    """Return the bytes of part ``number``.

    Raises:
        InvalidInput: There is no such part.
    """
    if not 0 <= number < part_count(size, part_size):
        raise InvalidInput(FieldError("number", WRONG_PART))
    return min(part_size, size - number * part_size)
