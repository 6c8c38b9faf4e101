"""Refusals of the history of what somebody watched."""

from core.errors import NotAllowed, _


class HistoryOff(NotAllowed):
    """The person has not said yes to it."""

    code = "history_off"
    message = _("You have not asked us to remember what you watched.")
