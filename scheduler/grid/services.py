"""Writes of the reservation grid. The primary key of the cells is what refuses a double booking.

Every write locks its resources in sorted order first, gives back expired holds on them, and either
has all cells or changes nothing. Services flush and never commit.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from core.ids import new_id
from scheduler.enums import ReservationState as R
from scheduler.errors import HoldOver, Taken
from scheduler.grid.queries import alternatives, needs_of
from scheduler.grid.rules import HOLD, STANDING, Need, Wanted, sources_of
from scheduler.models import Cell, Reservation, ReservedResource
from scheduler.spans import Span, cell_of, cells_of


def reserve(
    session: Session, *, wanted: Wanted, now: datetime, state: R = R.CONFIRMED
) -> Reservation:
    """Take the time of every resource, buffers included, or of none.

    ``state`` is ``confirmed`` or ``pending``; ``held`` expires after :data:`rules.HOLD`.

    Raises:
        Taken: One of them has given the time away; the nearest free times are named.
    """
    with _or_taken(session, wanted, now):
        _lock(session, [need.resource_id for need in wanted.needs])
        release_expired(session, now=now, among=[need.resource_id for need in wanted.needs])
        reservation = _new(wanted, state, now)
        session.add(reservation)
        session.flush()
        _take(session, reservation.id, wanted.needs, wanted)
    return reservation


def move(
    session: Session, *, reservation: Reservation, wanted: Wanted, now: datetime
) -> Reservation:
    """Change time or resources of a standing reservation: its own cells never stand in its way.

    Raises:
        Taken: A resource has given the new time away; everything stays as it was.
        HoldOver: The reservation no longer stands.
    """
    with _or_taken(session, wanted, now, but=reservation.id):
        old = needs_of(session, reservation_id=reservation.id)
        _lock(session, [need.resource_id for need in (*old, *wanted.needs)])
        release_expired(session, now=now, among=[need.resource_id for need in wanted.needs])
        _give_back(session, [reservation.id])
        _set(
            session,
            reservation,
            STANDING,
            now,
            starts_at=wanted.span.starts_at,
            ends_at=wanted.span.ends_at,
            buffer_before=wanted.buffer_before,
            buffer_after=wanted.buffer_after,
        )
        _take(session, reservation.id, wanted.needs, wanted)
    return reservation


def change_state(session: Session, *, reservation: Reservation, state: R, now: datetime) -> None:
    """Move a reservation on, compare-and-set; what no longer stands gives its time back.

    Raises:
        HoldOver: It is in no state from which this is possible, or its hold has expired.
    """
    expires_at = reservation.expires_at
    if expires_at is not None and expires_at <= now and state is not R.RELEASED:
        raise HoldOver
    _set(session, reservation, sources_of(state), now, state=state.value, expires_at=None)
    if state is R.USED:
        _give_back(session, [reservation.id], since=now)
    elif state is R.RELEASED:
        _give_back(session, [reservation.id])


def release_expired(session: Session, *, now: datetime, among: Sequence[str] | None = None) -> int:
    """Give back holds that have expired, of these resources or of all; return how many."""
    expired = select(Reservation.id).where(
        Reservation.state == R.HELD, Reservation.expires_at <= now
    )
    if among is not None:
        taken = select(ReservedResource.reservation_id).where(
            ReservedResource.resource_id.in_(among)
        )
        expired = expired.where(Reservation.id.in_(taken))
    ids = session.scalars(
        update(Reservation)
        .where(Reservation.id.in_(expired), Reservation.state == R.HELD)
        .values(state=R.RELEASED, expires_at=None, updated_at=now)
        .returning(Reservation.id)
        .execution_options(synchronize_session=False)
    ).all()
    if ids:
        _give_back(session, ids)
    return len(ids)


@contextmanager
def _or_taken(
    session: Session, wanted: Wanted, now: datetime, but: str | None = None
) -> Iterator[None]:
    """Undo everything within and say what is free when a cell, a lock or a rival is in the way."""
    savepoint = session.begin_nested()
    try:
        yield
        savepoint.commit()
    except (_Collision, OperationalError):
        savepoint.rollback()
        raise Taken(_free_for(session, wanted, now, but)) from None
    except BaseException:
        savepoint.rollback()
        raise


class _Collision(Exception):  # noqa: N818 -- never leaves this module
    """A cell is taken."""


def _free_for(session: Session, wanted: Wanted, now: datetime, but: str | None) -> tuple[Span, ...]:
    return alternatives(
        session,
        resource_ids=[need.resource_id for need in wanted.needs],
        wanted=wanted.span,
        buffers=(wanted.buffer_before, wanted.buffer_after),
        now=now,
        but=but,
    )


def _new(wanted: Wanted, state: R, now: datetime) -> Reservation:
    return Reservation(
        id=new_id(),
        kind=wanted.kind,
        subject_id=wanted.subject_id,
        state=state,
        starts_at=wanted.span.starts_at,
        ends_at=wanted.span.ends_at,
        buffer_before=wanted.buffer_before,
        buffer_after=wanted.buffer_after,
        holder_id=wanted.holder_id,
        expires_at=now + HOLD if state is R.HELD else None,
        created_at=now,
        updated_at=now,
    )


def _lock(session: Session, resource_ids: Sequence[str]) -> None:
    """Let one writer at a time change a resource; SQLite has one writer anyhow."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for resource_id in sorted(set(resource_ids)):
        lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:id, 0))")
        session.execute(lock, {"id": resource_id})


def _take(session: Session, reservation_id: str, needs: Sequence[Need], wanted: Wanted) -> None:
    cells = cells_of(wanted.taken)
    rows = [
        {"resource_id": need.resource_id, "number": number, "reservation_id": reservation_id}
        for need in sorted(needs)
        for number in cells
    ]
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    session.connection().execute(dialect.insert(Cell).on_conflict_do_nothing(), rows)
    count = select(func.count()).where(Cell.reservation_id == reservation_id)
    if session.execute(count).scalar_one() != len(rows):
        raise _Collision
    session.connection().execute(
        insert(ReservedResource),
        [
            {
                "reservation_id": reservation_id,
                "resource_id": need.resource_id,
                "part": need.part.value,
                "starts_at": wanted.span.starts_at,
            }
            for need in needs
        ],
    )


def _give_back(
    session: Session, reservation_ids: Sequence[str], since: datetime | None = None
) -> None:
    """Delete the cells; with ``since`` only those that are still to come."""
    cells = delete(Cell).where(Cell.reservation_id.in_(reservation_ids))
    if since is not None:
        session.execute(cells.where(Cell.number >= cell_of(since)))
        return
    session.execute(cells.execution_options(synchronize_session=False))
    session.execute(
        delete(ReservedResource)
        .where(ReservedResource.reservation_id.in_(reservation_ids))
        .execution_options(synchronize_session=False)
    )


def _set(
    session: Session,
    reservation: Reservation,
    sources: frozenset[R],
    now: datetime,
    **values: object,
) -> None:
    changed = session.execute(
        update(Reservation)
        .where(Reservation.id == reservation.id, Reservation.state.in_(sources))
        .values(updated_at=now, **values)
        .returning(Reservation.id)
        .execution_options(synchronize_session=False)
    )
    if changed.scalar_one_or_none() is None:
        raise HoldOver
    session.refresh(reservation)
