"""What removals refuse."""

from core.errors import NotFound, WrongState, _
from media.errors import MediaError


class NoSuchRemoval(NotFound):
    """There is no such removal, or it is somebody else's."""

    code = "no_such_removal"


class NotFailed(WrongState):
    """The removal waits for its time, goes on, or is done."""

    code = "removal_not_failed"
    message = _("This removal has not failed: there is nothing to try again.")


class StillAtWorkError(MediaError):
    """A worker was on a step of the broadcast; it is told to stop, and looked for again."""


class NotEmptyError(MediaError):
    """Something came back while it was removed; it is removed again."""
