"""Changes of wordings: saved, taken back, undone; each only over the words the form began with.

What is in force is a row of :class:`Wording`, or else the words that came with the program. Each
change is written to the audit log with the words before and after it; undoing reads them there.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.orm import Session

from accounts.notices.models import Wording
from accounts.notices.wording import WordingText, check, default_of
from accounts.services import record_audit
from core.database import insert_into
from core.errors import FieldError, InvalidInput
from web.notices_desk.errors import NothingToUndo, WordingMoved
from web.notices_desk.queries import InForce, change_of, conditions, in_force

CHANGE: Final = "wording.change"
RESET: Final = "wording.reset"
UNDO: Final = "wording.undo"


def faults_of(
    session: Session, *, kind: str, language: str, text: WordingText
) -> Sequence[FieldError]:
    """Return what is wrong with words, field by field; a subject names no condition."""
    return check(kind, language, **asdict(text), conditions=conditions(session))


def save(
    session: Session,
    *,
    actor_id: str,
    kind: str,
    language: str,
    text: WordingText,
    base: str,
    now: datetime,
) -> str | None:
    """Put these words in force; return the line of the audit log, or None: they were already.

    Raises:
        InvalidInput: They cannot be sent; each fault names its field.
        WordingMoved: Others are in force than those that the form began with.
    """
    faults = faults_of(session, kind=kind, language=language, text=text)
    if faults:
        raise InvalidInput(*faults)
    before = _expected(session, kind, language, base)
    after = None if text == default_of(kind, language) else text
    return _change(session, before, after, act=CHANGE, actor_id=actor_id, now=now)


def reset(
    session: Session, *, actor_id: str, kind: str, language: str, base: str, now: datetime
) -> str | None:
    """Go back to the words that came with the program; raises as :func:`save`."""
    before = _expected(session, kind, language, base)
    return _change(session, before, None, act=RESET, actor_id=actor_id, now=now)


def undo(
    session: Session, *, actor_id: str, kind: str, language: str, entry_id: str, now: datetime
) -> str | None:
    """Take back a change, as long as nobody has changed the words again.

    Raises:
        NothingToUndo: There is no such change, or other words are in force than it left.
    """
    change = change_of(session, entry_id=entry_id, kind=kind, language=language)
    before = in_force(session, kind=kind, language=language)
    if change is None or _kept(before) != change.after:
        raise NothingToUndo
    return _change(session, before, change.before, act=UNDO, actor_id=actor_id, now=now)


def _expected(session: Session, kind: str, language: str, base: str) -> InForce:
    before = in_force(session, kind=kind, language=language)
    if before.base != base:
        raise WordingMoved
    return before


def _change(
    session: Session,
    before: InForce,
    after: WordingText | None,
    *,
    act: str,
    actor_id: str,
    now: datetime,
) -> str | None:
    kept = _kept(before)
    if kept == after:
        return None
    if not _written(session, before, after, actor_id=actor_id, now=now):
        raise WordingMoved
    entry = record_audit(
        session,
        actor_id=actor_id,
        act=act,
        subject_kind="wording",
        subject_id=before.kind,
        now=now,
        details={
            "language": before.language,
            "before": kept and asdict(kept),
            "after": after and asdict(after),
        },
    )
    session.flush()
    return entry.id


def _kept(found: InForce) -> WordingText | None:
    return found.text if found.is_edited else None


def _written(
    session: Session,
    before: InForce,
    after: WordingText | None,
    *,
    actor_id: str,
    now: datetime,
) -> bool:
    """Write over exactly what was looked at; tell whether that was still there."""
    if after is None:
        gone = delete(Wording).where(*_same(before)).returning(Wording.kind)
        return session.execute(gone).one_or_none() is not None
    values: dict[str, Any] = {**asdict(after), "updated_by": actor_id, "updated_at": now}
    values["version"] = before.version + 1
    if not before.is_edited:
        return _inserted(session, kind=before.kind, language=before.language, **values)
    written = update(Wording).where(*_same(before)).values(**values).returning(Wording.kind)
    return session.execute(written).one_or_none() is not None


def _same(before: InForce) -> list[ColumnElement[bool]]:
    """Return what holds of the row that was looked at and of no other, not even a later one."""
    same = {"kind": before.kind, "language": before.language, "version": before.version}
    same |= asdict(before.text)
    return [getattr(Wording, name) == value for name, value in same.items()]


def _inserted(session: Session, **values: Any) -> bool:  # noqa: ANN401 -- of columns
    row = insert_into(session, Wording).values(**values).on_conflict_do_nothing()
    return session.execute(row.returning(Wording.kind)).one_or_none() is not None
