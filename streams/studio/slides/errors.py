"""What is refused of slides, in words for the person who sends them."""

from core.errors import NotFound, WrongState, _


class NoSlides(NotFound):
    """The livestream has no slides."""

    code = "no_slides"


class SlidesTooLate(WrongState):
    """The livestream is over or will not take place."""

    code = "too_late_for_slides"
    message = _("Only a livestream that is still to come or is live takes slides.")
