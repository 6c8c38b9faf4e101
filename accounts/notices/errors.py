"""What can go wrong between a notice and the person it is for."""

from core.errors import NotFound, WrongState, _


class NoSuchLink(NotFound):
    """The link in a mail is broken, was ended by its owner, or is for something that is gone."""

    code = "no_such_link"


class AddressRefusedError(Exception):
    """The other side takes nothing for this address."""


class EndDownError(Exception):
    """Nothing can be sent at present: no connection, no sign-in, no room on the disk."""


class SendingFailedError(Exception):
    """One message was not taken this time."""


class NotSteerable(WrongState):
    """The notice is in a state in which nobody may try it again or drop it."""

    code = "notice_not_steerable"
    message = _("This notice has changed in the meantime. Please look at it again.")


class NoSourceError(LookupError):
    """A kind of notice that nobody answers for."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"No source answers for notices of the kind {kind!r}.")


class LostError(RuntimeError):
    """Workers ended while they had this notice, again and again."""

    def __init__(self) -> None:
        super().__init__("Each attempt ended with the worker that made it.")
