"""States and reasons of notices in words; translated where they are shown. Pure."""

from collections.abc import Mapping
from typing import Final

from accounts.notices.enums import DropReason, NoticeState
from core.errors import _

STATES: Final[Mapping[str, str]] = {
    NoticeState.FAILED: _("Failed"),
    NoticeState.WAITING: _("Waiting"),
    NoticeState.LEASED: _("Taken up"),
    NoticeState.SENDING: _("Being sent"),
    NoticeState.HELD: _("Held for the digest"),
    NoticeState.SENT: _("Sent"),
    NoticeState.DROPPED: _("Not sent"),
}
"""In the order of the board: what needs a person comes first."""

REASONS: Final[Mapping[str, str]] = {
    DropReason.UNSUBSCRIBED: _("The person called the registration off."),
    DropReason.NOT_CONFIRMED: _("The registration was never confirmed."),
    DropReason.OFF: _("The person has switched such notices off."),
    DropReason.TOO_LATE: _("It would have come too late."),
    DropReason.NOT_TRUE: _("What it would have said is no longer so."),
    DropReason.SUPERSEDED: _("A later notice says all of it."),
    DropReason.NOTHING_NEW: _("The person has been told already."),
    DropReason.NO_ADDRESS: _("There is no address for it."),
    DropReason.REFUSED: _("The other side takes nothing for this address."),
    DropReason.GONE: _("What it was about no longer exists."),
    DropReason.BY_HAND: _("An administrator took it out."),
}


def reason_of(state: str, reason: str) -> str:
    """Return why a notice was not sent, as a message to be translated.

    Nobody's address is in it: what writes reasons leaves them out.
    """
    return REASONS.get(reason, reason) if state == NoticeState.DROPPED else reason
