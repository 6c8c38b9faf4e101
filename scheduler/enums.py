"""The kinds and states of time that is offered, taken and handed on."""

from enum import IntEnum, StrEnum


class ReservationKind(StrEnum):
    """What somebody's time is taken for."""

    LIVESTREAM = "livestream"
    DUTY = "duty"
    SLOT = "slot"
    MOVE = "move"
    AWAY = "away"


class ReservationState(StrEnum):
    """See the table of transitions in :mod:`scheduler.grid.rules`."""

    HELD = "held"
    PENDING = "pending"
    CONFIRMED = "confirmed"
    USED = "used"
    RELEASED = "released"


class Part(StrEnum):
    """As what a resource takes part in a reservation."""

    HOST = "host"
    MODERATOR = "moderator"
    ROOM = "room"


class SlotState(StrEnum):
    """An offered time is open until a host has claimed it or an editor took it back."""

    OPEN = "open"
    CLAIMED = "claimed"
    WITHDRAWN = "withdrawn"


class DutyState(StrEnum):
    """A moderator's part in a livestream."""

    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    RELEASED = "released"


class Frequency(StrEnum):
    """How a recurrence goes on: every n weeks, or on the nth weekday of every n months."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"


class SearchState(StrEnum):
    """A search for another host."""

    ASKING = "asking"
    FOUND = "found"
    GIVEN_UP = "given_up"
    CALLED_OFF = "called_off"


class OfferState(StrEnum):
    """What became of one question to one host."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    BEATEN = "beaten"


class Weekday(IntEnum):
    """Days as :meth:`datetime.date.weekday` counts them."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6
