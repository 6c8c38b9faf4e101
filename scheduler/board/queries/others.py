"""What stands on the board beside livestreams: open slots, and times that are held."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import User
from catalog.models import Host
from catalog.queries.texts import as_text, words_of
from core.words import Words
from scheduler.board.rules.selection import Selection
from scheduler.duties.queries.duties import name_of_user
from scheduler.enums import ReservationKind, ReservationState, SlotState
from scheduler.models import Reservation, ReservedResource, Room, Slot, SlotTopic
from scheduler.spans import Span

MOST: int = 500


class OpenSlot(NamedTuple):
    """A time that waits for a host."""

    id: str
    titles: Words
    language: str
    starts_at: datetime
    ends_at: datetime
    topic: str | None
    room_id: str | None


class Hold(NamedTuple):
    """A time that somebody has taken for the minutes in which they fill in a form."""

    id: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    expires_at: datetime
    names: Words
    name: str | None


def open_slots(session: Session, *, span: Span, selection: Selection) -> Sequence[OpenSlot]:
    """Return open slots that begin within a span, by start."""
    first_topic = (
        select(func.min(SlotTopic.topic_slug))
        .where(SlotTopic.slot_id == Slot.id, SlotTopic.position == 0)
        .scalar_subquery()
    )
    statement = (
        select(
            Slot.id,
            as_text(Slot.titles),
            Slot.language,
            Slot.starts_at,
            Slot.ends_at,
            first_topic,
            Slot.room_id,
        )
        .where(Slot.state == SlotState.OPEN)
        .where(Slot.starts_at >= span.starts_at, Slot.starts_at < span.ends_at)
        .order_by(Slot.starts_at, Slot.id)
        .limit(MOST)
    )
    if selection.language:
        statement = statement.where(Slot.language == selection.language)
    if selection.topic:
        about = select(SlotTopic.slot_id).where(SlotTopic.topic_slug == selection.topic)
        statement = statement.where(Slot.id.in_(about))
    rows = session.connection().execute(statement)
    return [OpenSlot(row[0], words_of(row[1]), *row[2:]) for row in rows]


def holds(session: Session, *, span: Span, now: datetime) -> Sequence[Hold]:
    """Return times that are held at ``now`` and begin within a span, by start."""
    rows = session.connection().execute(
        select(
            Reservation.id,
            Reservation.kind,
            Reservation.starts_at,
            Reservation.ends_at,
            Reservation.expires_at,
            as_text(Host.names),
            name_of_user(),
        )
        .outerjoin(User, User.id == Reservation.holder_id)
        .outerjoin(Host, Host.id == Reservation.holder_id)
        .where(Reservation.state == ReservationState.HELD, Reservation.expires_at > now)
    )  # few are held at any moment: found by their expiry, then narrowed and sorted here
    found = [
        Hold._make((*row[:5], words_of(row[5]) if row[5] else {}, row[6]))
        for row in rows
        if span.starts_at <= row.starts_at < span.ends_at
    ]
    return sorted(found, key=lambda hold: (hold.starts_at, hold.id))


def rooms_of(session: Session, *, span: Span, rooms: Iterable[str]) -> dict[str, str]:
    """Return the rooms of the livestreams of some days, by livestream."""
    rows = session.connection().execute(
        select(Reservation.subject_id, ReservedResource.resource_id)
        .join(Reservation, Reservation.id == ReservedResource.reservation_id)
        .where(ReservedResource.resource_id.in_(sorted(rooms)))
        .where(ReservedResource.starts_at >= span.starts_at)
        .where(ReservedResource.starts_at < span.ends_at)
        .where(Reservation.kind == ReservationKind.LIVESTREAM)
    )
    return {livestream_id: room_id for livestream_id, room_id in rows}  # noqa: C416 -- as rows are typed


def room_names(session: Session) -> dict[str, Words]:
    """Return the names of all rooms by id."""
    rows = session.connection().execute(select(Room.id, as_text(Room.names)))
    return {room_id: words_of(names) for room_id, names in rows}
