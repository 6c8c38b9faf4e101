"""Why an answer cannot be kept or shown."""

from core.errors import NotAllowed, NotFound, WrongState, _


class NoSuchAnswer(NotFound):
    """There is none, or the actor may not know of it."""


class NoReplay(WrongState):
    """Nothing was recorded that an answer could point into."""

    message = _("There is no replay to choose an answer from.")


class AlreadyInLibrary(WrongState):
    """The question stands in the library already."""

    message = _("This question has an answer in the library already.")


class NotAReviewer(NotAllowed):
    """Somebody without a valid licence tried to vouch for an answer."""

    message = _("Only somebody whose licence has been checked can review an answer.")


class ChangedMeanwhile(WrongState):
    """Somebody else changed it since it was read."""

    message = _("Somebody else has changed this answer. Look at it as it is now, then save again.")


class NotReviewed(WrongState):
    """Nobody has vouched for these words yet."""

    message = _("Somebody has to review this answer before everybody can read it.")
