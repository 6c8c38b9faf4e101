"""A slot becomes a livestream, and open again: each in one transaction.

The editors agreed on the time when they offered it, so the livestream is scheduled at once.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.models import Livestream, Topic
from scheduler.enums import Part
from scheduler.enums import ReservationState as R
from scheduler.errors import Taken
from scheduler.grid import services as grid
from scheduler.grid.rules import Need
from scheduler.models import Slot
from scheduler.programme.queries import reservation_of_livestream, wanted_for
from scheduler.slots import services as slots
from scheduler.slots.errors import NotOpen, RoomTaken, TooLateToHandBack
from scheduler.slots.queries import topics_of
from scheduler.slots.rules import HAND_BACK_UNTIL, Teacher
from scheduler.spans import Span
from streams.life import services as life
from streams.planning.rules.claims import Claim, Offered, draft_of_claim


@dataclass(frozen=True, slots=True)
class Site:
    """What the installation adds to a livestream: ``window_seconds`` as in ``media.models``."""

    window_seconds: int
    data_key: str


def claim_slot(
    session: Session,
    *,
    actor: Actor,
    slot: Slot,
    teacher: Teacher,
    claim: Claim,
    site: Site,
    now: datetime,
) -> Livestream:
    """Make a scheduled livestream of an open slot; a hold of the host becomes its reservation.

    Raises:
        Taken: Somebody was faster, or the host or the room is not free; others are named.
        NotOpen: The slot was withdrawn, or has begun.
        InvalidInput: All faults of what the host says.
    """
    hold = slots.hold_slot(session, slot=slot, teacher=teacher, now=now)
    slots.check_open(session, slot=slot, teacher=teacher, now=now)  # a rival may just be done
    livestream = life.create_livestream(
        session,
        actor=actor,
        draft=draft_of_claim(_offered(session, slot), claim, host_id=teacher.id),
        window_seconds=site.window_seconds,
        data_key=site.data_key,
        now=now,
    )
    slots.mark_claimed(session, slot=slot, livestream_id=livestream.id, teacher=teacher, now=now)
    grid.change_state(session, reservation=hold, state=R.RELEASED, now=now)
    livestream = life.schedule(session, livestream=livestream, now=now)
    if slot.room_id is not None:
        _add_room(session, livestream, slot.room_id, now)
    return livestream


def hand_back(session: Session, *, slot: Slot, livestream: Livestream, now: datetime) -> Slot:
    """Cancel the livestream that a slot has become and offer the slot again.

    Raises:
        TooLateToHandBack: It starts in less than a day.
        NotOpen: It is not claimed any more.
        NotInThisState: The livestream is live, over or cancelled.
    """
    if slot.livestream_id != livestream.id:
        raise NotOpen
    if livestream.starts_at - now < HAND_BACK_UNTIL:
        raise TooLateToHandBack
    life.cancel(session, livestream=livestream, now=now)
    return slots.mark_open(session, slot=slot, now=now)


def _offered(session: Session, slot: Slot) -> Offered:
    topics = topics_of(session, slot_id=slot.id)
    names = session.scalar(select(Topic.names).where(Topic.slug.in_(topics[:1])))
    return Offered(
        titles=slot.titles or names or {},
        descriptions=slot.descriptions,
        topics=topics,
        language=slot.language,
        scope=slot.scope,
        span=Span(slot.starts_at, slot.ends_at),
        timezone=slot.timezone,
    )


def _add_room(session: Session, livestream: Livestream, room_id: str, now: datetime) -> None:
    reservation = reservation_of_livestream(session, livestream_id=livestream.id)
    if reservation is None:
        return
    wanted = wanted_for(session, livestream)
    needs = (*wanted.needs, Need(room_id, Part.ROOM))
    try:
        grid.move(session, reservation=reservation, wanted=replace(wanted, needs=needs), now=now)
    except Taken as taken:
        raise RoomTaken(taken.alternatives) from None
