"""Rooms, and what takes place in them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from catalog.queries.texts import as_text, words_of
from core.words import Words
from scheduler.enums import Part, ReservationKind, SlotState
from scheduler.grid.queries import reservation_of
from scheduler.grid.rules import STANDING
from scheduler.models import Cell, Reservation, ReservedResource, Room, Slot
from scheduler.spans import Span, cells_of

MOST: Final = 500


class RoomRow(NamedTuple):
    """A room; ``coming`` counts what is still to take place in it, ``is_free`` speaks of a span."""

    id: str
    names: Words
    note: str
    is_example: bool
    closed_at: datetime | None
    coming: int = 0
    is_free: bool = True


_COLUMNS: Final = (Room.id, as_text(Room.names), Room.note, Room.is_example, Room.closed_at)


def rooms_listed(session: Session, *, now: datetime) -> Sequence[RoomRow]:
    """Return all rooms, those that are open first, with how much is to come in each."""
    coming = (
        select(func.count())
        .select_from(ReservedResource)
        .join(Reservation, Reservation.id == ReservedResource.reservation_id)
        .where(ReservedResource.resource_id == Room.id, *_to_come(now))
        .scalar_subquery()
    )
    rows = _read(session, select(*_COLUMNS, coming.label("coming")).limit(MOST))
    return sorted(rows, key=_by_name)


def rooms_at(
    session: Session, *, span: Span, now: datetime, but: str | None = None
) -> Sequence[RoomRow]:
    """Return open rooms, each with whether it is free; ``but`` is a reservation to look past."""
    cells = cells_of(span)
    taken = (
        exists()
        .where(Cell.resource_id == Room.id, Cell.number >= cells.start, Cell.number < cells.stop)
        .where(Reservation.id == Cell.reservation_id)
        .where(or_(Reservation.expires_at.is_(None), Reservation.expires_at > now))
    )
    if but is not None:
        taken = taken.where(Cell.reservation_id != but)
    statement = select(*_COLUMNS, (~taken).label("is_free")).where(Room.closed_at.is_(None))
    return sorted(_read(session, statement.limit(MOST)), key=_by_name)


def room_of_livestream(session: Session, *, livestream_id: str) -> str | None:
    """Return the id of the room that a livestream has."""
    found = reservation_of(session, kind=ReservationKind.LIVESTREAM, subject_id=livestream_id)
    if found is None:
        return None
    return session.scalar(
        select(ReservedResource.resource_id).where(
            ReservedResource.reservation_id == found.id, ReservedResource.part == Part.ROOM
        )
    )


def is_used(session: Session, *, room_id: str, now: datetime) -> bool:
    """Tell whether anything that is not over takes place in a room, or an open slot names it."""
    reserved = (
        exists()
        .where(ReservedResource.resource_id == room_id)
        .where(Reservation.id == ReservedResource.reservation_id, *_to_come(now))
    )
    offered = exists().where(
        Slot.room_id == room_id, Slot.state == SlotState.OPEN, Slot.ends_at > now
    )
    return bool(session.scalar(select(or_(reserved, offered))))


def _to_come(now: datetime) -> tuple[Any, ...]:
    return (
        Reservation.state.in_(STANDING),
        Reservation.ends_at > now,
        or_(Reservation.expires_at.is_(None), Reservation.expires_at > now),
    )


def _read(session: Session, statement: Select[*tuple[Any, ...]]) -> list[RoomRow]:
    rows = session.execute(statement).mappings().all()
    return [RoomRow(**{**row, "names": words_of(row["names"])}) for row in rows]


def _by_name(room: RoomRow) -> tuple[bool, str]:
    return room.closed_at is not None, next(iter(room.names.values()), "")
