"""The family of refusals that a person reads.

A service raises one of these; the web edge turns it into a page or an RFC 9457 problem.
``message`` is an English template with named ``%(placeholders)s``: it is the key of its
translation, and ``params`` fills it after translation. ``code`` is stable and part of the API.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made_by


def _(message: str) -> str:
    """Mark a message for the translation catalogue; it is translated at the edge."""
    return message


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field of the input: its name and a message template."""

    field: str
    message: str
    params: Mapping[str, object] = made_by(default_factory=dict)


class Refusal(Exception):  # noqa: N818 -- a refusal is an answer to a person, not a fault
    """A request that cannot be granted, with a reason that its reader understands."""

    status = 400
    code = "refused"
    message = _("This cannot be done.")

    def __init__(self, message: str | None = None, /, **params: object) -> None:
        self.message = message if message is not None else type(self).message
        self.params = params
        super().__init__(self.message % params if params else self.message)


class NotFound(Refusal):
    """The object does not exist, or the asker may not know that it does."""

    status = 404
    code = "not_found"
    message = _("There is nothing here under this address.")


class NotAllowed(Refusal):
    """The asker may see the object but not do this to it."""

    status = 403
    code = "not_allowed"
    message = _("You may not do this.")


class SignInNeeded(Refusal):
    """The act needs an account, and nobody is signed in."""

    status = 401
    code = "sign_in_needed"
    message = _("Please sign in first.")


class WrongState(Refusal):
    """The object is not in a state in which this can be done."""

    status = 409
    code = "wrong_state"
    message = _("This cannot be done now.")


class ManyReasons(WrongState):
    """One or more reasons keep it from being done now; each is in ``errors`` and the message."""

    def __init__(self, *errors: FieldError) -> None:
        self.errors = errors
        super().__init__(" ".join(error.message % error.params for error in errors))


class InvalidInput(Refusal):
    """The input has faults; each is named beside its field."""

    status = 422
    code = "invalid_input"
    message = _("Some fields need attention.")

    def __init__(self, *errors: FieldError) -> None:
        self.errors = errors
        super().__init__()


class TooMany(Refusal):
    """A limit was reached; ``retry_after`` is in seconds."""

    status = 429
    code = "too_many"
    message = _("That was a little too often. Please try again in %(seconds)s seconds.")

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(None, seconds=retry_after)


class Busy(Refusal):
    """Others write the same rows at this moment, and waiting for them took too long."""

    status = 503
    code = "busy"
    message = _("Somebody else is changing this right now. Nothing was changed. Please try again.")
    retry_after = 1
    """Seconds."""


class SettingError(Exception):
    """A setting is missing or makes no sense; the message names the variable."""


class NaiveTimeError(ValueError):
    """A datetime without a zone reached a place that stores or compares times."""

    def __init__(self) -> None:
        super().__init__("a datetime needs a time zone")
