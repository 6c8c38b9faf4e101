"""Everything that notices hold about one person: to hand it over, and to erase it with a receipt.

Every column of a table of notices stands in :data:`HELD`: what is handed over as it is, what is
unsealed first, and what is no fact about the person, with the reason. A column that is not named
fails a test, and then somebody decides.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from shutil import rmtree
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, delete, false, func, select, update
from sqlalchemy.orm import Session

from accounts.notices.models import Notice, Recipient, Wording
from core.clock import rfc3339
from core.orm import Base
from core.sealing import unseal

OURS: Final = "an id by which rows find each other"
PROOF: Final = "a proof that would work for whoever reads it"
MAILS_KEPT: Final = timedelta(days=30)
"""Mails in the home say everything that the ledger does not: whom, and about which livestream."""
WORKING: Final = "how the sending went, for those who look after it"


@dataclass(frozen=True, slots=True)
class Held:
    """The columns of one table, by what becomes of them when somebody asks for everything."""

    owner: str
    """The column that says whose a row is; of the recipient, unless the table is ``by_user``."""
    told: tuple[str, ...]
    unsealed: Mapping[str, str] = field(default_factory=dict)
    """Sealed columns, with their names when they are open."""
    kept_back: Mapping[str, str] = field(default_factory=dict)
    """Columns that are not handed over, and why."""
    by_user: bool = False

    @property
    def columns(self) -> frozenset[str]:
        """Every column that somebody has thought about."""
        return frozenset({self.owner, *self.told, *self.unsealed, *self.kept_back})


HELD: Final[Mapping[str, Held]] = MappingProxyType(
    {
        "accounts_recipient": Held(
            "id",
            ("language", "timezone", "choices", "shows_titles", "created_at"),
            unsealed={"address_sealed": "address", "phone_sealed": "phone"},
            kept_back={
                "user_id": OURS,
                "fingerprint": "finds the address again without opening it",
                "link_version": PROOF,
            },
        ),
        "accounts_registration": Held(
            "recipient_id",
            ("subject_kind", "subject_id", "asked_at", "asks", "confirmed_at", "ended_at"),
            kept_back={"id": OURS, "updated_at": "repeats one of the other times"},
        ),
        "accounts_notice": Held(
            "recipient_id",
            (
                *("kind", "channel", "occurrence", "state", "facts", "said"),
                *("due_at", "sent_at", "created_at"),
            ),
            kept_back={
                "id": OURS,
                "registration_id": OURS,
                "revision": WORKING,
                "attempts": WORKING,
                "reason": WORKING,
                "leased_by": WORKING,
                "lease_until": WORKING,
                "give_up_at": WORKING,
            },
        ),
        "accounts_wording": Held(
            "updated_by",
            ("kind", "language", "updated_at"),
            kept_back=dict.fromkeys(
                ("subject", "body", "action", "version"), "the words of the installation"
            ),
            by_user=True,
        ),
        "scheduler_calendar_feed": Held(
            "recipient_id",
            ("created_at", "revoked_at", "read_at"),
            kept_back={"id": "the address of the calendar is made of it"},
        ),
    }
)


def export(
    session: Session, *, recipient_id: str, data_key: str
) -> dict[str, list[dict[str, Any]]]:
    """Return all rows about a recipient by table, without secrets; times in RFC 3339."""
    whose = _owners(session, recipient_id)
    return {name: _rows(session, whose[name], name, data_key) for name in HELD}


def erase(session: Session, *, recipient_id: str, mail: Path) -> dict[str, int]:
    """Delete all that is held about a recipient, mails in the home too; return what there was.

    An account stays, as it is no matter of notices; wordings stay without the name of who wrote
    them. Mails that a server took are no longer ours.
    """
    whose = _owners(session, recipient_id)
    counts = {name: _count(session, whose[name]) for name in HELD}
    counts["mails"] = erase_mails(session, recipient_id=recipient_id, mail=mail)
    wordings = update(Wording).where(whose[Wording.__tablename__]).values(updated_by=None)
    session.execute(wordings.execution_options(synchronize_session=False))
    session.execute(delete(Recipient).where(Recipient.id == recipient_id))  # the rest goes with it
    return counts


def erase_mails(session: Session, *, recipient_id: str, mail: Path) -> int:
    """Delete the mails and text messages to somebody that lie in the home; return how many.

    The name of a file begins with the id of its notice, and the ledger outlives the files.
    """
    ids = session.scalars(select(Notice.id).where(Notice.recipient_id == recipient_id))
    return remove_mails(mail, ids)


def remove_mails(mail: Path, ids: Iterable[str]) -> int:
    """Delete the files of these notices below a folder; return how many."""
    wanted = frozenset(ids)
    found = [path for path in mail.glob("*/*/*") if path.name.partition(".")[0] in wanted]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def remove_old_mails(mail: Path, *, now: datetime) -> int:
    """Delete the folders of days that are over for longer than :data:`MAILS_KEPT`; return how many.

    What stands there by another name is left alone.
    """
    before = f"{now - MAILS_KEPT:%Y-%m-%d}"
    old = [day for day in mail.glob("????-??-??") if day.name < before and day.is_dir()]
    for day in old:
        rmtree(day)
    return len(old)


def _owners(session: Session, recipient_id: str) -> dict[str, ColumnElement[bool]]:
    """Return by table the condition that a row is about the person."""
    user_id = session.scalar(select(Recipient.user_id).where(Recipient.id == recipient_id))
    by_user = {name: held.by_user for name, held in HELD.items()}
    return {
        name: false()
        if by_user[name] and user_id is None
        else _table(name).c[held.owner] == (user_id if by_user[name] else recipient_id)
        for name, held in HELD.items()
    }


def _rows(
    session: Session, whose: ColumnElement[bool], name: str, data_key: str
) -> list[dict[str, Any]]:
    held, table = HELD[name], _table(name)
    found = session.execute(select(table).where(whose).order_by(*table.primary_key))
    return [_told(held, row._mapping, data_key) for row in found]  # noqa: SLF001 -- its public name


def _told(held: Held, row: Mapping[Any, Any], data_key: str) -> dict[str, Any]:
    told = {column: row[column] for column in held.told}
    opened = {
        new: unseal(data_key, row[old]) if row[old] else "" for old, new in held.unsealed.items()
    }
    written = {
        name: rfc3339(value) if isinstance(value, datetime) else value
        for name, value in told.items()
    }
    return {**written, **opened}


def _count(session: Session, whose: ColumnElement[bool]) -> int:
    return session.execute(select(func.count()).where(whose)).scalar_one()


def _table(name: str) -> Table:
    """Return a table by its name: rooms above have some that are about a recipient."""
    return Base.metadata.tables[name]
