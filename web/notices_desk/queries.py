"""Reads of wordings: what is in force, who changed it, and which conditions there are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from accounts.models import AuditEntry, User
from accounts.notices.models import Wording
from accounts.notices.wording import WordingText, default_of
from catalog.models import Topic
from core.clock import as_utc
from web.notices_desk.rules import base_of


@dataclass(frozen=True, slots=True)
class InForce:
    """The words that are sent; ``version`` 0: those that came with the program."""

    kind: str
    language: str
    text: WordingText
    version: int = 0
    author: str = ""
    changed_at: datetime | None = None

    @property
    def is_edited(self) -> bool:
        """Whether an editor wrote them."""
        return self.version > 0

    @property
    def base(self) -> str:
        """By what a form says that it began with these words."""
        return base_of(self.text, self.version)


@dataclass(frozen=True, slots=True)
class Change:
    """A change of words, as the audit log has it; None stands for the words that came."""

    id: str
    before: WordingText | None
    after: WordingText | None


def in_force(session: Session, *, kind: str, language: str) -> InForce:
    """Return the words of a kind in a language; ``KeyError``: there is no such kind."""
    query = _edited().where(Wording.kind == kind, Wording.language == language)
    row = session.execute(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        return InForce(kind, language, default_of(kind, language))
    return _as_in_force(row[0], row[1])


def edited(session: Session) -> Mapping[tuple[str, str], InForce]:
    """Return what editors changed, by kind and language."""
    rows = session.execute(_edited())
    return {(one.kind, one.language): _as_in_force(one, author) for one, author in rows}


def change_of(session: Session, *, entry_id: str, kind: str, language: str) -> Change | None:
    """Return a change of these words that stands in the audit log."""
    entry = session.get(AuditEntry, entry_id)
    if entry is None or (entry.subject_kind, entry.subject_id) != ("wording", kind):
        return None
    if entry.details.get("language") != language:
        return None
    before, after = (entry.details.get(name) for name in ("before", "after"))
    return Change(entry.id, before and WordingText(**before), after and WordingText(**after))


def conditions(session: Session) -> frozenset[str]:
    """Return the names of all topics in every language: no subject line may hold one."""
    names = session.scalars(select(Topic.names))
    return frozenset(name for one in names for name in one.values() if name)


def _edited() -> Select[Wording, str]:
    author = func.coalesce(func.nullif(User.display_name, ""), User.email, "")
    return select(Wording, author).outerjoin(User, User.id == Wording.updated_by)


def _as_in_force(row: Wording, author: str) -> InForce:
    text = WordingText(row.subject, row.body, row.action)
    return InForce(row.kind, row.language, text, row.version, author, as_utc(row.updated_at))
