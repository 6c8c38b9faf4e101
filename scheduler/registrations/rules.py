"""What somebody can be reminded of, how long a link holds, and how long it is kept. Pure."""

from datetime import datetime, timedelta
from typing import Final

from catalog.enums import LivestreamState as L
from scheduler.registrations.errors import HasBegun, IsCancelled, IsOver, NotPlanned

CONFIRM_WITHIN: Final = timedelta(hours=48)
UNCONFIRMED_KEPT: Final = timedelta(days=7)
KEPT: Final = timedelta(days=90)
"""After the end of the livestream; reminders are kept no longer (trust, "Privacy")."""
PAST_SHOWN: Final = timedelta(days=30)

MAILS_A_DAY: Final = 3
"""Confirmation mails to one address: a stranger can fill nobody's mailbox."""
ASKS_FROM_ADDRESS: Final = 20
"""An hour, from one address of the net: an office or a household may have one for all."""
ASKS_OF_LIVESTREAM: Final = 3_000
"""An hour, without an account, for one livestream."""
ASKS_OF_ACCOUNT: Final = 60
"""An hour: each asking anew is a mail, and whole series are asked for one by one."""
DEFAULT_ZONE: Final = "UTC"
"""Of mails to whoever says none."""
HOUR: Final = 3_600
DAY: Final = 86_400

_REFUSALS: Final = {
    L.LIVE: HasBegun,
    L.ENDED: IsOver,
    L.PUBLISHED: IsOver,
    L.MISSED: IsOver,
    L.CANCELLED: IsCancelled,
}


def check_open(state: str, starts_at: datetime, now: datetime) -> None:
    """Refuse to remind of what does not lie ahead.

    Raises:
        HasBegun, IsOver, IsCancelled, NotPlanned: Why not.
    """
    if state != L.SCHEDULED:
        raise _REFUSALS.get(L(state), NotPlanned)
    if starts_at <= now:
        raise HasBegun


def is_open(state: str, starts_at: datetime, now: datetime) -> bool:
    """Tell whether somebody can be reminded of it."""
    return state == L.SCHEDULED and starts_at > now


def link_until(asked_at: datetime, starts_at: datetime) -> datetime:
    """Return until when a registration can be confirmed: 48 hours long, but before the start."""
    return min(asked_at + CONFIRM_WITHIN, starts_at)


def mailbox_of(address: str) -> str:
    """Return an address without what stands behind a plus: it goes to the same mailbox."""
    name, _at, domain = address.rpartition("@")
    return f"{name.partition('+')[0] or name}@{domain}"


def about_of(registration_id: str, asks: int) -> str:
    """Return what a link of confirmation is about: a registration, and for which time of asking."""
    return f"{registration_id}-{asks}"


def is_latest(about: str, asks: int) -> bool:
    """Tell whether a link of confirmation is of the last time of asking; no other says yes."""
    return about == about_of(registration_in(about), asks)


def registration_in(about: str) -> str:
    """Return the id of the registration that a link of confirmation is about."""
    return about.partition("-")[0]
