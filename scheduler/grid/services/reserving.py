"""Taking time and moving it: all cells or none."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from core.database import is_lock_failure, reading
from core.errors import Busy
from core.ids import new_id
from scheduler.enums import ReservationState as R
from scheduler.errors import Taken
from scheduler.grid.queries import alternatives, busy_cells, needs_of
from scheduler.grid.rules import HOLD, STANDING, Wanted
from scheduler.grid.services.cells import (
    Collision,
    give_back,
    lock_resources,
    set_standing,
    take_cells,
    whole,
)
from scheduler.grid.services.releasing import release_expired_for
from scheduler.models import Reservation
from scheduler.spans import Span

INSERTS: Final[dict[str, Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def reserve(
    session: Session, *, wanted: Wanted, now: datetime, state: R = R.CONFIRMED
) -> Reservation:
    """Take the time of every resource, buffers included, or of none.

    ``state`` is ``confirmed`` or ``pending``; ``held`` expires after :data:`rules.HOLD`.

    Raises:
        Taken: One of them has given the time away, or the subject has time already; the nearest
            free times are named.
    """

    def attempt() -> Reservation:
        _lock(session, wanted)
        reservation = _insert(session, wanted, state, now)
        _take(session, reservation, wanted)
        return reservation

    return _done_or_taken(session, wanted, now, attempt)


def move(
    session: Session, *, reservation: Reservation, wanted: Wanted, now: datetime
) -> Reservation:
    """Change time or resources of a standing reservation: its own cells never stand in its way.

    Kind, subject, state and expiry stay as they are.

    Raises:
        Taken: A resource has given the new time away; everything stays as it was.
        HoldOver: The reservation no longer stands.
    """

    def attempt() -> Reservation:
        _lock(session, wanted, reservation)
        set_standing(
            session,
            reservation,
            STANDING,
            now=now,
            starts_at=wanted.span.starts_at,
            ends_at=wanted.span.ends_at,
            buffer_before=wanted.buffer_before,
            buffer_after=wanted.buffer_after,
        )
        give_back(session, [reservation.id])
        _take(session, reservation, wanted)
        return reservation

    return _done_or_taken(session, wanted, now, attempt, but=reservation.id)


def _done_or_taken(
    session: Session,
    wanted: Wanted,
    now: datetime,
    attempt: Callable[[], Reservation],
    but: str | None = None,
) -> Reservation:
    """Do all of an attempt, or undo it and say what is free when something is in the way.

    When something is, holds that have expired give way and it is tried once more: nearly always
    there is none, and nobody has to look for them first. It is also tried once more when what was
    in the way has gone meanwhile: the clock gives expired holds back without locking resources.
    Anything else that a database can fail
    by, a full disk or a lost connection, is a fault.
    """
    try:
        with whole(session):
            return attempt()
    except Collision:
        pass
    except (Busy, OperationalError) as error:
        raise _taken(session, wanted, now, but, error) from None
    try:
        with whole(session):
            _make_way(session, wanted, now, but)
            return attempt()
    except (Collision, Busy, OperationalError) as error:
        raise _taken(session, wanted, now, but, error) from None


def _taken(
    session: Session, wanted: Wanted, now: datetime, but: str | None, error: Exception
) -> Exception:
    """Return what tells of an error: a fault of the database that is no lock stays what it is."""
    if isinstance(error, OperationalError) and not is_lock_failure(error):
        return error
    return Taken(_free_for(session, wanted, now, but))


def _free_for(session: Session, wanted: Wanted, now: datetime, but: str | None) -> tuple[Span, ...]:
    with reading():  # on SQLite there is no transaction yet when waiting for one took too long
        return alternatives(
            session,
            resource_ids=wanted.resource_ids,
            wanted=wanted.span,
            buffers=(wanted.buffer_before, wanted.buffer_after),
            now=now,
            but=but,
        )


def _make_way(session: Session, wanted: Wanted, now: datetime, but: str | None) -> None:
    """Give back expired holds on what is wanted; a collision stands while anything else does."""
    lock_resources(session, wanted.resource_ids, wanted.taken)
    released = release_expired_for(
        session,
        now=now,
        resource_ids=wanted.resource_ids,
        kind=wanted.kind,
        subject_id=wanted.subject_id,
    )
    if not released and busy_cells(
        session, resource_ids=wanted.resource_ids, span=wanted.taken, now=now, but=but
    ):
        raise Collision


def _lock(session: Session, wanted: Wanted, moving: Reservation | None = None) -> None:
    """Lock the days that are taken, and those that a moving reservation leaves."""
    left = needs_of(session, reservation_id=moving.id) if moving else ()
    ids = {*wanted.resource_ids, *(need.resource_id for need in left)}
    lock_resources(session, ids, wanted.taken, *([_taken_by(moving)] if moving else ()))


def _taken_by(reservation: Reservation) -> Span:
    span = Span(reservation.starts_at, reservation.ends_at)
    return span.widened(reservation.buffer_before, reservation.buffer_after)


def _insert(session: Session, wanted: Wanted, state: R, now: datetime) -> Reservation:
    values = {
        "id": new_id(),
        "kind": wanted.kind.value,
        "subject_id": wanted.subject_id,
        "state": state.value,
        "starts_at": wanted.span.starts_at,
        "ends_at": wanted.span.ends_at,
        "buffer_before": wanted.buffer_before,
        "buffer_after": wanted.buffer_after,
        "holder_id": wanted.holder_id,
        "expires_at": now + HOLD if state is R.HELD else None,
        "created_at": now,
        "updated_at": now,
    }
    insert = INSERTS[session.get_bind().dialect.name](Reservation)
    made: Reservation | None = session.scalar(
        insert.values(values).on_conflict_do_nothing().returning(Reservation)
    )
    if made is None:
        raise Collision
    return made


def _take(session: Session, reservation: Reservation, wanted: Wanted) -> None:
    take_cells(
        session,
        reservation_id=reservation.id,
        needs=wanted.needs,
        span=wanted.span,
        taken=wanted.taken,
    )
