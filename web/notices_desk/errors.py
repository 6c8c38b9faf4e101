"""What can stand in the way of a change of wording."""

from core.errors import NotFound, WrongState, _


class NoSuchKind(NotFound):
    """There is no notice of this kind, or no wording in this language."""

    code = "no_such_kind"


class WordingMoved(WrongState):
    """Somebody else has changed the words since the form was opened."""

    code = "wording_moved"
    message = _("Somebody else has changed these words since you opened the form.")


class NothingToUndo(WrongState):
    """The words were changed again since, so that undoing would take that away."""

    code = "nothing_to_undo"
    message = _("These words were changed again meanwhile. Nothing was undone.")
