"""Rows of the index are made anew when the version of what they were made from has changed.

The clock looks every few seconds at what was written in the last minutes, and once a minute at
everything: what a rival committed late, an edited host or topic, and rows of what is gone.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from catalog.search.models import TEXT, document, term
from catalog.search.queries.sources import known_versions, portions, sheets, versions
from catalog.search.rules.documents import english_words, entry_of, words_as
from catalog.search.services.rows import Row, forget_rows, words_of_row, write_rows
from core.database import insert_into

LATELY: Final = timedelta(minutes=5)
"""Longer than any transaction: one that began before a look is seen by the next."""
PORTION: Final = 60
"""Rows in one turn: on SQLite everybody who writes waits meanwhile, for a second at most."""
LOCK: Final = 0x5EA2C4  # one clock at a time on PostgreSQL; any number that nobody else uses


def catch_up(session: Session, *, now: datetime, most: int = PORTION) -> int:
    """Index what was written in the last minutes and is not indexed as it is; return how many."""
    if not _alone(session):
        return 0
    wanted = versions(session, since=now - LATELY)
    known = known_versions(session, wanted) if wanted else {}
    return _index(session, _stale(wanted, known)[:most])


def check_all(session: Session, *, most: int = PORTION) -> int:
    """Compare everything: forget what is gone and index up to ``most``; return how many moved."""
    if not _alone(session):
        return 0
    wanted, known = versions(session), known_versions(session)
    gone = [one for one in known if one not in wanted]
    if gone:
        forget(session, gone)
    return len(gone) + _index(session, _stale(wanted, known)[:most])


def empty(session: Session) -> None:
    """Forget the whole index; :func:`check_all`, called until it returns 0, fills it again."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text(f"INSERT INTO {TEXT}({TEXT}) VALUES ('delete-all')"))  # noqa: S608 -- the name of our table
    session.execute(delete(document))
    session.execute(delete(term))


def _stale(wanted: dict[str, str], known: dict[str, str]) -> list[str]:
    return [one for one, version in wanted.items() if known.get(one) != version]


def _index(session: Session, ids: Sequence[str]) -> int:
    if not ids:
        return 0
    dialect = session.get_bind().dialect.name
    moved: Counter[str] = Counter()
    rows = []
    for livestream_id, (version, sheet) in sheets(session, ids).items():
        moved.subtract(english_words(words_of_row(session, livestream_id)))
        entry = entry_of(sheet)
        rows.append(Row(livestream_id, version, words_as(dialect, entry)))
        moved.update(english_words(entry.everything))
    write_rows(session, rows)
    _count(session, moved)
    return len(ids)


def forget(session: Session, ids: Collection[str]) -> None:
    """Take livestreams out of the index at once, their words as well."""
    moved: Counter[str] = Counter()
    for livestream_id in ids:
        moved.subtract(english_words(words_of_row(session, livestream_id)))
    for some in portions(ids):
        forget_rows(session, some)
    _count(session, moved)


def _count(session: Session, moved: Counter[str]) -> None:
    """Note in how many livestreams more or fewer each word is; one that is in none goes."""
    rows = [{"word": word, "livestreams": by} for word, by in sorted(moved.items()) if by]
    if not rows:
        return
    added = insert_into(session, term)
    more = term.c.livestreams + added.excluded.livestreams
    session.execute(
        added.on_conflict_do_update(index_elements=["word"], set_={"livestreams": more}), rows
    )
    session.execute(delete(term).where(term.c.livestreams <= 0))


def _alone(session: Session) -> bool:
    """Tell whether no other clock is at it; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "sqlite":
        return True
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(LOCK))))
