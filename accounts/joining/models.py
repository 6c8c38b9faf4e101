"""Tables of links by mail, passkeys, consents and erasures."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.ids import new_id
from core.orm import Base, Id, Json, UtcDateTime


class MailLink(Base):
    """A link that was sent to somebody; its secret is made of the id and kept nowhere."""

    __tablename__ = "accounts_mail_link"
    __table_args__ = (CheckConstraint("purpose IN ('sign_in', 'address')", name="purpose"),)

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    purpose: Mapped[str] = mapped_column(String(8))
    recipient_id: Mapped[str] = mapped_column(
        ForeignKey("accounts_recipient.id", ondelete="CASCADE"), index=True
    )
    """To whom it was sent: an address, or a person with an account."""
    user_id: Mapped[str | None] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="CASCADE"), index=True
    )
    """Who asked for another address; None for links that sign in."""
    back_to: Mapped[str] = mapped_column(String(300), default="")
    """The page of this site that somebody came from."""
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Passkey(Base):
    """A key pair of which the person's device has the other half."""

    __tablename__ = "accounts_passkey"

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="CASCADE"), index=True
    )
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)
    """As the browser names it, in base64url."""
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Challenge(Base):
    """What a browser was asked to sign; it is deleted when it is answered, right or wrong."""

    __tablename__ = "accounts_challenge"

    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    ceremony: Mapped[str] = mapped_column(String(8))
    user_id: Mapped[str | None] = mapped_column(Id())
    """Whose passkey it will be: of an account, or the id that a new one is to have."""
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class PersonConsent(Base):
    """A yes to one version of a text, and when it was taken back."""

    __tablename__ = "accounts_consent"
    __table_args__ = (
        Index(
            "uq_accounts_consent_open",
            "user_id",
            "kind",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(ForeignKey("accounts_user.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(12))
    version: Mapped[int]
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Erasure(Base):
    """The receipt of an erasure; when it is done, nothing in it says whom it was about."""

    __tablename__ = "accounts_erasure"

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    """The number of the receipt."""
    user_id: Mapped[str | None] = mapped_column(Id(), unique=True)
    """Whose account it is while it is being erased; None from then on."""
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    counts: Mapped[dict[str, Any]] = mapped_column(Json(), default=dict)
    """How many rows went, by table, and how many files."""
