"""The states of an application, a licence and a roster."""

from enum import StrEnum


class ApplicationState(StrEnum):
    """Where the application of a person who wants to host stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    GRANTED = "granted"
    REFUSED = "refused"


class CredentialState(StrEnum):
    """Where a licence stands; whether it is valid now is told by ``Host.verified_until``."""

    PENDING = "pending"
    GRANTED = "granted"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


class CheckStep(StrEnum):
    """Why somebody looked a licence up."""

    FIRST = "first"
    SECOND = "second"
    RECHECK = "recheck"


class Outcome(StrEnum):
    """What the primary source said."""

    CONFIRMED = "confirmed"
    REFUSED = "refused"


class ConsentKind(StrEnum):
    """What a host agrees to, by version."""

    RECORDING = "recording"


class RosterState(StrEnum):
    """Where a signed roster stands."""

    SAMPLING = "sampling"
    APPROVED = "approved"
    REFUSED = "refused"


class ApplicationStep(StrEnum):
    """The five screens of an application, in order; the values stand in addresses."""

    ACCOUNT = "account"
    PERSON = "about-you"
    LICENCE = "licence"
    TOPICS = "topics"
    AGREEMENT = "agreement"
