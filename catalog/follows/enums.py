"""What can be followed."""

from enum import StrEnum


class Followed(StrEnum):
    """What somebody follows."""

    TOPIC = "topic"
    SERIES = "series"
    HOST = "host"
