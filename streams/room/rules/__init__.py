"""What a room knows somebody by, what it calls them, and when it takes questions. Pure."""

from streams.room.rules.keys import (
    SECRET_KEPT,
    address_key,
    is_pass,
    make_pass,
    participant_key,
    repeatable_secret,
)
from streams.room.rules.names import how_many, name_of
from streams.room.rules.opening import Door, questions_open

__all__ = [
    "SECRET_KEPT",
    "Door",
    "address_key",
    "how_many",
    "is_pass",
    "make_pass",
    "name_of",
    "participant_key",
    "questions_open",
    "repeatable_secret",
]
