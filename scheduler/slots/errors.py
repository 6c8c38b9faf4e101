"""What an offered time refuses, in words for the host or the editor who asked."""

from dataclasses import dataclass

from core.errors import NotAllowed, WrongState, _
from scheduler.errors import Taken
from scheduler.spans import Span


@dataclass(frozen=True, slots=True, order=True)
class SlotSpan(Span):
    """An alternative that is itself an open slot."""

    slot: str


class SlotTaken(Taken):
    """Somebody else was faster; ``alternatives`` are other open slots."""

    message = _("Another host has claimed this time. Nothing was changed.")


class SlotHeld(Taken):
    """Somebody else has the form open; the hold ends by itself."""

    message = _("Another host is filling in the form for this time. It may come free again soon.")


class NotFreeThen(Taken):
    """The host's own time is given away."""

    message = _("You are not free at this time. Nothing was changed.")


class RoomTaken(Taken):
    """The room of the slot is given away."""

    message = _("The room is taken at this time. An editor can choose another one.")


class NotYourTopic(NotAllowed):
    """The host does not teach every topic of the slot."""

    code = "other_topic"
    message = _("This time is for topics that are not among yours. You can add them to your page.")


class NotYourLanguage(NotAllowed):
    """The host does not teach in the language of the slot."""

    code = "other_language"
    message = _("This time is for a language that you do not teach in.")


class NotOpen(WrongState):
    """The slot was withdrawn, or has begun."""

    message = _("This time is not offered any more.")


class TooLateToHandBack(WrongState):
    """Within a day of the start a substitute is looked for instead."""

    code = "too_late"
    message = _(
        "It starts in less than 24 hours: it can no longer be handed back. Cancel it on its desk, "
        "and a substitute is looked for."
    )
