"""The states of a question, its tier of risk, and why it was refused."""

from enum import StrEnum


class QuestionState(StrEnum):
    """Only ``approved``, ``on_air`` and ``answered`` are ever shown to others."""

    WAITING = "waiting"  # nobody has read it
    HELD = "held"  # a moderator wants to come back to it
    APPROVED = "approved"
    ON_AIR = "on_air"  # the host answers it now
    ANSWERED = "answered"  # aloud, or by a reply that everybody may read
    PRIVATE = "private"  # answered to its asker alone
    MERGED = "merged"  # says the same as another
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # by its asker: its words are gone


class RiskTier(StrEnum):
    """How urgent the words of somebody sound; ``high`` is never shown to others."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class RefusalReason(StrEnum):
    """What the asker is told when a question is not shown."""

    PERSONAL = "personal"  # asks for a diagnosis or a dose
    IDENTIFYING = "identifying"  # names a person or a place
    OFF_TOPIC = "off_topic"
    HARMFUL = "harmful"
    UNCLEAR = "unclear"
