"""The reservation grid in tests: what is asked for, and whether the whole of it is sound."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.enums import Part, ReservationKind
from scheduler.enums import ReservationState as R
from scheduler.grid.rules import STANDING, Need, Wanted
from scheduler.models import Cell, Reservation, ReservedResource
from scheduler.spans import Span, cells_of

PARTS = {"h": Part.HOST, "m": Part.MODERATOR, "r": Part.ROOM}


def wanted(
    subject_id: str,
    *resources: str,
    at: datetime,
    minutes: int = 60,
    buffers: tuple[int, int] = (15, 15),
    kind: ReservationKind = ReservationKind.LIVESTREAM,
) -> Wanted:
    """Return what takes resources by name: the first letter says host, moderator or room."""
    return Wanted(
        kind=kind,
        subject_id=subject_id,
        needs=tuple(Need(name, PARTS[name[0]]) for name in resources),
        span=Span(at, at + timedelta(minutes=minutes)),
        buffer_before=buffers[0],
        buffer_after=buffers[1],
    )


def grid_faults(session: Session) -> list[str]:
    """Return everything that is wrong with the grid as it is stored; nothing past is forgotten."""
    rows = session.scalars(select(Reservation).order_by(Reservation.id)).all()
    parts, cells = _by_reservation(session)
    return [
        *(fault for row in rows for fault in _faults_of(row, parts[row.id], cells)),
        *_subjects_twice(rows),
        *_overlaps(rows, parts),
    ]


def _by_reservation(
    session: Session,
) -> tuple[dict[str, list[str]], dict[tuple[str, str], set[int]]]:
    parts: dict[str, list[str]] = defaultdict(list)
    for reservation_id, resource_id in session.execute(
        select(ReservedResource.reservation_id, ReservedResource.resource_id)
    ):
        parts[reservation_id].append(resource_id)
    cells: dict[tuple[str, str], set[int]] = defaultdict(set)
    for cell in session.execute(select(Cell.reservation_id, Cell.resource_id, Cell.number)):
        cells[cell.reservation_id, cell.resource_id].add(cell.number)
    return parts, cells


def _faults_of(
    row: Reservation, parts: list[str], cells: dict[tuple[str, str], set[int]]
) -> Iterator[str]:
    taken = set(cells_of(_taken(row)))
    strangers = {resource for owner, resource in cells if owner == row.id} - set(parts)
    if strangers:
        yield f"{row.id} has cells of {strangers} but no part of theirs"
    if row.state == R.RELEASED and parts:
        yield f"{row.id} was given back but keeps {parts}"
    for part in parts:
        has = cells.get((row.id, part), set())
        if row.state in STANDING and has != taken:
            yield f"{row.id} has {len(has)} cells of {part} and needs {len(taken)}"
        if row.state == R.USED and has:
            yield f"{row.id} is over and keeps {len(has)} cells of {part}"


def _subjects_twice(rows: Sequence[Reservation]) -> Iterator[str]:
    seen: set[tuple[str, str]] = set()
    for row in rows:
        subject = (row.kind, row.subject_id)
        if row.state in STANDING and subject in seen:
            yield f"{subject} stands twice"
        if row.state in STANDING:
            seen.add(subject)


def _overlaps(rows: Sequence[Reservation], parts: dict[str, list[str]]) -> Iterator[str]:
    """Compare the times of the reservations themselves, without looking at any cell."""
    spans: dict[str, list[tuple[Span, str]]] = defaultdict(list)
    for row in rows:
        for part in parts[row.id] if row.state in STANDING else ():
            spans[part].append((_taken(row), row.id))
    for part, taken in spans.items():
        for (one, one_id), (other, other_id) in pairwise(sorted(taken)):
            if one.overlaps(other):
                yield f"{one_id} and {other_id} both have {part}"


def _taken(row: Reservation) -> Span:
    return Span(row.starts_at, row.ends_at).widened(row.buffer_before, row.buffer_after)
