"""Writes of duties and rooms. Services flush and never commit."""

from scheduler.duties.services.answers import accept, decline
from scheduler.duties.services.duties import (
    assign,
    assign_by_turn,
    move_duties,
    release,
    release_duties,
    replace,
)
from scheduler.duties.services.rooms import close_room, create_room, give_room, rename_room
from scheduler.duties.services.telling import tell_gaps

__all__ = [
    "accept",
    "assign",
    "assign_by_turn",
    "close_room",
    "create_room",
    "decline",
    "give_room",
    "move_duties",
    "release",
    "release_duties",
    "rename_room",
    "replace",
    "tell_gaps",
]
