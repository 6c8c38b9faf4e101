"""How a reservation moves on, and how time comes back: cancelled, expired, past."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, bindparam, delete, or_, select, update
from sqlalchemy.orm import Session

from scheduler.enums import ReservationKind
from scheduler.enums import ReservationState as R
from scheduler.grid.rules import KEPT, REMEMBERED, sources_of
from scheduler.grid.services.cells import AFRESH, QUIETLY, give_back, or_busy, set_standing, whole
from scheduler.models import Cell, Reservation, ReservedResource

ANY_EXPIRED: Final = (
    select(Reservation.id)
    .where(Reservation.state == R.HELD, Reservation.expires_at <= bindparam("now"))
    .limit(1)
)


def change_state(session: Session, *, reservation: Reservation, state: R, now: datetime) -> None:
    """Move a reservation on, compare-and-set; what no longer stands gives its time back.

    Raises:
        HoldOver: It is in no state from which this is possible, or its hold has expired.
        Busy: Somebody else has been changing it for too long.
    """
    with or_busy(), whole(session):
        set_standing(
            session,
            reservation,
            sources_of(state),
            now=now,
            or_expired=state is R.RELEASED,
            state=state.value,
            expires_at=None,
        )
        if state is R.USED:  # what is past is in nobody's way; who took part stays on record
            give_back(session, [reservation.id], keep_parts=True)
        elif state is R.RELEASED:
            give_back(session, [reservation.id])


def release_expired(session: Session, *, now: datetime, among: Sequence[str] | None = None) -> int:
    """Give back holds that have expired, of these resources or of all; return how many.

    Of all, those that somebody else is just changing are left for the next time.
    """
    due = _expired(now)
    if among is not None:
        due &= _takes_any(among)
    return _release(session, due, now, waits=among is not None)


def release_expired_for(
    session: Session,
    *,
    now: datetime,
    resource_ids: Sequence[str],
    kind: ReservationKind,
    subject_id: str,
) -> int:
    """Give back expired holds on these resources and on this subject, whoever holds it."""
    if session.connection().execute(ANY_EXPIRED, {"now": now}).first() is None:
        return 0  # nearly always: the clock gives them back
    same = and_(Reservation.kind == kind, Reservation.subject_id == subject_id)
    return _release(session, _expired(now) & or_(_takes_any(resource_ids), same), now, waits=True)


def forget_past_cells(session: Session, *, now: datetime) -> int:
    """Delete cells of what has been over for two days: nobody can want them; return how many.

    The reservations stay, and with them who took part in what and when. They are found by their
    start, within :data:`rules.REMEMBERED`: the cells themselves have no index by time alone.
    """
    over = select(Reservation.id).where(
        Reservation.starts_at > now - REMEMBERED,
        Reservation.starts_at < now - KEPT,
        Reservation.ends_at < now - KEPT,
    )
    gone = session.execute(
        delete(Cell).where(Cell.reservation_id.in_(over)), execution_options=QUIETLY
    )
    return int(getattr(gone, "rowcount", 0))


def _expired(now: datetime) -> ColumnElement[bool]:
    return and_(Reservation.state == R.HELD, Reservation.expires_at <= now)


def _takes_any(resource_ids: Sequence[str]) -> ColumnElement[bool]:
    taken = select(ReservedResource.reservation_id)
    return Reservation.id.in_(taken.where(ReservedResource.resource_id.in_(resource_ids)))


def _release(session: Session, due: ColumnElement[bool], now: datetime, *, waits: bool) -> int:
    """Release what is due in the order of ids: two who release the same never cross."""
    rows = select(Reservation.id).where(due).order_by(Reservation.id)
    ids = session.scalars(rows.with_for_update(skip_locked=not waits)).all()
    if not ids:
        return 0
    released = session.scalars(
        update(Reservation)
        .where(Reservation.id.in_(ids), Reservation.state == R.HELD)
        .values(state=R.RELEASED, expires_at=None, updated_at=now)
        .returning(Reservation),
        execution_options=AFRESH,
    ).all()
    give_back(session, [reservation.id for reservation in released])
    return len(released)
