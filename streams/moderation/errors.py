"""What the desk refuses, in words for moderators."""

from collections.abc import Mapping
from types import MappingProxyType

from core.errors import NotAllowed, WrongState, _


class HostDoesNotModerate(NotAllowed):
    """Nobody decides what is asked in their own livestream."""

    message = _(
        "You host this livestream, so others read its questions first. "
        "What they approve is in your studio."
    )


class NotAsItStands(WrongState):
    """``present`` tells a program how the question stands now; a page shows it anyway."""

    def __init__(self, present: Mapping[str, object] = MappingProxyType({})) -> None:
        self.present = present
        super().__init__()


class NotOffered(NotAsItStands):
    """A question in this state, or of this tier, cannot be dealt with in that way."""

    code = "not_offered"
    message = _("This cannot be done to this question now.")


class DecidedMeanwhile(NotAsItStands):
    """The second of two moderators is told what the first did."""

    code = "changed_meanwhile"
    message = _(
        "This question has just been changed, so nothing was done. Look at it as it is now."
    )


class NothingToUndo(WrongState):
    """It was not the last thing that happened to the question, or not by this person."""

    code = "nothing_to_undo"
    message = _("This cannot be undone any more: the question has been changed since.")
