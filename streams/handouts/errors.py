"""What is refused of hand-outs, in words for the person who asked."""

from core.errors import NotFound, WrongState, _


class NoSuchHandout(NotFound):
    """There is no such hand-out, it was removed, or the asker may not know of it."""

    code = "no_such_handout"
    message = _("This hand-out is not here. It may have been removed.")


class TooManyHandouts(WrongState):
    """A livestream has room for a few."""

    code = "too_many_handouts"
    message = _("There is room for %(most)s hand-outs. Remove one first.")


class NotTakingPlace(WrongState):
    """The livestream was cancelled or given up."""

    code = "handouts_not_taken"
    message = _("This livestream does not take place, so it takes no hand-outs.")
