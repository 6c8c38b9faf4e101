"""Rows of tables as JSON lines, out of one database and into another."""

import gzip
import json
from collections.abc import Mapping
from itertools import islice
from typing import IO, Any

from sqlalchemy import Connection, Table, column, insert, select, table

from core.orm import Base
from web import tables as _tables  # noqa: F401 -- every table is known from here on
from web.archive.kinds import KINDS, kind_of

AT_ONCE = 500  # rows in memory
QUICK = 5  # of nine: most of what there is to gain, in a third of the time

Kinds = Mapping[str, str]
"""Column names of one table with their kinds."""


def all_tables() -> dict[str, dict[str, str]]:
    """Return every table with the kinds of its columns; a table stands after those it needs."""
    return {one.name: kinds_of(one) for one in Base.metadata.sorted_tables}


def kinds_of(one: Table) -> dict[str, str]:
    """Return the kinds of the columns of a table."""
    return {found.name: kind_of(found) for found in one.columns}


def write_rows(connection: Connection, name: str, kinds: Kinds, file: IO[bytes]) -> int:
    """Write all rows of a table as gzipped JSON lines; return how many."""
    rows = connection.execution_options(yield_per=AT_ONCE).execute(select(*_shape(name, kinds).c))
    count = 0
    with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=QUICK, mtime=0) as lines:
        for row in rows:
            lines.write(_to_line(row._mapping, kinds))  # noqa: SLF001 -- public, to avoid clashes
            count += 1
    return count


def read_rows(connection: Connection, name: str, kinds: Kinds, file: IO[bytes]) -> int:
    """Insert the rows that :func:`write_rows` wrote; return how many."""
    count = 0
    statement = insert(_shape(name, kinds))
    with gzip.GzipFile(fileobj=file, mode="rb") as lines:
        rows = (_from_line(line, kinds) for line in lines)
        while some := list(islice(rows, AT_ONCE)):
            connection.execute(statement, some)
            count += len(some)
    return count


def _shape(name: str, kinds: Kinds) -> Any:  # noqa: ANN401 -- TableClause, which insert() cannot name
    """Return a table as the archive describes it: the models may be those of a later release."""
    return table(name, *(column(one, KINDS[kind].type) for one, kind in kinds.items()))


def _to_line(row: Mapping[Any, Any], kinds: Kinds) -> bytes:
    values = {
        name: None if row[name] is None else KINDS[kind].to_json(row[name])
        for name, kind in kinds.items()
    }
    return json.dumps(values, separators=(",", ":")).encode() + b"\n"


def _from_line(line: bytes, kinds: Kinds) -> dict[str, Any]:
    row = json.loads(line)
    return {
        name: None if row[name] is None else KINDS[kind].from_json(row[name])
        for name, kind in kinds.items()
    }
