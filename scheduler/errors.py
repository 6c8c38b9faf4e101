"""What time refuses, in words for the person who asked."""

from collections.abc import Iterable

from core.errors import NotAllowed, WrongState, _
from scheduler.spans import Span


class Taken(WrongState):
    """Somebody else has this time; ``alternatives`` are up to three that are free."""

    code = "taken"
    message = _("This time was just taken. Nothing was changed.")

    def __init__(self, alternatives: Iterable[Span] = (), message: str | None = None) -> None:
        self.alternatives = tuple(alternatives)
        super().__init__(message)


class HoldOver(WrongState):
    """The hold has expired; somebody else may have the time by now."""

    code = "hold_over"
    message = _("The time was held for you until a moment ago. Please choose it again.")


class NotVerified(NotAllowed):
    """The host's licence is not verified at present."""

    code = "not_verified"
    message = _("The host's licence is not verified at present.")


class BeyondScope(NotAllowed):
    """The host's profession does not teach this."""

    code = "beyond_scope"
    message = _("This profession does not teach diagnosis or medication.")
