"""What a person reads when a step has failed."""

from traceback import format_exception
from typing import Final

from core.errors import Refusal, _
from media.errors import ObjectMissing, StepTooSlow, StorageUnavailable
from media.process import ProcessFailed

NO_STORAGE: Final = _("The storage of the recordings cannot be reached just now.")
NOT_STORED: Final = _("A part of the recording is not in the storage yet.")
TOO_SLOW: Final = _("This took longer than it may.")
BROKEN: Final = _("Something went wrong while this was made. The log of the worker says what.")


def reason_of(error: Exception) -> str:
    """Return the reason for ``error``: a sentence that can be translated, without internals."""
    if isinstance(error, Refusal):
        return error.message % error.params if error.params else error.message
    if isinstance(error, StorageUnavailable):
        return NO_STORAGE
    if isinstance(error, ObjectMissing):
        return NOT_STORED
    return TOO_SLOW if isinstance(error, StepTooSlow) else BROKEN


def log_of(error: Exception) -> str:
    """Return what an administrator reads of ``error``: the program's last words, or where it was.

    A refusal needs no more words than its reason.
    """
    if isinstance(error, Refusal):
        return ""
    if isinstance(error, ProcessFailed):
        return str(error)
    return "".join(format_exception(error))


def is_final(error: Exception) -> bool:
    """Return whether another attempt would change nothing."""
    return isinstance(error, Refusal)
