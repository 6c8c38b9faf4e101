"""Tables of notices: whom we can reach, what they asked for, the ledger, and edited wordings."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from accounts.notices.enums import NoticeState
from core.ids import new_id
from core.orm import Base, Id, Json, UtcDateTime


class Recipient(Base):
    """Somebody who can be told something: a person with an account, or an address without one."""

    __tablename__ = "accounts_recipient"
    __table_args__ = (
        CheckConstraint("(user_id IS NULL) <> (fingerprint IS NULL)", name="one_identity"),
    )

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    user_id: Mapped[str | None] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="CASCADE"), unique=True
    )
    """Address, language and zone are those of the account."""
    fingerprint: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Keyed, of the address of somebody without an account."""
    address_sealed: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(12), default="en")
    timezone: Mapped[str] = mapped_column(String(64), default="UTC")
    choices: Mapped[dict[str, str]] = mapped_column(Json(), default=dict)
    """A :class:`~accounts.notices.enums.Pace` per category; what is not named is as usual."""
    shows_titles: Mapped[bool] = mapped_column(default=False)
    """Whether subjects and calendar titles may name what a livestream is about."""
    phone_sealed: Mapped[str] = mapped_column(Text, default="")
    """For text messages, in E.164; empty: none."""
    link_version: Mapped[int] = mapped_column(default=1)
    """Raised to make every link in earlier mails useless."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Registration(Base):
    """A viewer's "remind me": what somebody asked to be told about.

    One without an account counts once it was confirmed from the mail (double opt-in).
    """

    __tablename__ = "accounts_registration"
    __table_args__ = (
        UniqueConstraint("recipient_id", "subject_kind", "subject_id"),
        Index("ix_accounts_registration_subject", "subject_kind", "subject_id", "id"),
        Index("ix_accounts_registration_asked", "asked_at"),
    )

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    recipient_id: Mapped[str] = mapped_column(
        ForeignKey("accounts_recipient.id", ondelete="CASCADE")
    )
    subject_kind: Mapped[str] = mapped_column(String(12))
    subject_id: Mapped[str] = mapped_column(String(40))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asks: Mapped[int] = mapped_column(default=1)
    """How often it was asked for: each time is a confirmation of its own."""
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the person called it off; asked for again, it is open again."""
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Notice(Base):
    """A row of the ledger: somebody is told one thing once."""

    __tablename__ = "accounts_notice"
    __table_args__ = (
        UniqueConstraint("recipient_id", "occurrence", "kind", "channel", "revision"),
        Index("ix_accounts_notice_due", "state", "due_at"),
        Index("ix_accounts_notice_sent", "recipient_id", "sent_at"),
        Index("ix_accounts_notice_occurrence", "occurrence", "kind"),
    )

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    """The Message-ID is made of it: a repetition has the same."""
    recipient_id: Mapped[str] = mapped_column(
        ForeignKey("accounts_recipient.id", ondelete="CASCADE")
    )
    occurrence: Mapped[str] = mapped_column(String(40))
    """What it is about, for example the id of a livestream or a duty."""
    kind: Mapped[str] = mapped_column(String(30))
    channel: Mapped[str] = mapped_column(String(4))
    revision: Mapped[int] = mapped_column(BigInteger, default=1)
    """Which of several of the kind: a start that is reminded of, a number of a change."""
    registration_id: Mapped[str | None] = mapped_column(
        ForeignKey("accounts_registration.id", ondelete="CASCADE"), index=True
    )
    """By which the person asked for it; sent only while that stands, and gone with it."""
    facts: Mapped[dict[str, Any]] = mapped_column(Json(), default=dict)
    """What the room that asked for it wants to know again."""
    said: Mapped[dict[str, Any]] = mapped_column(Json(), default=dict)
    """What the person was told: a later change is compared with it."""
    state: Mapped[str] = mapped_column(String(8), default=NoticeState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(Text, default="")
    leased_by: Mapped[str] = mapped_column(String(80), default="")
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    give_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """From then on it is not sent: a reminder at the start."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Wording(Base):
    """What editors wrote in place of the wording that comes with a kind of notice."""

    __tablename__ = "accounts_wording"

    kind: Mapped[str] = mapped_column(String(30), primary_key=True)
    language: Mapped[str] = mapped_column(String(12), primary_key=True)
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(String(80), default="")
    version: Mapped[int] = mapped_column(default=1)
    updated_by: Mapped[str | None] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="SET NULL")
    )
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
