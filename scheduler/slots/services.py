"""Writes of slots: offered, changed, held, claimed, handed back, withdrawn.

State changes are compare-and-set; a hold is a reservation of the host's time whose subject is the
slot, and a subject has one standing reservation: two hosts cannot hold one slot.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from catalog.queries import list_topics
from catalog.rules import as_words
from core.clock import as_utc
from core.errors import FieldError, InvalidInput
from core.ids import new_id
from core.walltime import wall_of
from scheduler.enums import Part, ReservationKind, SlotState
from scheduler.enums import ReservationState as R
from scheduler.errors import Taken
from scheduler.grid import services as grid
from scheduler.grid.queries import buffers_of, busy_cells
from scheduler.grid.rules import Need, Wanted
from scheduler.models import Reservation, Slot, SlotTopic
from scheduler.slots.errors import NotFreeThen, NotOpen, RoomTaken, SlotHeld, SlotTaken
from scheduler.slots.queries import clashes_of, hold_on, nearest_choices, open_rooms
from scheduler.slots.rules import SlotDraft, Teacher, slot_faults
from scheduler.spans import Span


def publish_slots(
    session: Session, *, drafts: Sequence[SlotDraft], published_by: str | None, now: datetime
) -> list[Slot]:
    """Offer slots, all of them or none.

    Raises:
        InvalidInput: All faults of the first draft that has some.
    """
    made = []
    for draft in drafts:
        _check(session, draft, now)
        slot = Slot(
            id=new_id(),
            state=SlotState.OPEN,
            published_by=published_by,
            created_at=now,
            updated_at=now,
            **_columns(draft),
        )
        session.add(slot)
        session.flush()
        _write_topics(session, slot.id, draft.topics)
        made.append(slot)
    return made


def edit_slot(session: Session, *, slot: Slot, draft: SlotDraft, now: datetime) -> Slot:
    """Change a slot while it is open and nobody fills in its form.

    Raises:
        InvalidInput: All faults of the result.
        SlotHeld: A host has its form open.
        NotOpen: It was claimed or withdrawn.
    """
    _check(session, draft, now)
    _check_unheld(session, slot, now)
    _set(session, slot, SlotState.OPEN, now, **_columns(draft))
    _write_topics(session, slot.id, draft.topics)
    return slot


def withdraw(session: Session, *, slot: Slot, now: datetime) -> Slot:
    """Take an open slot back; raises SlotHeld or NotOpen as above."""
    _check_unheld(session, slot, now)
    return _set(session, slot, SlotState.OPEN, now, state=SlotState.WITHDRAWN)


def offer_again(session: Session, *, slot: Slot, now: datetime) -> Slot:
    """Undo a withdrawal; raises NotOpen when it has begun, or was not withdrawn."""
    if slot.starts_at <= now:
        raise NotOpen
    return _set(session, slot, SlotState.WITHDRAWN, now, state=SlotState.OPEN)


def hold_slot(session: Session, *, slot: Slot, teacher: Teacher, now: datetime) -> Reservation:
    """Hold a slot for a host while the form is filled in; a hold that stands is kept as it is.

    A host holds one slot at a time. A hold that has expired is taken again if it is still free.

    Raises:
        NotOpen: It was withdrawn, or has begun.
        SlotTaken, SlotHeld, NotFreeThen, RoomTaken: Somebody was faster, or the host or the room
            is not free; up to three other times are named.
    """
    check_open(session, slot=slot, teacher=teacher, now=now)
    held = hold_on(session, slot_id=slot.id, now=now)
    if held is not None and held.holder_id == teacher.id:
        return held
    if held is not None:
        raise SlotHeld(_instead(session, slot, teacher, now))
    _give_up_others(session, teacher.id, but=slot.id, now=now)
    try:
        return grid.reserve(
            session, wanted=_hold_of(session, slot, teacher.id), state=R.HELD, now=now
        )
    except Taken:
        raise _why_not(session, slot, teacher, now) from None


def check_open(session: Session, *, slot: Slot, teacher: Teacher, now: datetime) -> None:
    """Refuse a slot that nobody can claim now, by what the database says at this moment."""
    session.refresh(slot)
    if slot.state == SlotState.CLAIMED:
        raise SlotTaken(_instead(session, slot, teacher, now))
    if slot.state != SlotState.OPEN or slot.starts_at <= now:
        raise NotOpen


def give_up_hold(session: Session, *, slot: Slot, host_id: str, now: datetime) -> None:
    """Give back the hold that a host has on a slot; without one nothing happens."""
    held = hold_on(session, slot_id=slot.id, now=now)
    if held is not None and held.holder_id == host_id:
        grid.change_state(session, reservation=held, state=R.RELEASED, now=now)


def mark_claimed(
    session: Session, *, slot: Slot, livestream_id: str, teacher: Teacher, now: datetime
) -> Slot:
    """Tie a slot to the livestream made of it; the second who tries is told that it is taken."""
    try:
        return _set(
            session,
            slot,
            SlotState.OPEN,
            now,
            state=SlotState.CLAIMED,
            livestream_id=livestream_id,
        )
    except NotOpen:
        raise SlotTaken(_instead(session, slot, teacher, now)) from None


def mark_open(session: Session, *, slot: Slot, now: datetime) -> Slot:
    """Offer a claimed slot again; raises NotOpen when it is not claimed any more."""
    return _set(session, slot, SlotState.CLAIMED, now, state=SlotState.OPEN, livestream_id=None)


def _hold_of(session: Session, slot: Slot, host_id: str) -> Wanted:
    before, after = buffers_of(session, person_id=host_id)
    rooms = [Need(slot.room_id, Part.ROOM)] if slot.room_id else []
    return Wanted(
        kind=ReservationKind.SLOT,
        subject_id=slot.id,
        needs=(Need(host_id, Part.HOST), *rooms),
        span=Span(slot.starts_at, slot.ends_at),
        buffer_before=before,
        buffer_after=after,
        holder_id=host_id,
    )


def _why_not(session: Session, slot: Slot, teacher: Teacher, now: datetime) -> Taken:
    """Return which of the reasons made a hold impossible."""
    instead = _instead(session, slot, teacher, now)
    held = hold_on(session, slot_id=slot.id, now=now)
    if held is not None and held.holder_id != teacher.id:
        return SlotHeld(instead)
    span = Span(slot.starts_at, slot.ends_at)
    clash = clashes_of(session, person_id=teacher.id, spans=[span], now=now)
    taken = span.widened(*buffers_of(session, person_id=teacher.id))
    if not clash and slot.room_id and _is_busy(session, slot.room_id, taken, now):
        return RoomTaken(instead)
    return NotFreeThen(instead)


def _instead(session: Session, slot: Slot, teacher: Teacher, now: datetime) -> tuple[Span, ...]:
    span = Span(slot.starts_at, slot.ends_at)
    return nearest_choices(session, teacher=teacher, span=span, but=slot.id, now=now)


def _is_busy(session: Session, resource_id: str, span: Span, now: datetime) -> bool:
    return bool(busy_cells(session, resource_ids=[resource_id], span=span, now=now))


def _give_up_others(session: Session, host_id: str, *, but: str, now: datetime) -> None:
    others = session.scalars(
        select(Reservation)
        .where(Reservation.kind == ReservationKind.SLOT, Reservation.state == R.HELD)
        .where(Reservation.holder_id == host_id, Reservation.subject_id != but)
        .order_by(Reservation.id)
    )
    for held in others.all():
        grid.change_state(session, reservation=held, state=R.RELEASED, now=now)


def _check(session: Session, draft: SlotDraft, now: datetime) -> None:
    rooms = {room.id for room in open_rooms(session)}
    faults = slot_faults(
        draft,
        topics=[topic.slug for topic in list_topics(session)],
        room_is_known=draft.room_id is None or draft.room_id in rooms,
        now=now,
    )
    if not faults and draft.room_id and _is_busy(session, draft.room_id, draft.span, now):
        faults = [FieldError("room", RoomTaken.message)]
    if faults:
        raise InvalidInput(*faults)


def _check_unheld(session: Session, slot: Slot, now: datetime) -> None:
    if hold_on(session, slot_id=slot.id, now=now) is not None:
        raise SlotHeld


def _columns(draft: SlotDraft) -> dict[str, Any]:
    wall, fold = wall_of(draft.starts_at, draft.timezone)
    return {
        "titles": as_words(draft.titles, draft.language),
        "descriptions": as_words(draft.descriptions, draft.language),
        "language": draft.language,
        "scope": draft.scope,
        "starts_at": as_utc(draft.starts_at),
        "ends_at": as_utc(draft.ends_at),
        "timezone": draft.timezone,
        "local_start": wall.isoformat(timespec="seconds"),
        "local_fold": fold,
        "room_id": draft.room_id,
    }


def _set(session: Session, slot: Slot, source: SlotState, now: datetime, **values: object) -> Slot:
    written = session.scalar(
        update(Slot)
        .where(Slot.id == slot.id, Slot.state == source)
        .values(updated_at=now, **values)
        .returning(Slot.id)
        .execution_options(synchronize_session=False)
    )
    if written is None:
        raise NotOpen
    session.refresh(slot)
    return slot


def _write_topics(session: Session, slot_id: str, topics: Iterable[str]) -> None:
    session.execute(delete(SlotTopic).where(SlotTopic.slot_id == slot_id))
    session.add_all(
        SlotTopic(slot_id=slot_id, topic_slug=slug, position=position)
        for position, slug in enumerate(dict.fromkeys(topics))
    )
    session.flush()
