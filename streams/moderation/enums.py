"""The piles of the desk, and what is done to a question there."""

from enum import StrEnum


class Pile(StrEnum):
    """One filter of the queue; a question lies on one pile, or on none."""

    WAITING = "waiting"
    HELD = "held"
    APPROVED = "approved"
    ANSWERED = "answered"
    REFUSED = "refused"


class Act(StrEnum):
    """What a moderator does to a question; the host has ``ON_AIR``, ``ANSWERED`` and ``BACK``."""

    APPROVE = "approve"
    NEXT = "next"  # approved, and the host is asked to answer it next
    MERGE = "merge"
    PRIVATE = "private"  # answered in writing to the asker alone
    PUBLIC = "public"  # answered in writing under the question
    HOLD = "hold"
    REFUSE = "refuse"
    HELP = "help"  # closed with where to find help, and nothing else
    ON_AIR = "on_air"
    ANSWERED = "answered"  # aloud
    BACK = "back"  # not now: to the queue again


class Hurry(StrEnum):
    """Who has to be written to about a question that cannot wait."""

    NOBODY = "nobody"
    CREW = "crew"
    STAFF = "staff"
