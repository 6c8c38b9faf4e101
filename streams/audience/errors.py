"""Refusals of counting."""

from core.errors import WrongState, _


class NotPlayedLive(WrongState):
    """Who watches is counted while a livestream is live, and at no other time."""

    code = "not_live"
    message = _("Viewers are counted only while a livestream is live.")
