"""What planning says of dates."""

from enum import StrEnum


class Verdict(StrEnum):
    """What became of a date; only a free one is given."""

    FREE = "free"
    TAKEN = "taken"
    SKIPPED = "skipped"
    TWICE = "twice"
    OVER = "over"
    LATE = "late"


class Notice(StrEnum):
    """What is worth knowing of a date and stands in nobody's way."""

    OUTSIDE_HOURS = "outside_hours"
    LICENCE = "licence"
    MOVED = "moved"
    CLOCKS = "clocks"


class Reach(StrEnum):
    """How far a change of one livestream of a recurrence reaches."""

    THIS = "this"
    FOLLOWING = "following"
    ALL = "all"
