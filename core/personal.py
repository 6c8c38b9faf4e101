"""What is held about people: every column of every table, thought about by the room that has it.

A room says of each of its tables whose a row is, what of it is handed over, and what becomes of it
when its person is erased. A column that nobody named fails a test, and then somebody decides.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, TypeAlias, cast

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    MetaData,
    Select,
    Table,
    delete,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.orm import Session

from core.clock import rfc3339
from core.sealing import unseal

OURS: Final = "an id by which rows find each other"
PROOF: Final = "a proof that would work for whoever reads it"
WORKING: Final = "how it is kept and moved, for those who look after it"
FOUND_BY: Final = "finds something again without opening it"


class Fate(StrEnum):
    """What becomes of the rows about a person who is erased."""

    DELETED = "deleted"
    UNNAMED = "unnamed"  # the row stays, and names nobody
    KEPT = "kept"  # the reason stands beside it


@dataclass(frozen=True, slots=True)
class Person:
    """By which ids rows are about somebody; ``recipient_id`` is empty if nobody ever wrote."""

    user_id: str
    recipient_id: str
    history: str
    """The name of their history (see :mod:`streams.history`)."""
    known: Mapping[tuple[str, str], Sequence[Any]] = field(default_factory=dict)
    """What names their rows, by table and column: looked up before any of these rows goes."""


Whose: TypeAlias = Callable[[Table, Person, "Register"], ColumnElement[bool]]
"""The condition that a row of a table is about a person."""


@dataclass(frozen=True, slots=True)
class Held:
    """One table: its columns, and what becomes of them when somebody asks for everything."""

    whose: Whose | None = None
    """None: no row is about one person; ``kept_back`` says why of each column."""
    told: tuple[str, ...] = ()
    unsealed: Mapping[str, str] = field(default_factory=dict)
    """Sealed columns, with their names when they are open."""
    kept_back: Mapping[str, str] = field(default_factory=dict)
    """Columns that are not handed over, and why."""
    fate: Fate = Fate.DELETED
    unnamed: Mapping[str, Any] = field(default_factory=dict)
    """For :attr:`Fate.UNNAMED`: the columns and what stands in them afterwards."""
    reason: str = ""
    """Why rows that are about somebody are kept."""

    @property
    def columns(self) -> frozenset[str]:
        """Every column that somebody has thought about."""
        return frozenset({*self.told, *self.unsealed, *self.kept_back})


Register: TypeAlias = Mapping[str, Held]
"""What every room holds, by table."""


def nobody(reason: str, *columns: str) -> Held:
    """Return a table of which no row is about one person."""
    return Held(kept_back=dict.fromkeys(columns, reason))


def by(column: str, who: str = "user_id") -> Whose:
    """Rows are about the person whom a column names; ``who`` is a field of :class:`Person`."""

    def whose(table: Table, person: Person, register: Register) -> ColumnElement[bool]:
        del register
        return table.c[column] == literal(getattr(person, who))

    return whose


@dataclass(frozen=True, slots=True)
class within:  # noqa: N801 -- reads beside by() as what it says
    """Rows belong to rows of another table, which are about the person."""

    column: str
    parent: str
    parent_column: str = "id"

    def __call__(self, table: Table, person: Person, register: Register) -> ColumnElement[bool]:
        """Return the condition; with what :func:`erase` looked up, or by looking it up."""
        known = person.known.get((self.parent, self.parent_column))
        above = known if known is not None else self.above(table.metadata, person, register)
        return table.c[self.column].in_(above)

    def above(self, metadata: MetaData, person: Person, register: Register) -> Select[tuple[Any]]:
        """Return what names the rows of the other table."""
        table, whose = metadata.tables[self.parent], register[self.parent].whose
        if whose is None:
            raise LookupError(self.parent)
        return select(table.c[self.parent_column]).where(whose(table, person, register))


def export(
    session: Session,
    person: Person,
    *,
    register: Register,
    metadata: MetaData,
    data_key: str,
) -> dict[str, list[dict[str, Any]]]:
    """Return everything that is held about a person, by table, without secrets."""
    found = {}
    for name, held in sorted(register.items()):
        if held.whose is not None and (held.told or held.unsealed):
            table = metadata.tables[name]
            rows = session.execute(
                select(table)
                .where(held.whose(table, person, register))
                .order_by(*table.primary_key)
            )
            found[name] = [_told(held, row._mapping, data_key) for row in rows]  # noqa: SLF001 -- its public name
    return found


def erase(
    session: Session, person: Person, *, register: Register, metadata: MetaData
) -> dict[str, int]:
    """Delete or unname every row about a person; return how many there were, by table.

    What belongs to a row goes before it.
    """
    person = _looked_up(session, person, register, metadata)
    tables = [one for one in reversed(metadata.sorted_tables) if one.name in register]
    about = [
        (table, held, held.whose(table, person, register))
        for table in tables
        if (held := register[table.name]).whose is not None and held.fate is not Fate.KEPT
    ]
    counts = {table.name: _count(session, table, whose) for table, _held, whose in about}
    for table, held, whose in about:
        if counts[table.name] and held.fate is Fate.UNNAMED:
            session.execute(update(table).where(whose).values(**held.unnamed))
    for table, held, whose in about:
        if counts[table.name] and held.fate is Fate.DELETED:
            cast("CursorResult[Any]", session.execute(delete(table).where(whose)))
    session.expire_all()
    return {name: number for name, number in sorted(counts.items()) if number}


def _looked_up(session: Session, person: Person, register: Register, metadata: MetaData) -> Person:
    """Find by which ids rows belong to the person while all of them are there."""
    known: dict[tuple[str, str], Sequence[Any]] = {}
    for held in register.values():
        if isinstance(held.whose, within):
            above = held.whose.above(metadata, person, register)
            known[held.whose.parent, held.whose.parent_column] = session.scalars(above).all()
    return replace(person, known=known)


def merged(registers: Iterable[Register]) -> dict[str, Held]:
    """Return one register of those of all rooms; a table that two rooms name is a mistake."""
    found: dict[str, Held] = {}
    for register in registers:
        twice = found.keys() & register.keys()
        if twice:
            raise LookupError(sorted(twice))
        found |= register
    return found


def _told(held: Held, row: Mapping[Any, Any], data_key: str) -> dict[str, Any]:
    told = {column: _written(row[column]) for column in held.told}
    opened = {
        new: unseal(data_key, row[old]) if row[old] else "" for old, new in held.unsealed.items()
    }
    return {**told, **opened}


def _written(value: object) -> object:
    if isinstance(value, datetime):
        return rfc3339(value)
    return value.isoformat() if isinstance(value, date) else value


def _count(session: Session, table: Table, whose: ColumnElement[bool]) -> int:
    return session.execute(select(func.count()).select_from(table).where(whose)).scalar_one()


HELD: Final[Register] = MappingProxyType(
    {
        "core_heartbeat": nobody("that a process is well", "role", "node", "at"),
        "core_limit": nobody(
            "a count under a keyed fingerprint of an address, for a day at most",
            *("key", "starts_at", "count"),
        ),
        "core_work": nobody(
            "a step of a program and the id of what it is done to",
            *("id", "kind", "subject", "revision", "payload", "state", "attempts"),
            *("max_attempts", "progress", "reason", "log", "leased_by", "lease_until"),
            *("due_at", "created_at", "started_at", "finished_at"),
        ),
    }
)
