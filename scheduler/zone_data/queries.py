"""Rows whose start was derived from a wall time and is still to come."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.enums import LivestreamState as L
from catalog.models import Livestream
from scheduler.enums import SlotState
from scheduler.models import Slot, ZoneData

TO_COME: Final = (L.DRAFT, L.PROPOSED, L.SCHEDULED)
"""States in which a livestream has not begun: its start can still be another."""


def newest_version(session: Session) -> ZoneData | None:
    """Return the version that starts were last derived by."""
    newest = select(ZoneData).order_by(ZoneData.applied_at.desc(), ZoneData.version.desc())
    return session.scalar(newest.limit(1))


def livestreams_to_come(session: Session, *, now: datetime) -> Sequence[Livestream]:
    """Return livestreams that have not begun, by start."""
    return session.scalars(
        select(Livestream)
        .where(Livestream.state.in_(TO_COME), Livestream.starts_at > now)
        .order_by(Livestream.starts_at, Livestream.id)
    ).all()


def open_slots(session: Session, *, now: datetime) -> Sequence[Slot]:
    """Return slots that can be claimed, by start."""
    return session.scalars(
        select(Slot)
        .where(Slot.state == SlotState.OPEN, Slot.starts_at > now)
        .order_by(Slot.starts_at, Slot.id)
    ).all()
