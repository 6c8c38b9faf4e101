"""What a search can be narrowed to."""

from enum import StrEnum


class When(StrEnum):
    """Where a livestream stands for somebody who wants to watch."""

    LIVE = "live"
    COMING = "coming"
    REPLAY = "replay"


class Length(StrEnum):
    """How long it lasts, in minutes: up to 20, up to 45, longer."""

    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"


class Manner(StrEnum):
    """How what is shown came to be found."""

    AS_TYPED = "as_typed"
    CORRECTED = "corrected"
    SOME_WORDS = "some_words"
    NOTHING = "nothing"
