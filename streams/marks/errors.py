"""Refusals about marks."""

from core.errors import NotFound, WrongState, _


class NoSuchMark(NotFound):
    """There is no such mark of this livestream."""

    code = "no_such_mark"


class NotOnAir(WrongState):
    """Marks are set while it is live."""

    code = "not_on_air"
    message = _("A chapter can be marked while you are on air. Afterwards, add it to the replay.")
