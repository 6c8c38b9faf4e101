"""The states and choices of notices."""

from enum import StrEnum


class Channel(StrEnum):
    """How somebody is reached."""

    MAIL = "mail"
    SMS = "sms"


class NoticeState(StrEnum):
    """What becomes of a row of the ledger."""

    WAITING = "waiting"
    LEASED = "leased"  # a worker has it among those that it sends next
    SENDING = "sending"  # it may have been sent: sent again with the same Message-ID after a crash
    HELD = "held"  # goes into the next digest
    SENT = "sent"
    DROPPED = "dropped"  # it would have been untrue, unwanted or too late
    FAILED = "failed"  # steps aside until a person tries it again


class Category(StrEnum):
    """What a person can choose about."""

    REMINDERS = "reminders"
    CHANGES = "changes"
    REPLAYS = "replays"
    FOLLOWS = "follows"
    HOSTING = "hosting"
    MODERATING = "moderating"
    STAFF = "staff"
    ACCOUNT = "account"


class Pace(StrEnum):
    """How somebody wants a category."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    OFF = "off"


class Subject(StrEnum):
    """What a registration is for."""

    LIVESTREAM = "livestream"


class DropReason(StrEnum):
    """Why a notice was not sent; the work board puts it into words."""

    UNSUBSCRIBED = "unsubscribed"
    NOT_CONFIRMED = "not_confirmed"
    OFF = "off"
    TOO_LATE = "too_late"
    NOT_TRUE = "not_true"  # what it would say is no more so
    SUPERSEDED = "superseded"  # a later notice says all of it
    NOTHING_NEW = "nothing_new"  # the person was told so already
    NO_ADDRESS = "no_address"
    REFUSED = "refused"  # the mail server takes no mail for this address
    GONE = "gone"
    BY_HAND = "by_hand"  # somebody who looks after the ledger said so
