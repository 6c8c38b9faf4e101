"""A new version of the zone data: starts to come are derived again, once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias

import structlog
from sqlalchemy import false, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from catalog.models import Livestream
from core.errors import Refusal, WrongState
from core.walltime import SkippedTime, data_version
from scheduler.models import Slot, ZoneData
from scheduler.programme.services import follow_edit
from scheduler.zone_data.queries import livestreams_to_come, newest_version, open_slots
from scheduler.zone_data.rules import Aside, Meant, derived_start

log = structlog.get_logger("mindcast.scheduler")

INSERTS: Final[dict[str, Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


Timed: TypeAlias = Livestream | Slot


@dataclass(frozen=True, slots=True)
class Move:
    """A row and the moment that its wall time means now."""

    row: Timed
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Applied:
    """What a version of the zone data changed."""

    moved: int
    aside: tuple[Aside, ...]


def follow_zone_data(session: Session, now: datetime) -> None:
    """Follow the zone data of this release; what could not follow is in the log for editors."""
    version = data_version()
    applied = apply_zone_data(session, version=version, now=now)
    if applied is None:
        return
    log.info("zone data applied", version=version, moved=applied.moved)
    for one in applied.aside:
        log.warning("start not moved", kind=one.kind, id=one.id, reason=one.reason)


def apply_zone_data(session: Session, *, version: str, now: datetime) -> Applied | None:
    """Derive starts to come again from their wall times, when ``version`` is another than before.

    Lengths stay. Calendars are told once: SEQUENCE rises by one. A row whose new time is taken or
    was skipped steps aside and stays where it was. None when there was nothing to do, or another
    clock does it.
    """
    if not _is_first_to_apply(session, version, now):
        return None
    livestreams = _move_all(session, livestreams_to_come(session, now=now), now)
    slots = _move_all(session, open_slots(session, now=now), now)
    moved = livestreams.moved + slots.moved
    session.execute(update(ZoneData).where(ZoneData.version == version).values(moved=moved))
    return Applied(moved, livestreams.aside + slots.aside)


def _is_first_to_apply(session: Session, version: str, now: datetime) -> bool:
    """Write the version down; of two clocks the second finds it written."""
    newest = newest_version(session)
    if newest is not None and newest.version == version:
        return False
    insert = INSERTS[session.get_bind().dialect.name](ZoneData)
    before = None if newest is None else newest.applied_at
    again = insert.values(version=version, applied_at=now, moved=0).on_conflict_do_update(
        index_elements=[ZoneData.version],
        set_={"applied_at": now, "moved": 0},
        where=ZoneData.applied_at <= before if before else false(),
    )
    return session.scalar(again.returning(ZoneData.version)) is not None


def _move_all(session: Session, rows: Iterable[Timed], now: datetime) -> Applied:
    """Move all that can be moved; one that cannot does not stop the others.

    Those who are in each other's way get another try when the others have moved: a whole evening
    of one host shifts by the same hour.
    """
    moves, aside = _moves(rows)
    moved = 0
    while moves:
        refused = [(move, reason) for move in moves if (reason := _try(session, move, now))]
        moved += len(moves) - len(refused)
        if len(refused) == len(moves):
            aside += [_aside(move.row, reason) for move, reason in refused]
            break
        moves = [move for move, _reason in refused]
    return Applied(moved, tuple(aside))


def _moves(rows: Iterable[Timed]) -> tuple[list[Move], list[Aside]]:
    """Return what is to move, those that go forward last one first, and what was skipped."""
    moves, aside = [], []
    for row in rows:
        meant = Meant(row.local_start, row.local_fold, row.timezone)
        try:
            starts_at = derived_start(meant, row.starts_at)
        except SkippedTime:
            aside.append(_aside(row, "skipped"))
            continue
        if starts_at != row.starts_at:
            moves.append(Move(row, starts_at))
    back = [move for move in moves if move.starts_at < move.row.starts_at]
    forward = [move for move in moves if move.starts_at > move.row.starts_at]
    return back + forward[::-1], aside


def _try(session: Session, move: Move, now: datetime) -> str:
    """Move one row with its reservation, both or neither; return why not, or nothing."""
    row_id, kind = move.row.id, type(move.row)
    try:
        with session.begin_nested():
            _write(session, move, now)
    except Refusal as refusal:
        session.expire(session.get_one(kind, row_id))  # it says again what is stored
        return refusal.code
    return ""


def _write(session: Session, move: Move, now: datetime) -> None:
    """Write the new time, compare-and-set on state and start."""
    row, table = move.row, type(move.row)
    values: dict[str, object] = {
        "starts_at": move.starts_at,
        "ends_at": move.starts_at + (row.ends_at - row.starts_at),
        "updated_at": now,
    }
    if isinstance(row, Livestream):
        values["sequence"] = Livestream.sequence + 1
    written = session.scalars(
        update(table)
        .where(table.id == row.id, table.state == row.state, table.starts_at == row.starts_at)
        .values(values)
        .returning(table),
        execution_options={"synchronize_session": False, "populate_existing": True},
    ).one_or_none()
    if written is None:
        raise WrongState
    if isinstance(written, Livestream):
        follow_edit(session, livestream=written, now=now)


def _aside(row: Timed, reason: str) -> Aside:
    return Aside(type(row).__name__.lower(), row.id, reason)
