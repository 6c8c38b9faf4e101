"""What the rota and the rooms refuse, in words for the person who asked."""

from core.errors import NotAllowed, WrongState, _
from scheduler.errors import Taken


class NotAModerator(WrongState):
    """The person does not moderate, or has no account any more."""

    code = "not_a_moderator"
    message = _("This person does not moderate. Choose somebody from the list.")


class SamePerson(NotAllowed):
    """A livestream is not moderated by who hosts it."""

    code = "same_person"
    status = WrongState.status
    message = _("The host of a livestream does not moderate it. Choose somebody else.")


class OutsideHours(WrongState):
    """The person gave hours, and the livestream lies outside them."""

    code = "outside_hours"
    message = _("This time lies outside the hours that this person gave. Choose somebody else.")


class AlreadyOnDuty(WrongState):
    """The person moderates this livestream already."""

    code = "already_on_duty"
    message = _("This person moderates the livestream already.")


class TakesNoModerators(WrongState):
    """The livestream is a draft, or over."""

    message = _("Moderators are assigned to livestreams that are proposed, scheduled or live.")


class DutyChanged(WrongState):
    """Somebody answered, replaced or released it in the meantime."""

    message = _("This has changed in the meantime. Here is how it stands now.")


class StillNeeded(WrongState):
    """The livestream is live and needs this moderator."""

    code = "still_needed"
    message = _("It is live and needs its moderators. Put somebody else in their place.")


class ModeratorTaken(Taken):
    """The person has something else at that time; others are free."""

    message = _("This person has something else at that time, or too close to it. Choose another.")


class RoomTaken(Taken):
    """Another livestream has the room then."""

    message = _("Another livestream has this room at that time. Choose another room or none.")


class RoomClosed(WrongState):
    """The room takes no livestreams any more."""

    message = _("This room is closed. Choose another one.")


class RoomInUse(WrongState):
    """Something that is still to come takes place in the room."""

    message = _("Something is still planned in this room. Give it another room first, then close.")


class NoTimeReserved(WrongState):
    """A room is given to a livestream that has its time."""

    message = _("No time is reserved for this livestream, so it cannot have a room yet.")
