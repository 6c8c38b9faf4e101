"""Which index rows match, as conditions in SQL: one interface over FTS5 and tsvector."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    ColumnElement,
    and_,
    case,
    cast,
    column,
    false,
    literal,
    literal_column,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from catalog.models import Livestream
from catalog.queries import Filters, conditions_of
from catalog.search.models import TEXT, document
from catalog.search.rules.asking import Asked, asked_for
from catalog.search.rules.expressions import fts5, tsquery

FRESH: Final = timedelta(minutes=1)
"""Longer than the clock takes to index what was written."""
WEIGHTS: Final = (("title", 4), ("about", 2), ("often", 1))
"""A match in the title outweighs one in the description and one that is said often together."""


@dataclass(frozen=True, slots=True)
class Matching:
    """The condition that a row has what is asked for, and how much that says of it: 0 to 7."""

    condition: ColumnElement[bool]
    score: ColumnElement[int]


def matching(session: Session, asked: Asked, *, every: bool = True) -> Matching:
    """Return what matches all that is asked for, or with ``every`` False some of it."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    has = _has_sqlite if is_sqlite else _has_postgres
    score: ColumnElement[Any] = literal(0)
    for field, weight in WEIGHTS:
        score = score + case((has(asked, every, field), weight), else_=0)
    return Matching(has(asked, every, "everything"), score)


def mentions(session: Session, *, text: str, now: datetime) -> ColumnElement[bool]:
    """Return the condition on livestreams that they have all of what was typed.

    What was written in the last moments, which the index may not have yet, is looked at directly.
    """
    asked = asked_for(text)
    if not asked:
        return false()
    found = select(document.c.livestream_id).where(matching(session, asked).condition)
    fresh = and_(Livestream.updated_at >= now - FRESH, *conditions_of(Filters(text=text)))
    return or_(Livestream.id.in_(found), fresh)


def _has_sqlite(asked: Asked, every: bool, field: str) -> ColumnElement[bool]:  # noqa: FBT001 -- private
    index = table(TEXT, column("rowid"))
    query = fts5(asked, every=every, field=field)
    rows = select(index.c.rowid).where(literal_column(TEXT).op("MATCH")(query))
    return document.c.number.in_(rows)


def _has_postgres(asked: Asked, every: bool, field: str) -> ColumnElement[bool]:  # noqa: FBT001 -- private
    query = cast(tsquery(asked, every=every), TSQUERY)
    return document.c[field].op("@@", return_type=Boolean())(query)
