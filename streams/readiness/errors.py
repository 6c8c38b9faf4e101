"""What readiness refuses, in words for the person who asked."""

from core.errors import NotAllowed, WrongState, _


class NotTheHost(NotAllowed):
    """Nobody checks devices or reads the text in another's place."""

    message = _("Only the host of this livestream can do this.")


class ScriptChanged(WrongState):
    """There is another version of the text than the one that was read."""

    code = "script_changed"
    message = _("The text has changed. Please read it as it is now.")
