"""What a search for another host refuses, in words for the person who asked."""

from core.errors import WrongState, _


class AlreadySearching(WrongState):
    """Another host is being found already."""

    code = "already_searching"
    message = _("Another host is being found already.")


class SearchOver(WrongState):
    """The search has ended; somebody was found, or it was called off."""

    code = "search_over"
    message = _("This search is over. The page shows how it ended.")


class SomebodyFaster(WrongState):
    """Another host accepted first."""

    code = "somebody_faster"
    message = _("Somebody was a moment faster and takes it over. Thank you for being ready.")


class OfferOver(WrongState):
    """The time to answer is over, or it was answered."""

    code = "offer_over"
    message = _("The time to answer this request is over. Thank you all the same.")


class AskedAlready(WrongState):
    """This host has been asked in this search."""

    code = "asked_already"
    message = _("This host has been asked already. Please choose another one.")


class NotSuitable(WrongState):
    """The host is not verified, does not teach this, or is not free."""

    code = "not_suitable"
    message = _(
        "This host cannot take it over: not verified, teaches something else, or is not free then."
    )
