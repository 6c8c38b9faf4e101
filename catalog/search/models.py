"""Tables of the index: derived from the catalogue, so outside the models' metadata.

They are made and dropped with the models' tables, but never backed up, compared or exported: the
clock fills them again. PostgreSQL keeps the words as ``tsvector``; SQLite keeps them as text, of
which a virtual table of FTS5 is the index.
"""

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

from core.orm import NAMES, Base, Id

PREFIX: Final = "catalog_search"
"""Every table of the index, and of what FTS5 keeps beside it, begins so."""
INDEX: Final = MetaData(naming_convention=NAMES)


def _words() -> Any:  # noqa: ANN401 -- reads as a column type
    return Text().with_variant(TSVECTOR(), "postgresql")


document: Final = Table(
    f"{PREFIX}_document",
    INDEX,
    Column("number", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
    Column("livestream_id", Id(), nullable=False, unique=True),
    Column("version", String(32), nullable=False),
    Column("title", _words(), nullable=False),
    Column("about", _words(), nullable=False),
    Column("often", _words(), nullable=False),
    Column("everything", _words(), nullable=False),
    sqlite_autoincrement=True,  # a number that was forgotten is never given again
)
"""One row per livestream: its words by how much they say of it, and what they were made from.

No foreign key: the row of a livestream that is gone takes its words out of the index when it goes.
"""

term: Final = Table(
    f"{PREFIX}_term",
    INDEX,
    Column("word", String(40), primary_key=True),
    Column("livestreams", Integer, nullable=False),
)
"""English words, and how many livestreams have each: what typing errors are measured against."""

Index(f"ix_{PREFIX}_everything", document.c.everything, postgresql_using="gin").ddl_if(
    dialect="postgresql"
)

FIELDS: Final = ("title", "about", "often", "everything")
TEXT: Final = f"{PREFIX}_text"
MAKE_TEXT: Final = (
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {TEXT} USING fts5({', '.join(FIELDS)}, "
    f"content='{PREFIX}_document', content_rowid='number', columnsize=0, prefix='1 3', "
    "tokenize='unicode61 remove_diacritics 0')"
)


@event.listens_for(Base.metadata, "after_create")
def make(target: MetaData, connection: Connection, **_: object) -> None:
    """Make the index beside the tables of the models."""
    del target
    INDEX.create_all(connection)
    if connection.dialect.name == "sqlite":
        connection.execute(text(MAKE_TEXT))


@event.listens_for(Base.metadata, "before_drop")
def drop(target: MetaData, connection: Connection, **_: object) -> None:
    """Drop the index with them."""
    del target
    if connection.dialect.name == "sqlite":
        connection.execute(text(f"DROP TABLE IF EXISTS {TEXT}"))
    INDEX.drop_all(connection)
