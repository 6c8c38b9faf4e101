"""Rows of the index, on either database.

SQLite's FTS5 is told the old words of rows before they change: it keeps none of its own. It is told
of many rows in one statement, because it writes what it has gathered with every new one.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import BindParameter, bindparam, delete, func, select, text
from sqlalchemy.orm import Session

from catalog.search.models import FIELDS, TEXT, document
from core.database import insert_into

_COLUMNS: Final = ", ".join(FIELDS)
_OF_ROWS: Final = "FROM catalog_search_document WHERE livestream_id IN :livestreams ORDER BY number"
_OWN: Final[BindParameter[Any]] = bindparam("livestreams", expanding=True)
_OUT: Final = text(
    f"INSERT INTO {TEXT}({TEXT}, rowid, {_COLUMNS}) SELECT 'delete', number, {_COLUMNS} {_OF_ROWS}"
).bindparams(_OWN)
_IN: Final = text(
    f"INSERT INTO {TEXT}(rowid, {_COLUMNS}) SELECT number, {_COLUMNS} {_OF_ROWS}"
).bindparams(_OWN)


@dataclass(frozen=True, slots=True)
class Row:
    """What is indexed of a livestream, and the version of what it was made from."""

    livestream_id: str
    version: str
    words: Mapping[str, str]


def words_of_row(session: Session, livestream_id: str) -> Iterable[str]:
    """Return the words that are indexed of a livestream; none of one that never was."""
    row = document.c.livestream_id == livestream_id
    if _is_sqlite(session):
        found = session.scalar(select(document.c.everything).where(row))
        return () if found is None else str(found).split()
    words: list[str] | None = session.scalar(
        select(func.tsvector_to_array(document.c.everything)).where(row)
    )
    return words or ()


def write_rows(session: Session, rows: Collection[Row]) -> None:
    """Write the rows of livestreams, whether they have one or not."""
    own = [row.livestream_id for row in rows]
    _tell(session, _OUT, own)
    for row in rows:
        values: dict[str, Any] = {"version": row.version, **row.words}
        session.execute(
            insert_into(session, document)
            .values(livestream_id=row.livestream_id, **values)
            .on_conflict_do_update(index_elements=["livestream_id"], set_=values)
        )
    _tell(session, _IN, own)


def forget_rows(session: Session, ids: Collection[str]) -> None:
    """Take livestreams out of the index."""
    _tell(session, _OUT, ids)
    session.execute(delete(document).where(document.c.livestream_id.in_(ids)))


def _tell(session: Session, statement: Any, ids: Collection[str]) -> None:  # noqa: ANN401 -- a text with parameters
    if _is_sqlite(session):
        session.execute(statement, {"livestreams": list(ids)})


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
