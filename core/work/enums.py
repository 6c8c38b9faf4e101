"""The states of a piece of work."""

from enum import StrEnum


class WorkState(StrEnum):
    """Where a piece of work stands; ``failed`` waits for a person, ``queued`` may be claimed."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
