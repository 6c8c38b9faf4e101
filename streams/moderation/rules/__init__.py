"""What the desk offers, what it marks, and when somebody is written to. Pure."""

from streams.moderation.rules.alerts import (
    BEATS_EVERY,
    LOOKS_EVERY,
    PATIENCE,
    PROMISED,
    UNREAD_BY_CREW,
    UNREAD_FOR,
    hurry,
)
from streams.moderation.rules.likeness import likest
from streams.moderation.rules.marking import Piece, pieces_of
from streams.moderation.rules.offers import (
    OF_HOST,
    PILES,
    RANK,
    TAKEN_FOR,
    act_for,
    is_open_case,
    is_taken,
    offered,
    offered_to_host,
)
from streams.moderation.rules.prepared import Prepared, help_text, prepared_for

__all__ = [
    "BEATS_EVERY",
    "LOOKS_EVERY",
    "OF_HOST",
    "PATIENCE",
    "PILES",
    "PROMISED",
    "RANK",
    "TAKEN_FOR",
    "UNREAD_BY_CREW",
    "UNREAD_FOR",
    "Piece",
    "Prepared",
    "act_for",
    "help_text",
    "hurry",
    "is_open_case",
    "is_taken",
    "likest",
    "offered",
    "offered_to_host",
    "pieces_of",
    "prepared_for",
]
