"""Example time: hours of the made-up hosts, a room, open slots, duties, and what to remind of."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.demo.hours import load_hours
from scheduler.demo.reminders import load_reminders
from scheduler.demo.rota import load_duties
from scheduler.demo.slots import clear_room_and_slots, load_room, load_slots


def load(
    session: Session,
    *,
    moderators: Sequence[str],
    now: datetime,
    viewer_id: str | None = None,
    host_id: str | None = None,
) -> None:
    """Load what is missing; ``moderators`` are the user ids of people who moderate the examples.

    ``viewer_id`` is that of the account which is reminded of some of them, and ``host_id`` that of
    somebody whose examples all have their moderators: they can be begun.
    Slots whose time is over are offered again at a later one.
    """
    load_hours(session, moderators=moderators, now=now)
    room = load_room(session, now=now)
    load_slots(session, room_id=room.id, now=now)
    load_duties(session, moderators=moderators, host_id=host_id, now=now)
    if viewer_id is not None:
        load_reminders(session, viewer_id=viewer_id, now=now)


def clear(session: Session) -> None:
    """Remove what belongs to nobody; hours and duties go with their people."""
    clear_room_and_slots(session)


__all__ = ["clear", "load"]
