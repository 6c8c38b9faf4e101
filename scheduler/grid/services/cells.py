"""The rows below a reservation: locks on its resources, its cells, who takes part."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from sqlalchemy import TextClause, delete, insert, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from core.database import is_lock_failure
from core.errors import Busy
from scheduler.enums import ReservationState as R
from scheduler.errors import HoldOver
from scheduler.grid.rules import Need
from scheduler.models import Cell, Reservation, ReservedResource
from scheduler.spans import Span, cells_of

LOCK: Final = text(
    "SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(CAST(:names AS text[])) "
    "AS name"
)
INSERTS: Final[Mapping[str, TextClause]] = {
    "sqlite": text(
        "INSERT INTO scheduler_cell (resource_id, number, reservation_id) "
        "WITH RECURSIVE steps (number) AS "
        "(VALUES (:first) UNION ALL SELECT number + 1 FROM steps WHERE number < :last) "
        "SELECT names.value, number, :reservation_id FROM json_each(:names) AS names, steps "
        "WHERE true ON CONFLICT DO NOTHING"
    ),
    "postgresql": text(
        "WITH parts AS ("
        "INSERT INTO scheduler_reserved_resource (reservation_id, resource_id, part, starts_at) "
        "SELECT :reservation_id, name, part, :starts_at "
        "FROM unnest(CAST(:names AS text[]), CAST(:parts AS text[])) AS given (name, part)) "
        "INSERT INTO scheduler_cell (resource_id, number, reservation_id) "
        "SELECT name, number, :reservation_id FROM unnest(CAST(:names AS text[])) AS name, "
        "generate_series(CAST(:first AS integer), CAST(:last AS integer)) AS number "
        "ORDER BY name, number ON CONFLICT DO NOTHING"
    ),
}
"""All cells in one statement: row by row they took most of the time of a claim.

PostgreSQL writes who takes part with them: every statement is a way there and back."""
DAY: Final = 24 * 12
"""Cells of a day."""
PARTS: Final = insert(ReservedResource)
QUIETLY: Final = {"synchronize_session": False}
"""Rows go that no object in memory stands for."""
AFRESH: Final = {"synchronize_session": False, "populate_existing": True}
"""What a change returns is what objects in memory say from then on."""


class Collision(Exception):  # noqa: N818 -- never leaves the grid
    """A cell or the subject is taken."""


@contextmanager
def whole(session: Session) -> Iterator[None]:
    """Do all of what is within or nothing; objects in memory say what is stored after it."""
    session.flush()
    try:
        with session.connection().begin_nested():
            yield
            session.flush()
    except BaseException:
        for one in session.identity_map.values():
            if isinstance(one, Reservation):
                session.expire(one)
        raise


@contextmanager
def or_busy() -> Iterator[None]:
    """Say that others write the same rows when their lock stood in the way for too long."""
    try:
        yield
    except OperationalError as error:
        if is_lock_failure(error):
            raise Busy from error
        raise


def lock_resources(session: Session, resource_ids: Iterable[str], *spans: Span) -> None:
    """Let one writer at a time change the days of these resources that the spans touch.

    The locks last until the transaction ends. Days, because those who want other days of the same
    room need not wait for each other. Whoever makes several reservations in one transaction locks
    all they take first: locked one after the other they could deadlock with somebody else.

    Raises:
        Busy: Somebody else has had one of them for too long.
    """
    if session.get_bind().dialect.name != "postgresql":
        return  # SQLite has one writer anyhow
    days = {cell // DAY for span in spans for cell in _ends_of_days(cells_of(span))}
    names = {f"{resource_id} {day}" for resource_id in resource_ids for day in days}
    with or_busy():
        session.execute(LOCK, {"names": sorted(names)})


def _ends_of_days(cells: range) -> Iterator[int]:
    """Yield at least one cell of every day."""
    yield from cells[::DAY]
    yield cells[-1]


def take_cells(
    session: Session, *, reservation_id: str, needs: Sequence[Need], span: Span, taken: Span
) -> None:
    """Write the cells of ``taken``, and who takes part from the start of ``span``.

    Raises:
        Collision: Somebody has one of the cells; some of the others may be written.
    """
    connection, cells = session.connection(), cells_of(taken)
    given = sorted(needs)
    names = [need.resource_id for need in given]
    values: dict[str, object] = {
        "reservation_id": reservation_id,
        "first": cells.start,
        "last": cells.stop - 1,
    }
    if connection.dialect.name == "sqlite":
        values["names"] = json.dumps(names)
    else:
        parts = [need.part.value for need in given]
        values |= {"names": names, "parts": parts, "starts_at": span.starts_at}
    written = connection.execute(INSERTS[connection.dialect.name], values).rowcount
    if written != len(names) * len(cells):
        raise Collision
    if connection.dialect.name == "sqlite":
        part = {"reservation_id": reservation_id, "starts_at": span.starts_at}
        connection.execute(
            PARTS, [{**part, "resource_id": one.resource_id, "part": one.part} for one in given]
        )


def give_back(
    session: Session, reservation_ids: Sequence[str], *, keep_parts: bool = False
) -> None:
    """Delete the cells, and unless ``keep_parts`` who took part in what never was."""
    cells = delete(Cell).where(Cell.reservation_id.in_(reservation_ids))
    session.execute(cells, execution_options=QUIETLY)
    if not keep_parts:
        parts = delete(ReservedResource).where(ReservedResource.reservation_id.in_(reservation_ids))
        session.execute(parts, execution_options=QUIETLY)


def set_standing(
    session: Session,
    reservation: Reservation,
    sources: frozenset[R],
    *,
    now: datetime,
    or_expired: bool = False,
    **values: object,
) -> None:
    """Change a reservation, compare-and-set on its state; a hold that has expired is none.

    Raises:
        HoldOver: It is in none of ``sources`` any more, or expired and not ``or_expired``.
    """
    change = update(Reservation).where(
        Reservation.id == reservation.id, Reservation.state.in_(sources)
    )
    if not or_expired:
        change = change.where(Reservation.expires_at.is_(None) | (Reservation.expires_at > now))
    changed = session.scalars(
        change.values(updated_at=now, **values).returning(Reservation),
        execution_options=AFRESH,
    )
    if changed.one_or_none() is None:
        raise HoldOver
