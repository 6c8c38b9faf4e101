"""What the hours of a person refuse."""

from core.errors import NotFound, WrongState, _


class HoursChanged(WrongState):
    """The form was filled from hours that have changed since; nothing was written."""

    code = "hours_changed"
    message = _("These hours were changed somewhere else in the meantime. Nothing was lost.")


class NothingToUndo(WrongState):
    """There was no change yet."""

    code = "nothing_to_undo"
    message = _("There is nothing to undo.")


class NoSuchPerson(NotFound):
    """Nobody of that id gives time."""
