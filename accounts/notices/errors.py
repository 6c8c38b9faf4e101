"""What can go wrong between a notice and the person it is for."""

from core.errors import NotFound, Refusal, WrongState, _


class NoSuchLink(NotFound):
    """The link in a mail is broken, was ended by its owner, or is for something that is gone."""

    code = "no_such_link"


class AddressRefused(Exception):  # noqa: N818 -- says what happened; the ledger records it
    """The other side takes nothing for this address."""


class EndDown(Exception):  # noqa: N818 -- as above
    """Nothing can be sent at present: no connection, no sign-in, no room on the disk."""


class SendingFailed(Exception):  # noqa: N818 -- as above
    """One message was not taken this time."""


class BadWording(Refusal):
    """What an editor wrote cannot be sent."""

    status = 422
    code = "bad_wording"
    message = _("This wording cannot be used.")


class NotSteerable(WrongState):
    """The notice is in a state in which nobody may try it again or drop it."""

    code = "notice_not_steerable"
    message = _("This notice has changed in the meantime. Please look at it again.")
