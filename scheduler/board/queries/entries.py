"""The entries of the board: plain rows, the first of each day, and how many there are."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    bindparam,
    case,
    cast,
    extract,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from catalog.enums import LivestreamState, Visibility
from catalog.models import Host, Livestream, LivestreamTopic
from catalog.queries.texts import as_text
from catalog.schedule.queries import other_than
from scheduler.board.queries.conditions import (
    is_reserved,
    is_wrong,
    selected,
)
from scheduler.board.rules.problems import PATIENCE, Entry
from scheduler.board.rules.selection import PROBLEMS, Selection
from scheduler.duties.queries.rota import needed_by, standing_count
from scheduler.models import Search

BY_START: Final = (Livestream.starts_at, Livestream.id)
MOST_PROBLEMS: Final = 12
"""So many are explained on top; more are counted and shown by a filter."""
COUNTED: Final = 100
LOOKED_AT: Final = 1000
"""Among so many livestreams problems are looked for; a day never has more."""


def counts_of(
    session: Session, *, edges: Sequence[datetime], selection: Selection, now: datetime
) -> list[int]:
    """Return how many livestreams each day has; a day lies between two edges."""
    statement = _counts(selection, len(edges) - 1)
    return list(session.connection().execute(statement, _values(edges, now)).one())


def first_of_days(
    session: Session,
    *,
    edges: Sequence[datetime],
    selection: Selection,
    language: str,
    most: int,
    now: datetime,
) -> list[Entry]:
    """Return the first livestreams of each day, by start."""
    statement = _first(selection, language, len(edges) - 1, most)
    rows = session.connection().execute(statement, _values(edges, now))
    return _with_searches(session, list(map(Entry._make, rows)))


def wrong_ones(
    session: Session,
    *,
    edges: Sequence[datetime],
    selection: Selection,
    language: str,
    now: datetime,
) -> tuple[list[Entry], int]:
    """Return the first entries that something is wrong with, and how many there are.

    More than :data:`COUNTED` are not counted, nor looked for beyond :data:`LOOKED_AT`.
    """
    span = [edges[0], _end_of_look(session, edges)]
    ids = session.connection().execute(_wrong(selection), _values(span, now)).scalars().all()
    if not ids:
        return [], 0
    rows = session.connection().execute(_named(language), {"ids": ids[:MOST_PROBLEMS]})
    return _with_searches(session, list(map(Entry._make, rows))), len(ids)


def is_too_full(counts: Sequence[int]) -> bool:
    """Tell whether there are more livestreams than are looked through for problems."""
    return sum(counts) > LOOKED_AT


def _end_of_look(session: Session, edges: Sequence[datetime]) -> datetime:
    """Return the end of the days, or the start of the first livestream that is not looked at."""
    low, high = edges[0], edges[-1]
    beyond = (
        select(Livestream.starts_at)
        .where(Livestream.starts_at >= low, Livestream.starts_at < high)
        .order_by(Livestream.starts_at)
        .offset(LOOKED_AT)
        .limit(1)
    )
    return session.connection().execute(beyond).scalar_one_or_none() or high


def _with_searches(session: Session, entries: list[Entry]) -> list[Entry]:
    """Return the entries with the state of the latest search for another host of each."""
    statement = (
        select(Search.livestream_id, Search.state)
        .where(Search.livestream_id.in_([one.id for one in entries]))
        .order_by(Search.opened_at)
    )
    latest = {one: state for one, state in session.connection().execute(statement)}  # noqa: C416 -- rows are no pairs to the types
    return [one._replace(search=latest[one.id]) if one.id in latest else one for one in entries]


def _values(edges: Sequence[datetime], now: datetime) -> dict[str, datetime]:
    named = {f"edge{number}": edge for number, edge in enumerate(edges)}
    return {**named, "now": now, "long_ago": now - PATIENCE}


@lru_cache(maxsize=64)
def _counts(selection: Selection, days: int) -> Select[*tuple[Any, ...]]:
    """Return the statement; it is kept, because building one is not cheap."""
    if selection == Selection():
        return select(*((_all(day) - _drafts(day)).label(f"day{day}") for day in range(days)))
    counted = select(func.count()).select_from(Livestream).join(Host)
    return select(
        *(
            counted.where(*_within(day), *selected(selection)).scalar_subquery().label(f"day{day}")
            for day in range(days)
        )
    )


def _all(day: int) -> Any:  # noqa: ANN401 -- an expression of SQL
    """Return how many livestreams a day has, without a look at any of them: an index knows."""
    return select(func.count(Livestream.starts_at)).where(*_within(day)).scalar_subquery()


def _drafts(day: int) -> Any:  # noqa: ANN401 -- an expression of SQL
    """Return how many of them are drafts; the index of the programme knows."""
    kinds = (Livestream.visibility.in_([*Visibility]), Livestream.state == LivestreamState.DRAFT)
    return select(func.count(Livestream.starts_at)).where(*_within(day), *kinds).scalar_subquery()


@lru_cache(maxsize=64)
def _first(selection: Selection, language: str, days: int, most: int) -> Select[*tuple[Any, ...]]:
    """Return the statement: each day is found by itself, because an index has its order."""
    ids = select(Livestream.id)
    if selection != Selection():
        ids = ids.join(Host)
    parts = (
        ids.where(*_within(day), *selected(selection)).order_by(*BY_START).limit(most)
        for day in range(days)
    )
    found = union_all(*(select(part.subquery().c.id) for part in parts))
    return _entries(language).where(Livestream.id.in_(found)).order_by(*BY_START)


@lru_cache(maxsize=64)
def _wrong(selection: Selection) -> Select[str]:
    if selection.state == PROBLEMS:
        selection = selection.without("state")
    return (
        select(Livestream.id)
        .join(Host)
        .where(*_within(0), *selected(selection), is_wrong())
        .order_by(*BY_START)
        .limit(COUNTED)
    )


@lru_cache(maxsize=4)
def _named(language: str) -> Select[*tuple[Any, ...]]:
    chosen = Livestream.id.in_(bindparam("ids", expanding=True))
    return _entries(language).where(chosen).order_by(*BY_START)


def _within(day: int) -> tuple[ColumnElement[bool], ...]:
    low, high = (
        bindparam(f"edge{number}", type_=Livestream.starts_at.type) for number in (day, day + 1)
    )
    return Livestream.starts_at >= low, Livestream.starts_at < high


def _entries(language: str) -> Select[*tuple[Any, ...]]:
    titles: Any = Livestream.titles
    title = titles[language].as_string()
    other = titles[other_than(language)].as_string()
    return select(
        Livestream.id,
        title.label("title"),
        case((title.is_(None), other)).label("other_title"),
        Livestream.language,
        Livestream.host_id,
        as_text(Host.names),
        Host.is_example,
        _seconds(Host.verified_until),
        _seconds(Livestream.starts_at),
        _seconds(Livestream.ends_at),
        Livestream.state,
        Livestream.visibility,
        _seconds(Livestream.updated_at),
        _topics(),
        needed_by(),
        standing_count(),
        literal(None),
        is_reserved(),
    ).join(Host, Host.id == Livestream.host_id)


def _seconds(column: Any) -> ColumnElement[int]:  # noqa: ANN401 -- a column of times
    return cast(extract("epoch", column), BigInteger)


def _topics() -> Any:  # noqa: ANN401 -- an expression of SQL
    place = cast(LivestreamTopic.position, String) + ":" + LivestreamTopic.topic_slug
    about = LivestreamTopic.livestream_id == Livestream.id
    joined = func.aggregate_strings(place, " ")
    return select(joined).where(about).scalar_subquery()
