"""What the life of a livestream refuses, in words for the person who asked."""

from core.errors import FieldError, WrongState, _


class NotInThisState(WrongState):
    """The table of transitions has no such move; the message names the present state."""

    message = _("The livestream is %(state)s and its broadcast %(broadcast)s: no %(event)s now.")


class CannotRestore(WrongState):
    """A livestream that was called off stays so; each reason is in ``errors`` and the message."""

    code = "cannot_restore"

    def __init__(self, *errors: FieldError) -> None:
        self.errors = errors
        super().__init__(" ".join(error.message for error in errors))  # one reason is translated


class GateShut(WrongState):
    """Going live needs more; every missing item is in ``errors`` and in the message."""

    code = "gate_shut"

    def __init__(self, *errors: FieldError) -> None:
        self.errors = errors
        super().__init__(" ".join(error.message for error in errors))  # one reason is translated
