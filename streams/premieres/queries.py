"""Reads of premieres: what is due, and the talk that is held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.enums import LivestreamState as L
from catalog.models import Livestream
from media.enums import BroadcastState as B
from media.models import Broadcast
from media.premiere import MARGIN
from media.showing import talk_length
from scheduler.enums import ReservationKind
from scheduler.grid.rules import STANDING
from scheduler.models import Reservation, ReservedResource
from streams.life.rules import NO_SHOW, is_held
from streams.premieres.rules import Fit, Slot, fit_of


@dataclass(frozen=True, slots=True)
class HeldTalk:
    """A finished talk that waits for its start, plays now, or missed it."""

    length: timedelta
    came_at: datetime | None
    fit: Fit
    is_held: bool
    """Whether it may still be replaced or taken back."""
    began_at: datetime | None

    @property
    def ends_at(self) -> datetime | None:
        """When the last frame is shown; None before the start."""
        return None if self.began_at is None else self.began_at + self.length


def due_premieres(session: Session, *, now: datetime) -> Sequence[str]:
    """Return the ids of premieres whose time has come and is not missed yet, by start."""
    statement = (
        select(Livestream.id)
        .join(Broadcast, Broadcast.id == Livestream.broadcast_id)
        .where(Livestream.state == L.SCHEDULED, Broadcast.state == B.ENDED)
        .where(Livestream.starts_at <= now, Livestream.starts_at > now - NO_SHOW)
    )
    return session.scalars(statement.order_by(Livestream.starts_at, Livestream.id)).all()


def finished_premieres(session: Session, *, now: datetime) -> Sequence[str]:
    """Return the ids of premieres that are live and whose talk is over."""
    statement = (
        select(Livestream.id, Livestream.broadcast_id, Broadcast.premiere_at)
        .join(Broadcast, Broadcast.id == Livestream.broadcast_id)
        .where(Livestream.state == L.LIVE, Broadcast.state == B.ENDED)
        .where(Broadcast.premiere_at.is_not(None))
    )
    return [
        row.id
        for row in session.execute(statement.order_by(Broadcast.premiere_at)).all()
        if row.premiere_at + talk_length(session, broadcast_id=row.broadcast_id) + MARGIN <= now
    ]


def held_talk(session: Session, *, livestream: Livestream) -> HeldTalk | None:
    """Return the talk of a premiere; None while there is none."""
    broadcast = session.get_one(Broadcast, livestream.broadcast_id)
    pair = (L(livestream.state), B(broadcast.state))
    plays = pair == (L.LIVE, B.ENDED)
    if not is_held(pair) and not plays:
        return None
    length = talk_length(session, broadcast_id=broadcast.id)
    slot = Slot(livestream.starts_at, livestream.ends_at, _next_at(session, livestream))
    return HeldTalk(
        length=length,
        came_at=broadcast.ended_at,
        fit=fit_of(length, slot),
        is_held=is_held(pair),
        began_at=broadcast.premiere_at if plays else None,
    )


def _next_at(session: Session, livestream: Livestream) -> datetime | None:
    """Return when the next time begins that its host, or its room, is taken for."""
    mine = (
        select(ReservedResource.resource_id)
        .join(Reservation, Reservation.id == ReservedResource.reservation_id)
        .where(
            Reservation.kind == ReservationKind.LIVESTREAM,
            Reservation.subject_id == livestream.id,
            Reservation.state.in_(STANDING),
        )
    )
    following = (
        select(func.min(Reservation.starts_at))
        .join(ReservedResource, ReservedResource.reservation_id == Reservation.id)
        .where(
            ReservedResource.resource_id.in_(mine),
            Reservation.subject_id != livestream.id,
            Reservation.state.in_(STANDING),
            Reservation.starts_at >= livestream.ends_at,
        )
    )
    return session.scalar(following)
