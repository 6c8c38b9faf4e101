"""When a licence is valid, when it is looked at again, and what a check must say. Pure."""

from datetime import datetime, timedelta
from typing import Final

from accounts.rules import Actor
from catalog.credentials.rules.application import last_moment
from core.errors import FieldError, NotAllowed, SignInNeeded, _

RECHECK_EVERY: Final = timedelta(days=90)
"""A licence is looked up again at least this often."""
NOTICE: Final = timedelta(days=14)
"""How long before its recheck a licence is announced to its holder and to the editors."""
DOCUMENTS_KEPT: Final = timedelta(days=30)
"""How long the pages of a licence are kept after it was granted."""
LONGEST_SOURCE: Final = 300
LONGEST_EVIDENCE: Final = 5000

NOT_SHOWN: Final = _("This text has characters that cannot be shown.")
WRITE_SOURCE: Final = _("Name the register, or give its address.")
WRITE_EVIDENCE: Final = _("Write what stood there: status, name, specialty, the day you looked.")
WRITE_REASON: Final = _("Write it in a sentence: the person reads it.")
TOO_LONG: Final = _("At most %(longest)s characters.")
END_IS_PAST: Final = _("This day is over. A licence that has ended cannot be confirmed.")


def check_may_verify(actor: Actor, *, holder_id: str | None = None) -> None:
    """Refuse who may not look licences up: others than the staff, and the holder.

    Raises:
        SignInNeeded, NotAllowed: In this order.
    """
    if actor.user_id is None:
        raise SignInNeeded
    if not actor.is_staff:
        raise NotAllowed
    if actor.user_id == holder_id:
        raise NotAllowed(_("Somebody else looks up your own licence."))


def valid_from_check(now: datetime, licence_ends: datetime | None) -> datetime:
    """Return until when a licence that was confirmed at ``now`` is valid: never past its end."""
    by_clock = now + RECHECK_EVERY
    return by_clock if licence_ends is None else min(by_clock, licence_ends)


def is_due_soon(recheck_due_at: datetime | None, now: datetime) -> bool:
    """Tell whether a recheck is due within the time of notice, or overdue."""
    return recheck_due_at is not None and recheck_due_at <= now + NOTICE


def look_faults(source: str, evidence: str) -> list[FieldError]:
    """Return what is wrong with what a checker says of the primary source."""
    return [
        *text_faults("source", source, LONGEST_SOURCE, WRITE_SOURCE),
        *text_faults("evidence", evidence, LONGEST_EVIDENCE, WRITE_EVIDENCE),
    ]


def reason_faults(reason: str, name: str = "reason") -> list[FieldError]:
    """Return what is wrong with a reason that a person is told."""
    return text_faults(name, reason, LONGEST_EVIDENCE, WRITE_REASON)


def text_faults(name: str, text: str, longest: int, empty: str) -> list[FieldError]:
    """Return what is wrong with a text that must be there."""
    if "\x00" in text:
        return [FieldError(name, NOT_SHOWN)]
    if not text.strip():
        return [FieldError(name, empty)]
    if len(text) > longest:
        return [FieldError(name, TOO_LONG, {"longest": longest})]
    return []


def end_faults(ends: datetime | None, now: datetime) -> list[FieldError]:
    """Return what is wrong with the end that stands on a licence."""
    return [FieldError("valid_until", END_IS_PAST)] if ends is not None and ends <= now else []


def is_day(text: str) -> bool:
    """Tell whether a text is a day like 2027-11-22."""
    return last_moment_of(text) is not None


def last_moment_of(text: str) -> datetime | None:
    """Return the end of a typed day, as that of an application."""
    return last_moment({"valid_until": text})
