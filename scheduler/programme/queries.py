"""Reads of the reservations of livestreams."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from catalog.models import Livestream
from scheduler.enums import Part, ReservationKind, SearchState
from scheduler.grid.queries import buffers_of, needs_of, reservation_of
from scheduler.grid.rules import STANDING, Need, Wanted
from scheduler.models import Duty, Reservation, Search, Slot
from scheduler.programme.rules import TAKES
from scheduler.spans import Span

KIND = ReservationKind.LIVESTREAM
SUBJECTS = ((KIND, Livestream), (ReservationKind.DUTY, Duty), (ReservationKind.SLOT, Slot))
"""What time is taken for, by the row that says so."""


def reservation_of_livestream(session: Session, *, livestream_id: str) -> Reservation | None:
    """Return the standing reservation of a livestream."""
    return reservation_of(session, kind=KIND, subject_id=livestream_id)


def wanted_for(session: Session, livestream: Livestream) -> Wanted:
    """Return the time that a livestream needs: its host with buffers, and the room it has."""
    before, after = buffers_of(session, person_id=livestream.host_id)
    return Wanted(
        kind=KIND,
        subject_id=livestream.id,
        needs=(Need(livestream.host_id, Part.HOST), *_others(session, livestream.id)),
        span=Span(livestream.starts_at, livestream.ends_at),
        buffer_before=before,
        buffer_after=after,
        holder_id=livestream.host_id,
    )


_SEARCHED: Final = (
    Search.livestream_id == Livestream.id,
    Search.leaver_id == Livestream.host_id,
    Search.state.in_((SearchState.ASKING, SearchState.GIVEN_UP)),
)


def is_searched_for(session: Session, *, livestream_id: str) -> bool:
    """Tell whether another host is looked for, or none was found: its own has given time back."""
    found = select(Search.id).join(Livestream, Livestream.id == livestream_id).where(*_SEARCHED)
    return session.scalar(found.limit(1)) is not None


def unreserved(session: Session, *, now: datetime) -> Sequence[Livestream]:
    """Return livestreams to come whose state takes time and that have none, by start.

    Those for which another host is looked for are none of them: they have nobody's time.
    """
    standing = exists().where(
        Reservation.kind == KIND,
        Reservation.subject_id == Livestream.id,
        Reservation.state.in_(STANDING),
    )
    searched = exists().where(*_SEARCHED)
    return session.scalars(
        select(Livestream)
        .where(Livestream.state.in_(TAKES), Livestream.ends_at > now, ~standing, ~searched)
        .order_by(Livestream.starts_at, Livestream.id)
    ).all()


def orphans(session: Session) -> Sequence[Reservation]:
    """Return standing reservations whose livestream, duty or slot is no longer there."""
    gone = (
        and_(Reservation.kind == kind, ~exists().where(row.id == Reservation.subject_id))
        for kind, row in SUBJECTS
    )
    return session.scalars(
        select(Reservation)
        .where(Reservation.state.in_(STANDING), or_(*gone))
        .order_by(Reservation.id)
    ).all()


def _others(session: Session, livestream_id: str) -> tuple[Need, ...]:
    reservation = reservation_of_livestream(session, livestream_id=livestream_id)
    if reservation is None:
        return ()
    needs = needs_of(session, reservation_id=reservation.id)
    return tuple(need for need in needs if need.part is not Part.HOST)
