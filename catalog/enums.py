"""The states and choices of a livestream."""

from enum import StrEnum


class LivestreamState(StrEnum):
    """See the table of transitions in :mod:`streams.life.rules`."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    SCHEDULED = "scheduled"
    LIVE = "live"
    ENDED = "ended"
    PUBLISHED = "published"
    CANCELLED = "cancelled"
    MISSED = "missed"


class Visibility(StrEnum):
    """Who may know of a livestream."""

    PUBLIC = "public"
    ORGANISATION = "organisation"


class ReplayPolicy(StrEnum):
    """Whether the replay waits for the host's release or is there at the end."""

    AFTER_RELEASE = "after_release"
    AT_END = "at_end"


class RiskLevel(StrEnum):
    """How much care a topic asks for."""

    ORDINARY = "ordinary"
    RAISED = "raised"
