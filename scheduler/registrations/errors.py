"""Why somebody cannot be reminded, in words for them."""

from core.errors import WrongState, _


class HasBegun(WrongState):
    """A reminder would come too late."""

    code = "has_begun"
    message = _("This livestream begins any moment or has begun: there is nothing to wait for.")


class IsOver(WrongState):
    """The livestream lies behind us."""

    code = "is_over"
    message = _("This livestream is over, so there is nothing to be reminded of.")


class IsCancelled(WrongState):
    """The livestream will not take place."""

    code = "is_cancelled"
    message = _("This livestream was cancelled, so there is nothing to be reminded of.")


class NotPlanned(WrongState):
    """The livestream is a draft or a proposal."""

    code = "not_planned"
    message = _("This livestream has no date yet that you could be reminded of.")


class LinkTooOld(WrongState):
    """It was not confirmed in time."""

    code = "link_too_old"
    message = _("This link was good for 48 hours. You can have a new one sent to you.")
