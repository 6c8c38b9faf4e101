"""One row of the index, on either database.

SQLite's FTS5 is told the old words of a row before they change: it keeps none of its own.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import bindparam, delete, func, select, text
from sqlalchemy.orm import Session

from catalog.search.models import FIELDS, TEXT, document
from core.database import insert_into

_COLUMNS: Final = ", ".join(FIELDS)
_OF_ROW: Final = "FROM catalog_search_document WHERE livestream_id = :livestream"
_OUT: Final = text(
    f"INSERT INTO {TEXT}({TEXT}, rowid, {_COLUMNS}) SELECT 'delete', number, {_COLUMNS} {_OF_ROW}"
).bindparams(bindparam("livestream"))
_IN: Final = text(
    f"INSERT INTO {TEXT}(rowid, {_COLUMNS}) SELECT number, {_COLUMNS} {_OF_ROW}"
).bindparams(bindparam("livestream"))


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


def write_row(
    session: Session, *, livestream_id: str, version: str, words: Mapping[str, str]
) -> None:
    """Write the row of a livestream, whether it has one or not."""
    own = {"livestream": livestream_id}
    if _is_sqlite(session):
        session.execute(_OUT, own)
    values: dict[str, Any] = {"version": version, **words}
    session.execute(
        insert_into(session, document)
        .values(livestream_id=livestream_id, **values)
        .on_conflict_do_update(index_elements=["livestream_id"], set_=values)
    )
    if _is_sqlite(session):
        session.execute(_IN, own)


def forget_row(session: Session, *, livestream_id: str) -> None:
    """Take a livestream out of the index."""
    if _is_sqlite(session):
        session.execute(_OUT, {"livestream": livestream_id})
    session.execute(delete(document).where(document.c.livestream_id == livestream_id))


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
