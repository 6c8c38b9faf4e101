"""Reads of the reservation grid."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.enums import Part, ReservationKind, ReservationState
from scheduler.grid.rules import BUFFER, REACH, STANDING, Need, nearest_free
from scheduler.grid.rules import MOST_ALTERNATIVES as MOST
from scheduler.models import Cell, PersonTime, Reservation, ReservedResource
from scheduler.spans import Span, cells_of


def reservation_of(
    session: Session, *, kind: ReservationKind, subject_id: str
) -> Reservation | None:
    """Return the standing reservation for a subject."""
    return session.scalar(
        select(Reservation).where(
            Reservation.kind == kind,
            Reservation.subject_id == subject_id,
            Reservation.state.in_(STANDING),
        )
    )


def needs_of(session: Session, *, reservation_id: str) -> tuple[Need, ...]:
    """Return what a reservation takes, sorted."""
    rows = session.execute(
        select(ReservedResource.resource_id, ReservedResource.part)
        .where(ReservedResource.reservation_id == reservation_id)
        .order_by(ReservedResource.resource_id)
    )
    return tuple(Need(resource_id, Part(part)) for resource_id, part in rows)


def buffers_of(session: Session, *, person_id: str) -> tuple[int, int]:
    """Return the minutes that a person keeps free before and after."""
    row = session.execute(
        select(PersonTime.buffer_before, PersonTime.buffer_after).where(
            PersonTime.person_id == person_id
        )
    ).one_or_none()
    return (BUFFER, BUFFER) if row is None else (row[0], row[1])


def busy_cells(
    session: Session,
    *,
    resource_ids: Sequence[str],
    span: Span,
    now: datetime,
    but: str | None = None,
) -> frozenset[int]:
    """Return the cells within ``span`` that any of the resources has given away.

    Those of holds that have expired are free; so are those of the reservation ``but``.
    """
    cells = cells_of(span)
    expired = select(Reservation.id).where(
        Reservation.state == ReservationState.HELD, Reservation.expires_at <= now
    )
    statement = (
        select(func.min(Cell.number), func.max(Cell.number))
        .where(Cell.resource_id.in_(resource_ids))
        .where(Cell.number >= cells.start, Cell.number < cells.stop)
        .where(Cell.reservation_id.not_in(expired))
        .group_by(Cell.resource_id, Cell.reservation_id)
    )
    if but is not None:
        statement = statement.where(Cell.reservation_id != but)
    runs = session.execute(statement)  # the cells of a reservation follow each other
    return frozenset(number for first, last in runs for number in range(first, last + 1))


def alternatives(
    session: Session,
    *,
    resource_ids: Sequence[str],
    wanted: Span,
    buffers: tuple[int, int],
    now: datetime,
    but: str | None = None,
) -> tuple[Span, ...]:
    """Return up to three free spans as long as ``wanted``, the nearest first."""
    around = Span(wanted.starts_at - REACH, wanted.ends_at + REACH).widened(*buffers)
    busy = busy_cells(session, resource_ids=resource_ids, span=around, now=now, but=but)
    found = nearest_free(busy, wanted, buffers=buffers, now=now)
    return tuple(span for span, _ in zip(found, range(MOST), strict=False))
