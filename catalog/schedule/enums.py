"""How much of the schedule one page shows."""

from enum import StrEnum


class Span(StrEnum):
    """One day, or seven from a day on."""

    DAY = "day"
    WEEK = "week"
