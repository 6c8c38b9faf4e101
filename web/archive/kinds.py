"""Kinds of columns: how their values are written as JSON, whatever the database.

An archive names the kind of each column, so that it can be read without the models of the release
that wrote it.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Double,
    LargeBinary,
    Numeric,
    String,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from core.clock import as_utc
from core.orm import UtcDateTime


def _same(value: Any) -> Any:  # noqa: ANN401 -- any JSON value
    return value


def _write_time(value: datetime) -> str:
    """Write RFC 3339 with every microsecond that the database has."""
    return as_utc(value).isoformat().replace("+00:00", "Z")


def _write_bytes(value: bytes) -> str:
    return base64.b64encode(value).decode()


@dataclass(frozen=True, slots=True)
class Kind:
    """A column type of SQLAlchemy, and both ways between its values and JSON; NULL is ``null``."""

    type: TypeEngine[Any]
    to_json: Callable[[Any], Any] = _same
    from_json: Callable[[Any], Any] = _same


def _json(*, none_as_null: bool) -> TypeEngine[Any]:
    postgres = JSONB(none_as_null=none_as_null)
    return JSON(none_as_null=none_as_null).with_variant(postgres, "postgresql")


KINDS: dict[str, Kind] = {
    "text": Kind(String()),
    "integer": Kind(BigInteger()),
    "number": Kind(Double()),
    "boolean": Kind(Boolean()),
    "decimal": Kind(Numeric(), str, Decimal),
    "date": Kind(Date(), date.isoformat, date.fromisoformat),
    "time": Kind(UtcDateTime(), _write_time, datetime.fromisoformat),
    "bytes": Kind(LargeBinary(), _write_bytes, base64.b64decode),
    "json": Kind(_json(none_as_null=False)),
    "json_or_null": Kind(_json(none_as_null=True)),  # None there is NULL, not the word null
}

_OF_PYTHON: dict[type, str] = {
    str: "text",
    int: "integer",
    float: "number",
    bool: "boolean",
    Decimal: "decimal",
    date: "date",
    bytes: "bytes",
}


def kind_of(column: Column[Any]) -> str:
    """Return the kind of a column of the models; ``KeyError`` for a type that has none yet."""
    if isinstance(column.type, UtcDateTime):
        return "time"
    if isinstance(column.type, JSON):
        return "json_or_null" if column.nullable else "json"
    return _OF_PYTHON[column.type.python_type]
