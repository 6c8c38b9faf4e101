"""What people asked to be told about: asked, confirmed from the mail, called off, open again."""

from datetime import datetime
from typing import Any

from sqlalchemy import case, select, update
from sqlalchemy.orm import Session

from accounts.notices.enums import Subject
from accounts.notices.models import Registration
from core.database import insert_into
from core.ids import new_id


def ask(
    session: Session,
    *,
    recipient_id: str,
    subject: Subject,
    subject_id: str,
    confirmed: bool,
    now: datetime,
) -> Registration:
    """Note that somebody wants to be told about a subject; asked twice, it is one registration.

    ``confirmed`` is for people who are signed in: their address is theirs. Another's address waits
    for :func:`confirm`, and asking never takes a confirmation away.
    """
    row = insert_into(session, Registration).values(
        id=new_id(),
        recipient_id=recipient_id,
        subject_kind=subject,
        subject_id=subject_id,
        asked_at=now,
        asks=1,
        confirmed_at=now if confirmed else None,
        updated_at=now,
    )
    again: dict[str, Any] = {"asks": Registration.asks + 1, "asked_at": now}
    if confirmed:
        again |= {"confirmed_at": now, "ended_at": None, "updated_at": now}
    key = ["recipient_id", "subject_kind", "subject_id"]
    session.execute(row.on_conflict_do_update(index_elements=key, set_=again))
    return session.scalars(
        select(Registration)
        .where(
            Registration.recipient_id == recipient_id,
            Registration.subject_kind == subject,
            Registration.subject_id == subject_id,
        )
        .execution_options(populate_existing=True)
    ).one()


def confirm(session: Session, *, registration_id: str, now: datetime) -> bool:
    """Note that the owner of the address said yes; return whether that was news.

    Who said so before and called it off has asked once more by it.
    """
    anew = case((Registration.confirmed_at.is_(None), 0), else_=1)
    return _set(
        session,
        registration_id,
        Registration.confirmed_at.is_(None) | Registration.ended_at.is_not(None),
        asks=Registration.asks + anew,
        confirmed_at=now,
        ended_at=None,
        updated_at=now,
    )


def end(session: Session, *, registration_id: str, now: datetime) -> bool:
    """Call a registration off: nothing more is sent for it; return whether that was news."""
    return _set(
        session,
        registration_id,
        Registration.ended_at.is_(None),
        ended_at=now,
        updated_at=now,
    )


def reopen(session: Session, *, registration_id: str, now: datetime) -> bool:
    """Undo :func:`end`; one that was never confirmed waits for that as before."""
    return _set(
        session,
        registration_id,
        Registration.ended_at.is_not(None),
        ended_at=None,
        updated_at=now,
    )


def _set(session: Session, registration_id: str, expected: Any, **values: Any) -> bool:  # noqa: ANN401 -- columns
    changed = session.execute(
        update(Registration)
        .where(Registration.id == registration_id, expected)
        .values(**values)
        .returning(Registration.id)
        .execution_options(synchronize_session="fetch")
    ).scalar_one_or_none()
    return changed is not None
