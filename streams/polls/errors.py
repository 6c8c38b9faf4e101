"""What polls refuse, in words for the person who asked."""

from core.errors import NotFound, WrongState, _


class NoSuchPoll(NotFound):
    """There is no such poll, or the asker may not know of it."""

    code = "no_such_poll"


class NotOpen(WrongState):
    """Somebody answers what takes no answers: not yet, or not any more."""

    code = "poll_not_open"
    message = _("This poll takes no answers now. Yours was not counted.")


class AnotherOpen(WrongState):
    """Viewers answer one poll at a time."""

    code = "another_poll_open"
    message = _("Another poll is open. Close it first.")


class PollMoved(WrongState):
    """Somebody else of the crew was faster, or the page is old."""

    code = "poll_moved"
    message = _("The poll has moved on: somebody else opened, closed or released it.")


class NotOnAir(WrongState):
    """A poll is opened while people are there to answer it."""

    code = "poll_not_on_air"
    message = _("A poll can be opened while the livestream is live.")
