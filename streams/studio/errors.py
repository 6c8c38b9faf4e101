"""What the studio refuses, in words for the person who asked."""

from core.errors import WrongState, _


class NotesChanged(WrongState):
    """The notes were changed in another window since this one read them."""

    code = "notes_changed"
    message = _("Your notes were changed in another window. Here they stand as they are there.")
