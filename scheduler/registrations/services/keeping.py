"""What is kept ends: links, everything of one person, and what is too old."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Executable, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from accounts.notices.enums import Subject
from accounts.notices.models import Notice, Recipient, Registration
from accounts.services import record_audit
from catalog.models import Livestream
from core.ids import new_id
from scheduler.models import CalendarFeed
from scheduler.registrations.rules import KEPT, UNCONFIRMED_KEPT

MOST: Final = 2_000
"""Rows of one run: other writers wait no longer than for these."""


def renew_links(session: Session, *, recipient_id: str) -> int:
    """Make all links of earlier mails useless; return the version of those that hold now."""
    return session.execute(
        update(Recipient)
        .where(Recipient.id == recipient_id)
        .values(link_version=Recipient.link_version + 1)
        .returning(Recipient.link_version)
        .execution_options(synchronize_session="fetch")
    ).scalar_one()


def erase(session: Session, *, recipient_id: str, now: datetime) -> tuple[str, dict[str, int]]:
    """Delete all that is held about somebody without an account.

    Returns the number of the receipt, which stands in the audit log without saying whom it is
    about, and how many rows of each kind there were.
    """
    counts = {
        name: _count(session, table, recipient_id)
        for name, table in (
            ("registrations", Registration),
            ("notices", Notice),
            ("calendars", CalendarFeed),
        )
    }
    session.execute(delete(Recipient).where(Recipient.id == recipient_id))  # the rest goes with it
    receipt = new_id()
    record_audit(
        session,
        actor_id=None,
        act="recipient.erase",
        subject_kind="receipt",
        subject_id=receipt,
        now=now,
        details=counts,
    )
    return receipt, counts


def forget_old(session: Session, now: datetime) -> None:
    """Drop what was never confirmed after 7 days, and all 90 days after the livestream.

    Addresses without an account for which nothing is left go as well. A job of the clock.
    """
    session.execute(_delete(Registration, _is_old(now)))
    session.flush()
    _forget_addresses(session, now)


def _is_old(now: datetime) -> Any:  # noqa: ANN401 -- a condition
    unconfirmed = and_(
        Registration.confirmed_at.is_(None), Registration.asked_at < now - UNCONFIRMED_KEPT
    )
    gone = ~exists().where(
        Livestream.id == Registration.subject_id, Livestream.ends_at >= now - KEPT
    )
    return or_(unconfirmed, and_(Registration.subject_kind == Subject.LIVESTREAM, gone))


def _forget_addresses(session: Session, now: datetime) -> None:
    """Drop addresses without a registration; locked, so that none is asked for meanwhile."""
    left = ~exists().where(Registration.recipient_id == Recipient.id)
    old = session.scalars(
        select(Recipient.id)
        .where(Recipient.user_id.is_(None), Recipient.created_at < now - UNCONFIRMED_KEPT, left)
        .limit(MOST)
        .with_for_update(skip_locked=True, of=Recipient)
    ).all()
    if old:
        session.execute(delete(Recipient).where(Recipient.id.in_(old), left))


def _delete(table: Any, condition: Any) -> Executable:  # noqa: ANN401 -- a model and its condition
    some = select(table.id).where(condition).limit(MOST)
    return delete(table).where(table.id.in_(some))


def _count(session: Session, table: Any, recipient_id: str) -> int:  # noqa: ANN401 -- a model
    statement = select(func.count()).select_from(table).where(table.recipient_id == recipient_id)
    return session.scalars(statement).one()
