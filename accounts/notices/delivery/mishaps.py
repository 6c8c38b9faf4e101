"""What a person reads of a row that stepped aside, and whether another attempt makes sense. Pure.

Addresses never get into a reason: it is kept with the ledger and shown on the work board.
"""

import re
from datetime import datetime
from traceback import format_exception
from typing import Final

from sqlalchemy.exc import DBAPIError

from accounts.notices.delivery.outcomes import Again, Back, Failed, Failure
from accounts.notices.delivery.rows import Row
from accounts.notices.enums import DropReason
from accounts.notices.errors import (
    AddressRefusedError,
    EndDownError,
    LostError,
    NoSourceError,
    SendingFailedError,
)

LONGEST: Final = 2000
"""Characters of a reason; of a traceback the end says what happened."""
PASSING: Final = (SendingFailedError, DBAPIError, OSError)
"""What may well not happen the next time; all else is deterministic."""
ADDRESS: Final = re.compile(r"[^\s<>\"'(\[]+@[^\s<>\"')\]]+|\+\d{6,15}")
"""A mail address, or a phone number in E.164."""


def outcome_of(error: Exception, row: Row, *, attempts: int, at: datetime) -> Failure:
    """Return what becomes of a row after ``error`` in its attempt number ``attempts``."""
    if isinstance(error, EndDownError):
        return Back(row.id)
    if isinstance(error, PASSING):
        return Again(row.id, reason_of(error), attempts, at, row.give_up_at)
    return Failed(row.id, reason_of(error))


def reason_of(error: Exception) -> str:
    """Return what is kept of an error: its own words, or the end of its traceback."""
    if isinstance(error, AddressRefusedError):
        return _without_addresses(f"{DropReason.REFUSED}: {error}")[:LONGEST]
    if isinstance(error, SendingFailedError | NoSourceError | LostError):
        return _without_addresses(str(error))[:LONGEST]
    return _without_addresses("".join(format_exception(error)))[-LONGEST:]


def _without_addresses(text: str) -> str:
    return ADDRESS.sub("…", text)
