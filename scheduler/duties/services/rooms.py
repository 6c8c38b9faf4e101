"""Rooms: made, renamed, closed, and given to livestreams."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.errors import InvalidInput, NotFound
from scheduler.duties.errors import NoTimeReserved, RoomClosed, RoomInUse, RoomTaken
from scheduler.duties.queries import is_used
from scheduler.duties.rules import room_faults
from scheduler.duties.services.moves import livestream_kept
from scheduler.enums import Part, ReservationKind
from scheduler.enums import ReservationState as R
from scheduler.errors import Taken
from scheduler.grid import services as grid
from scheduler.grid.queries import needs_of, reservation_of
from scheduler.grid.rules import Need, Wanted
from scheduler.models import Reservation, Room
from scheduler.spans import Span


def create_room(
    session: Session,
    *,
    names: Mapping[str, str],
    note: str,
    now: datetime,
    is_example: bool = False,
) -> Room:
    """Add a room.

    Raises:
        InvalidInput: It has no name, or a text is too long.
    """
    written, note = _checked(names, note)
    room = Room(names=written, note=note, is_example=is_example, created_at=now)
    session.add(room)
    session.flush()
    return room


def rename_room(session: Session, *, room: Room, names: Mapping[str, str], note: str) -> Room:
    """Change the names and the note of a room; raises as :func:`create_room`."""
    room.names, room.note = _checked(names, note)
    session.flush()
    return room


def close_room(session: Session, *, room: Room, now: datetime) -> Room:
    """Let nothing more take place in a room.

    Raises:
        RoomClosed: It is closed already.
        RoomInUse: Something that is not over takes place in it.
    """
    # The row is written before it is looked at: whoever gives the room away waits for this.
    closed = session.execute(
        update(Room)
        .where(Room.id == room.id, Room.closed_at.is_(None))
        .values(closed_at=now)
        .returning(Room.id)
        .execution_options(synchronize_session=False)
    )
    if closed.scalar_one_or_none() is None:
        raise RoomClosed
    if is_used(session, room_id=room.id, now=now):
        raise RoomInUse
    session.refresh(room)
    return room


def give_room(
    session: Session, *, livestream_id: str, room_id: str | None, now: datetime
) -> Reservation:
    """Let a livestream take place in a room, in another one or, with None, in none.

    Raises:
        NoTimeReserved: The livestream has no reservation that the room could join.
        NotFound, RoomClosed: The room cannot be used.
        RoomTaken: Another livestream has it at that time; everything stays as it was.
    """
    livestream_kept(session, livestream_id)
    reservation = reservation_of(session, kind=ReservationKind.LIVESTREAM, subject_id=livestream_id)
    if reservation is None:
        raise NoTimeReserved
    if room_id is not None:
        _check_open(session, room_id)
    elif not _others(session, reservation):  # its host cannot come, so that there is nobody's time
        grid.change_state(session, reservation=reservation, state=R.RELEASED, now=now)
        return reservation
    wanted = _wanted(session, reservation, room_id)
    try:
        return grid.move(session, reservation=reservation, wanted=wanted, now=now)
    except Taken:
        raise RoomTaken from None


def _check_open(session: Session, room_id: str) -> None:
    room = session.execute(
        select(Room.closed_at).where(Room.id == room_id).with_for_update(read=True)
    ).one_or_none()
    if room is None:
        raise NotFound
    if room.closed_at is not None:
        raise RoomClosed


def _others(session: Session, reservation: Reservation) -> tuple[Need, ...]:
    needs = needs_of(session, reservation_id=reservation.id)
    return tuple(need for need in needs if need.part is not Part.ROOM)


def _wanted(session: Session, reservation: Reservation, room_id: str | None) -> Wanted:
    """Return what the reservation takes with another room in place of its own."""
    kept = _others(session, reservation)
    wanted = Wanted(
        kind=ReservationKind(reservation.kind),
        subject_id=reservation.subject_id,
        needs=kept,
        span=Span(reservation.starts_at, reservation.ends_at),
        buffer_before=reservation.buffer_before,
        buffer_after=reservation.buffer_after,
        holder_id=reservation.holder_id,
    )
    return wanted if room_id is None else replace(wanted, needs=(*kept, Need(room_id, Part.ROOM)))


def _checked(names: Mapping[str, str], note: str) -> tuple[dict[str, str], str]:
    written = {tag: text.strip() for tag, text in names.items() if text.strip()}
    note = note.strip()
    if faults := room_faults(written, note):
        raise InvalidInput(*faults)
    return written, note
