"""Why media are removed, and where a removal stands."""

from enum import StrEnum


class Reason(StrEnum):
    """Why the media of a broadcast are removed."""

    NOT_RECORDED = "not_recorded"
    CONSENT_WITHDRAWN = "consent_withdrawn"


class RemovalState(StrEnum):
    """Where a removal stands, for whoever reads of it."""

    WAITING = "waiting"  # its time has not come
    REMOVING = "removing"  # its time has come
    FAILED = "failed"  # somebody has to look
    CALLED_OFF = "called_off"
    DONE = "done"
