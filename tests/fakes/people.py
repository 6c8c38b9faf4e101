"""One row in every table for a person, made from the tables: each text is a canary."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    String,
    Table,
    TypeDecorator,
)
from sqlalchemy.orm import Session

from core.orm import Base
from core.sealing import seal

ONE_OF: Final = re.compile(r"(\w+) IN \(([^)]*)\)")
SHARED: Final = {"accounts_role", "catalog_topic", "accounts_wording", "scheduler_zone_data"}
"""Tables of which there is one row for everybody."""
FIXED: Final[Mapping[tuple[str, str], Any]] = {
    ("accounts_recipient", "fingerprint"): None,
    ("accounts_recipient", "choices"): {},
    ("accounts_role", "name"): "viewer",
    ("accounts_user", "active"): True,
    ("accounts_audit", "subject_kind"): "livestream",
    ("catalog_follow", "series_id"): None,
    ("catalog_follow", "host_id"): None,
    ("catalog_livestream", "organisation_id"): None,
    ("catalog_livestream", "state"): "published",
    ("catalog_roster", "second_by"): None,
    ("scheduler_recurrence", "frequency"): "weekly",
    ("scheduler_recurrence", "nth"): None,
    ("scheduler_recurrence", "weekday"): 1,
    ("scheduler_recurrence", "every"): 1,
    ("scheduler_recurrence", "times"): 3,
    ("scheduler_reservation", "state"): "confirmed",
    ("scheduler_reservation", "expires_at"): None,
    ("scheduler_slot", "state"): "claimed",
    ("scheduler_weekly_hours", "start_minute"): 60,
    ("scheduler_weekly_hours", "end_minute"): 120,
    ("scheduler_weekly_hours", "weekday"): 1,
    ("scheduler_dated_hours", "start_minute"): 60,
    ("scheduler_dated_hours", "end_minute"): 120,
}
PERSON: Final = {
    ("accounts_audit", "actor_id"),
    ("accounts_challenge", "user_id"),
    ("core_idempotency", "actor_id"),
    ("media_upload", "owner_id"),
    ("scheduler_reserved_resource", "resource_id"),
    ("scheduler_cell", "resource_id"),
    ("streams_question", "reader_id"),
    ("streams_removal", "host_id"),
    ("catalog_host", "id"),
    ("accounts_user", "id"),
}
"""Columns that name a person without being a foreign key."""
LIVESTREAM: Final = {
    ("catalog_livestream", "id"),
    ("scheduler_reservation", "subject_id"),
    ("streams_removal", "livestream_id"),
}


@dataclass
class Someone:
    """A person, the rows about them, and the words that stand in these."""

    name: str
    history: str
    now: datetime
    data_key: str
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    words: dict[str, set[str]] = field(default_factory=dict)
    """By table the canaries."""

    @property
    def user_id(self) -> str:
        return f"{self.name}{'0' * 16}"[:16]

    @property
    def livestream_id(self) -> str:
        return f"{self.name}show{'0' * 16}"[:16]


def fill(session: Session, someone: Someone) -> None:
    """Write one row into every table, in the order of their foreign keys."""
    for table in Base.metadata.sorted_tables:
        row = {
            column.name: value
            for column in table.columns
            if (value := _value(table, column, someone)) is not ...
        }
        someone.rows[table.name] = row
        key = {one.name: row[one.name] for one in table.primary_key}
        if table.name in SHARED and session.execute(table.select().filter_by(**key)).first():
            continue
        session.execute(table.insert().values(**row))
    session.flush()


def _value(table: Table, column: Column[Any], of: Someone) -> Any:  # noqa: ANN401 -- of any column
    place = (table.name, column.name)
    known = {
        **FIXED,
        **dict.fromkeys(PERSON, of.user_id),
        **dict.fromkeys(LIVESTREAM, of.livestream_id),
        ("streams_position", "owner"): of.history,
    }
    if place in known:
        return known[place]
    for key in column.foreign_keys:
        if key.column.table is table:
            return None
        return of.rows[key.column.table.name][key.column.name]
    return _allowed(table, column) or _of_type(table, column, of)


def _allowed(table: Table, column: Column[Any]) -> str | None:
    """Return the first value that a check of the table lets stand."""
    for check in table.constraints:
        if isinstance(check, CheckConstraint):
            for name, values in ONE_OF.findall(str(check.sqltext)):
                if name == column.name:
                    return str(values.split(",")[0].strip(" '"))
    return None


def _of_type(table: Table, column: Column[Any], of: Someone) -> Any:  # noqa: ANN401 -- as above
    kind = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
    canary = f"{of.name} {table.name} {column.name}"
    if isinstance(kind, DateTime):
        return of.now + timedelta(hours=column.name.startswith("ends_"))
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, Integer):
        return (1 if of.name == "mei" else 2) + column.name.startswith("ends_")
    simple: list[tuple[Any, Any]] = [
        (Float, 0.5),
        (Date, date(2026, 3, 10)),
        (LargeBinary, canary.encode()),
        (JSON, {"en": _noted(of, table, canary)}),
    ]
    for known, value in simple:
        if isinstance(kind, known):
            return value
    return _text(table, column, kind, canary, of)


def _text(table: Table, column: Column[Any], kind: Any, canary: str, of: Someone) -> str:  # noqa: ANN401 -- a type
    if column.name.endswith("_sealed"):
        return seal(of.data_key, _noted(of, table, canary))
    if isinstance(kind, String) and kind.length and kind.length < len(canary):
        number = sorted(Base.metadata.tables).index(table.name) * 40
        number += list(table.columns.keys()).index(column.name)
        canary = f"{of.name}{number}"[: kind.length]
        if len(canary) < len(of.name) + 2:
            return canary
    return _noted(of, table, canary.lower() if column.name == "email" else canary)


def _noted(of: Someone, table: Table, canary: str) -> str:
    of.words.setdefault(table.name, set()).add(canary)
    return canary
