"""Lists of slots a page at a time, and one slot with what belongs to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import Session

from catalog.models import Livestream
from catalog.rules import is_id
from core.errors import FieldError, InvalidInput, NotFound, _
from scheduler.enums import ReservationKind, ReservationState
from scheduler.models import Reservation, Room, Slot, SlotTopic
from scheduler.slots.queries.views import SlotView, slot_views
from scheduler.slots.rules import SlotDraft

NO_CURSOR: Final = _("This is no cursor of this list.")


@dataclass(frozen=True, slots=True)
class SlotFilters:
    """What a list of slots is narrowed to; empty means everything."""

    states: tuple[str, ...] = ()
    topic: str = ""
    language: str = ""
    starts_from: datetime | None = None
    starts_to: datetime | None = None
    host_id: str = ""
    """Whose livestream it has become."""


EVERYTHING: Final = SlotFilters()


@dataclass(frozen=True, slots=True)
class SlotPage:
    """One page of slots, and the cursor of the next, if there is one."""

    items: tuple[SlotView, ...]
    next_cursor: str | None


def list_slots(
    session: Session,
    *,
    filters: SlotFilters = EVERYTHING,
    cursor: str | None = None,
    limit: int = 100,
    now: datetime,
) -> SlotPage:
    """Return slots by start; ``cursor`` is the id of the last slot of the page before.

    Raises:
        InvalidInput: The cursor is not one of this list.
    """
    statement = select(Slot).where(*_conditions(filters))
    if cursor:
        last = session.get(Slot, cursor) if is_id(cursor) else None
        if last is None:
            raise InvalidInput(FieldError("cursor", NO_CURSOR))
        statement = statement.where(tuple_(Slot.starts_at, Slot.id) > (last.starts_at, last.id))
    rows = session.scalars(statement.order_by(Slot.starts_at, Slot.id).limit(limit + 1)).all()
    following = rows[limit - 1].id if len(rows) > limit else None
    return SlotPage(slot_views(session, rows[:limit], now), following)


def one_slot(session: Session, *, slot_id: str, now: datetime) -> SlotView:
    """Return one slot; raises NotFound."""
    slot = session.get(Slot, slot_id) if is_id(slot_id) else None
    if slot is None:
        raise NotFound
    return slot_views(session, [slot], now)[0]


def topics_of(session: Session, *, slot_id: str) -> tuple[str, ...]:
    """Return the slugs of a slot's topics in their order."""
    rows = select(SlotTopic.topic_slug).where(SlotTopic.slot_id == slot_id)
    return tuple(session.scalars(rows.order_by(SlotTopic.position)))


def draft_of(session: Session, slot: Slot) -> SlotDraft:
    """Return what was said about a slot, as it stands now."""
    return SlotDraft(
        topics=topics_of(session, slot_id=slot.id),
        language=slot.language,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        timezone=slot.timezone,
        scope=slot.scope,
        titles=slot.titles,
        descriptions=slot.descriptions,
        room_id=slot.room_id,
    )


def hold_on(session: Session, *, slot_id: str, now: datetime) -> Reservation | None:
    """Return the hold on a slot that has not expired."""
    return session.scalar(
        select(Reservation)
        .where(Reservation.kind == ReservationKind.SLOT, Reservation.subject_id == slot_id)
        .where(Reservation.state == ReservationState.HELD, Reservation.expires_at > now)
        .execution_options(populate_existing=True)
    )


def slot_of_livestream(session: Session, *, livestream_id: str) -> Slot | None:
    """Return the slot that a livestream was made of."""
    return session.scalar(select(Slot).where(Slot.livestream_id == livestream_id))


def open_rooms(session: Session) -> Sequence[Room]:
    """Return the rooms that slots can be in."""
    return session.scalars(select(Room).where(Room.closed_at.is_(None)).order_by(Room.id)).all()


def _conditions(filters: SlotFilters) -> Iterator[ColumnElement[bool]]:
    if filters.states:
        yield Slot.state.in_(filters.states)
    if filters.language:
        yield Slot.language == filters.language
    if filters.topic:
        about = select(SlotTopic.slot_id).where(SlotTopic.topic_slug == filters.topic)
        yield Slot.id.in_(about)
    if filters.host_id:
        theirs = select(Livestream.id).where(Livestream.host_id == filters.host_id)
        yield Slot.livestream_id.in_(theirs)
    if filters.starts_from is not None:
        yield Slot.starts_at >= filters.starts_from
    if filters.starts_to is not None:
        yield Slot.starts_at < filters.starts_to
