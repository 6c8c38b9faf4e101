"""What can go wrong with a cut, as whoever cuts reads it."""

from core.errors import WrongState, _


class CutMeanwhile(WrongState):
    """Somebody else cut it, or undid that, since the asker looked."""

    code = "cut_meanwhile"
    message = _("Somebody else has changed the cuts meanwhile. Look again, then cut.")


class NothingCut(WrongState):
    """There is no cut that could be undone."""

    code = "nothing_cut"
    message = _("Nothing is cut off that could be brought back.")


class CutIsFinal(WrongState):
    """What was cut off is being removed, or has been."""

    code = "cut_is_final"
    message = _("This was cut more than a day ago. What was cut off is deleted.")
