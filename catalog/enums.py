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


class Audience(StrEnum):
    """Whom a livestream is made for; a person of another kind may watch it all the same."""

    PUBLIC = "public"
    PATIENTS = "patients"
    RELATIVES = "relatives"
    FRONTLINE = "frontline"
    WORKPLACES = "workplaces"


class RevisionKind(StrEnum):
    """What editors keep with drafts and a history."""

    TOPIC = "topic"
    SERIES = "series"
    LIVESTREAM = "livestream"
    HOST = "host"


class RevisionState(StrEnum):
    """A draft is seen by editors alone; what was published stays as history."""

    DRAFT = "draft"
    PUBLISHED = "published"


class Scope(StrEnum):
    """What a livestream teaches, from what everybody may teach to what a physician alone may."""

    EDUCATION = "education"
    DIAGNOSIS = "diagnosis"
    MEDICATION = "medication"


class CredentialKind(StrEnum):
    """The profession that a licence is for; what may be taught follows from it."""

    PSYCHIATRIST = "psychiatrist"
    PSYCHOTHERAPIST = "psychotherapist"
    COUNSELLOR = "counsellor"
