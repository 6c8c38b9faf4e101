"""Why something cannot be followed, in words for its reader."""

from core.errors import WrongState, _


class FollowsEnough(WrongState):
    """One person follows as much as a page can show."""

    code = "follows_enough"
    message = _("You follow as much as one person can. Stop following something first.")
