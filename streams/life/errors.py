"""What the life of a livestream refuses, in words for the person who asked."""

from core.errors import ManyReasons, WrongState, _


class NotInThisState(WrongState):
    """The table of transitions has no such move; the message names the present state."""

    message = _("The livestream is %(state)s and its broadcast %(broadcast)s: no %(event)s now.")


class CannotRestore(ManyReasons):
    """A livestream that was called off stays so; every reason is named."""

    code = "cannot_restore"


class GateShut(ManyReasons):
    """Going live needs more; every missing item is named."""

    code = "gate_shut"


class NotRecorded(WrongState):
    """There is no replay of it: it is set to not recorded."""

    code = "not_recorded"
    message = _("This livestream is not recorded, so there is no replay of it.")


class Withheld(WrongState):
    """There is no replay of it: its host withdrew the consent to being recorded."""

    code = "withheld"
    message = _("The host does not agree to being recorded any more, so there is no replay of it.")
