"""Reads of the board: pages of work with the livestream each piece is about, and counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from catalog.models import Livestream
from core.words import Words
from core.work.enums import WorkState
from core.work.models import Work
from media.models import Upload

PER_PAGE: Final = 50
ORDER: Final = case(
    {WorkState.RUNNING: 0, WorkState.FAILED: 1, WorkState.QUEUED: 2}, value=Work.state, else_=3
)
"""What runs comes first, then what needs a person, then what waits; the rest by age."""
MOMENT: Final = func.coalesce(Work.finished_at, Work.started_at, Work.created_at)


@dataclass(frozen=True, slots=True)
class Row:
    """A piece of work and the livestream it is about, if it is about one."""

    work: Work
    livestream_id: str | None
    titles: Words | None


@dataclass(frozen=True, slots=True)
class Filters:
    """What is shown; empty: everything. ``page`` counts from 1."""

    state: str = ""
    kind: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Board:
    """One page of the board; ``counts`` are of all work of the kind, by state."""

    rows: tuple[Row, ...]
    counts: Mapping[str, int]
    kinds: Sequence[str]
    has_next: bool


def read_board(session: Session, filters: Filters) -> Board:
    """Return a page of the board, in three queries."""
    wanted = _rows().where(*_conditions(filters)).order_by(ORDER, MOMENT.desc(), Work.id)
    page = wanted.offset((filters.page - 1) * PER_PAGE).limit(PER_PAGE + 1)
    found = [Row(work, one, titles) for work, one, titles in session.execute(page)]
    return Board(
        rows=tuple(found[:PER_PAGE]),
        counts=_counts(session, filters.kind),
        kinds=session.scalars(select(Work.kind).distinct().order_by(Work.kind)).all(),
        has_next=len(found) > PER_PAGE,
    )


def read_row(session: Session, *, work_id: str) -> Row | None:
    """Return one piece of work."""
    query = _rows().where(Work.id == work_id).execution_options(populate_existing=True)
    found = session.execute(query).one_or_none()
    return None if found is None else Row(found[0], found[1], found[2])


def _rows() -> Select[Work, str, dict[str, str]]:
    """Join the livestream: work is about a broadcast, or about an upload to one."""
    broadcast = func.coalesce(Upload.broadcast_id, Work.subject)
    return (
        select(Work, Livestream.id, Livestream.titles)
        .outerjoin(Upload, Upload.id == Work.subject)
        .outerjoin(Livestream, Livestream.broadcast_id == broadcast)
    )


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    conditions = []
    if filters.state:
        conditions.append(Work.state == filters.state)
    if filters.kind:
        conditions.append(Work.kind == filters.kind)
    return conditions


def _counts(session: Session, kind: str) -> dict[str, int]:
    query = select(Work.state, func.count()).group_by(Work.state)
    if kind:
        query = query.where(Work.kind == kind)
    known = {row[0]: row[1] for row in session.execute(query)}
    return {state.value: known.get(state.value, 0) for state in WorkState}
