"""Reads of duties, of those who may have them, and of rooms."""

from scheduler.duties.queries.duties import (
    DutyRow,
    duties_of_livestream,
    duty_row,
    duty_rows,
    latest_refusals,
    my_duties,
)
from scheduler.duties.queries.moderators import candidates_for, is_moderator, risks_of
from scheduler.duties.queries.rooms import (
    RoomRow,
    is_used,
    room_of_livestream,
    rooms_at,
    rooms_listed,
)
from scheduler.duties.queries.rota import Rota, RotaRow, rota_of, rota_row

__all__ = [
    "DutyRow",
    "RoomRow",
    "Rota",
    "RotaRow",
    "candidates_for",
    "duties_of_livestream",
    "duty_row",
    "duty_rows",
    "is_moderator",
    "is_used",
    "latest_refusals",
    "my_duties",
    "risks_of",
    "room_of_livestream",
    "rooms_at",
    "rooms_listed",
    "rota_of",
    "rota_row",
]
