"""Reads of one person: what they chose, what they asked for, what they were sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.notices.enums import NoticeState
from accounts.notices.models import Notice, Recipient
from core.clock import as_utc

SHOWN: Final = (NoticeState.SENT, NoticeState.HELD, NoticeState.FAILED, NoticeState.DROPPED)
MOST: Final = 20
AT_ONCE: Final = 500
"""Ids of one question."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What somebody chose; ``recipient_id`` is empty as long as there is nothing to keep."""

    language: str
    timezone: str
    recipient_id: str = ""
    user_id: str | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    shows_titles: bool = False
    phone_sealed: str = ""
    link_version: int = 1


@dataclass(frozen=True, slots=True)
class Told:
    """A notice as its reader may see it again."""

    kind: str
    channel: str
    state: str
    at: datetime


def settled_of_user(session: Session, *, user_id: str) -> Settled:
    """Return what a person with an account chose."""
    row = session.execute(
        select(User, Recipient)
        .outerjoin(Recipient, Recipient.user_id == User.id)
        .where(User.id == user_id)
    ).one()
    return _settled(row.User, row.Recipient)


def settled(session: Session, *, recipient_id: str) -> Settled | None:
    """Return what a recipient chose; None when there is no such recipient."""
    row = session.execute(
        select(User, Recipient)
        .select_from(Recipient)
        .outerjoin(User, Recipient.user_id == User.id)
        .where(Recipient.id == recipient_id)
    ).one_or_none()
    return _settled(row.User or row.Recipient, row.Recipient) if row else None


def told_to(session: Session, *, recipient_id: str) -> Sequence[Told]:
    """Return the last notices that were sent to somebody, or settled otherwise; newest first."""
    at = func.coalesce(Notice.sent_at, Notice.due_at)
    rows = session.execute(
        select(Notice.kind, Notice.channel, Notice.state, at.label("at"))
        .where(Notice.recipient_id == recipient_id, Notice.state.in_(SHOWN))
        .order_by(at.desc(), Notice.id)
        .limit(MOST)
    )
    return [Told(row.kind, row.channel, row.state, as_utc(row.at)) for row in rows]


def choices_of_phones(
    session: Session, recipient_ids: Sequence[str]
) -> Mapping[str, Mapping[str, str]]:
    """Return what those of these people chose who gave a phone number; others are left out."""
    found: dict[str, Mapping[str, str]] = {}
    for at in range(0, len(recipient_ids), AT_ONCE):
        some = recipient_ids[at : at + AT_ONCE]
        rows = session.execute(
            select(Recipient.id, Recipient.choices).where(
                Recipient.id.in_(some), Recipient.phone_sealed != ""
            )
        )
        found |= {row.id: row.choices for row in rows}
    return found


def _settled(of: User | Recipient, recipient: Recipient | None) -> Settled:
    if recipient is None:
        return Settled(of.language, of.timezone)
    return Settled(
        language=of.language,
        timezone=of.timezone,
        recipient_id=recipient.id,
        user_id=recipient.user_id,
        choices=dict(recipient.choices),
        shows_titles=recipient.shows_titles,
        phone_sealed=recipient.phone_sealed,
        link_version=recipient.link_version,
    )
