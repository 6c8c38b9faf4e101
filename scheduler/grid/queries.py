"""Reads of the reservation grid."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from scheduler.enums import Part, ReservationKind
from scheduler.grid.rules import BUFFER, REACH, STANDING, Need, nearest_free
from scheduler.grid.rules import MOST_ALTERNATIVES as MOST
from scheduler.models import PersonTime, Reservation, ReservedResource
from scheduler.spans import Span, cells_of

FURTHEST: Final = timedelta(hours=12)
"""Nothing lasts longer, its buffers included: what began before cannot reach a time."""
WIDEST: Final = timedelta(hours=2)
"""The longest buffer."""


def taken_spans(
    *,
    resource_ids: Select[Any] | Sequence[str],
    span: Span,
    now: datetime,
) -> Select[*tuple[Any, ...]]:
    """Return what selects who is taken within ``span``: id, start, end, buffers before and after.

    ``resource_ids`` is a statement of ids, or a list. By reservations and not by cells: there are
    a dozen cells to each, and more. Holds that have expired are left out.
    """
    return (
        select(
            ReservedResource.resource_id,
            Reservation.starts_at,
            Reservation.ends_at,
            Reservation.buffer_before,
            Reservation.buffer_after,
        )
        .join(Reservation, Reservation.id == ReservedResource.reservation_id)
        .where(
            ReservedResource.resource_id.in_(resource_ids),
            ReservedResource.starts_at > span.starts_at - FURTHEST,
            ReservedResource.starts_at < span.ends_at + WIDEST,
            Reservation.ends_at > span.starts_at - WIDEST,
            Reservation.state.in_(STANDING),
            Reservation.expires_at.is_(None) | (Reservation.expires_at > now),
        )
    )


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
    statement = taken_spans(resource_ids=list(resource_ids), span=span, now=now)
    if but is not None:
        statement = statement.where(Reservation.id != but)
    rows = session.connection().execute(statement)
    wanted = cells_of(span)
    taken = (Span(starts, ends).widened(before, after) for _, starts, ends, before, after in rows)
    runs = (cells_of(one) for one in taken)
    return frozenset(cell for run in runs for cell in run if cell in wanted)


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
