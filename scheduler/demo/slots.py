"""An example room, and times that wait for a host."""

import json
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.ids import new_id
from core.walltime import moment_of
from core.words import CHINESE, ENGLISH, Words
from scheduler.enums import SlotState
from scheduler.models import Room, Slot
from scheduler.slots.rules import SlotDraft
from scheduler.slots.services import publish_slots

CONTENT: Final = Path(__file__).with_name("content.json")


@dataclass(frozen=True, slots=True)
class ExampleSlot:
    """A time so many days from now at a wall time; it comes again when it is over."""

    titles: Words
    topics: tuple[str, ...]
    day: int
    at: str
    language: str = ENGLISH
    timezone: str = "Asia/Shanghai"
    minutes: int = 45
    in_room: bool = False


@cache
def example_slots() -> tuple[ExampleSlot, ...]:
    """Return the offered times as their file says them."""
    return tuple(ExampleSlot(**one) for one in _content()["slots"])


def load_room(session: Session, *, now: datetime) -> Room:
    """Return the example room, made when it is missing."""
    room = session.scalar(select(Room).where(Room.is_example))
    if room is None:
        room = Room(id=new_id(), names=_content()["room"], is_example=True, created_at=now)
        session.add(room)
        session.flush()
    return room


def load_slots(session: Session, *, room_id: str, now: datetime) -> None:
    """Offer every example that is not offered; one that is over goes."""
    over = (Slot.state != SlotState.CLAIMED, Slot.starts_at <= now)
    session.execute(delete(Slot).where(Slot.is_example, *over))
    known = {slot.titles[CHINESE] for slot in session.scalars(select(Slot).where(Slot.is_example))}
    for example in example_slots():
        if example.titles[CHINESE] not in known:
            _offer(session, example, room_id, now)


def clear_room_and_slots(session: Session) -> None:
    """Remove example slots, and the example room when no other slot needs it."""
    session.execute(delete(Slot).where(Slot.is_example))
    used = select(Slot.room_id).where(Slot.room_id.is_not(None))
    session.execute(delete(Room).where(Room.is_example, Room.id.not_in(used)))


def _content() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(CONTENT.read_text("utf-8"))
    return found


def _offer(session: Session, example: ExampleSlot, room_id: str, now: datetime) -> None:
    day = now.date() + timedelta(days=example.day)
    wall = datetime.combine(day, time.fromisoformat(example.at))
    starts_at = moment_of(wall, example.timezone, fold=0)
    draft = SlotDraft(
        topics=example.topics,
        language=example.language,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=example.minutes),
        timezone=example.timezone,
        titles=example.titles,
        room_id=room_id if example.in_room else None,
    )
    (slot,) = publish_slots(session, drafts=[draft], published_by=None, now=now)
    slot.is_example = True
    session.flush()
