"""The states of a poll."""

from enum import StrEnum


class PollState(StrEnum):
    """Figures are told to everybody only once a poll is ``released``."""

    DRAFT = "draft"  # prepared; only the crew knows of it
    OPEN = "open"  # everybody may answer, and sees their own answer alone
    CLOSED = "closed"
    RELEASED = "released"
