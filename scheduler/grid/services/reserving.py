"""Taking time and moving it: all cells or none."""

from collections.abc import Iterator
from contextlib import contextmanager
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
from scheduler.grid.queries import alternatives, needs_of
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
    with _or_taken(session, wanted, now):
        _make_way(session, wanted, now)
        reservation = _insert(session, wanted, state, now)
        _take(session, reservation, wanted)
    return reservation


def move(
    session: Session, *, reservation: Reservation, wanted: Wanted, now: datetime
) -> Reservation:
    """Change time or resources of a standing reservation: its own cells never stand in its way.

    Kind, subject, state and expiry stay as they are.

    Raises:
        Taken: A resource has given the new time away; everything stays as it was.
        HoldOver: The reservation no longer stands.
    """
    with _or_taken(session, wanted, now, but=reservation.id):
        _make_way(session, wanted, now, reservation)
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


@contextmanager
def _or_taken(
    session: Session, wanted: Wanted, now: datetime, but: str | None = None
) -> Iterator[None]:
    """Undo everything within and say what is free when a cell, a lock or a rival is in the way.

    Anything else that a database can fail by, a full disk or a lost connection, is a fault.
    """
    try:
        with whole(session):
            yield
    except (Collision, Busy):
        raise Taken(_free_for(session, wanted, now, but)) from None
    except OperationalError as error:
        if not is_lock_failure(error):
            raise
        raise Taken(_free_for(session, wanted, now, but)) from None


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


def _make_way(
    session: Session, wanted: Wanted, now: datetime, moving: Reservation | None = None
) -> None:
    """Lock what is taken and what is left, then give back holds that have expired on it."""
    left = needs_of(session, reservation_id=moving.id) if moving else ()
    ids = {*wanted.resource_ids, *(need.resource_id for need in left)}
    lock_resources(session, ids, wanted.taken, *([_taken_by(moving)] if moving else ()))
    release_expired_for(
        session,
        now=now,
        resource_ids=wanted.resource_ids,
        kind=wanted.kind,
        subject_id=wanted.subject_id,
    )


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
