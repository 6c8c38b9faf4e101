"""Tables of licences: nothing of them is ever served to the public."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from catalog.credentials.enums import ApplicationState, CredentialState, RosterState
from core.ids import new_id
from core.orm import Base, Id, Json, UtcDateTime

OPEN = text("state IN ('pending', 'granted')")
APPROVALS = text("step IN ('first', 'second')")


class Application(Base):
    """What a person who wants to host has written so far; one per person."""

    __tablename__ = "catalog_application"
    __table_args__ = (Index("ix_catalog_application_queue", "state", "submitted_at"),)

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="CASCADE"), unique=True
    )
    state: Mapped[str] = mapped_column(String(10), default=ApplicationState.DRAFT)
    answers: Mapped[dict[str, Any]] = mapped_column(Json(), default=dict)
    """The fields of the wizard by name, as they were typed; no licence number."""
    number_sealed: Mapped[str] = mapped_column(Text, default="")
    """The licence number under ``DATA_KEY``."""
    note: Mapped[str] = mapped_column(Text, default="")
    """What an editor asks for, or why it was refused."""
    version: Mapped[int] = mapped_column(default=1)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Document(Base):
    """A page of a licence: an object sealed under ``DATA_KEY``, removed 30 days after the check."""

    __tablename__ = "catalog_document"

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    application_id: Mapped[str] = mapped_column(
        ForeignKey("catalog_application.id", ondelete="CASCADE"), index=True
    )
    object_key: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(40))
    """As its content says, not its name."""
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    remove_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Credential(Base):
    """A licence; one per person is pending or granted at a time."""

    __tablename__ = "catalog_credential"
    __table_args__ = (
        CheckConstraint("kind IN ('psychiatrist', 'psychotherapist', 'counsellor')", name="kind"),
        Index(
            "uq_catalog_credential_open",
            "user_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index("ix_catalog_credential_recheck", "state", "recheck_due_at"),
        Index("ix_catalog_credential_number", "number_fingerprint"),
    )

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(ForeignKey("accounts_user.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(15))
    """One of :class:`catalog.enums.CredentialKind`: what the person may teach follows from it."""
    holder: Mapped[str] = mapped_column(String(120))
    """The name on the licence; used for the check only."""
    country: Mapped[str] = mapped_column(String(2))
    """ISO 3166-1 alpha-2."""
    authority: Mapped[str] = mapped_column(String(120))
    number_sealed: Mapped[str] = mapped_column(Text)
    number_fingerprint: Mapped[str] = mapped_column(String(64))
    """Keyed: finds a number that two people claim."""
    valid_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The end that stands on the licence; None: it has none."""
    state: Mapped[str] = mapped_column(String(10), default=CredentialState.PENDING)
    granted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recheck_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """At most 90 days after the last check."""
    lapse_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the present due date was announced to its holder."""
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CredentialCheck(Base):
    """Somebody looked a licence up at its primary source. Rows are only ever added."""

    __tablename__ = "catalog_credential_check"
    __table_args__ = (
        CheckConstraint("outcome IN ('confirmed', 'refused')", name="outcome"),
        # nobody is both the first and the second approver of one licence
        Index(
            "uq_catalog_credential_check_approver",
            "credential_id",
            "checked_by",
            unique=True,
            sqlite_where=APPROVALS,
            postgresql_where=APPROVALS,
        ),
        Index(
            "uq_catalog_credential_check_step",
            "credential_id",
            "step",
            unique=True,
            sqlite_where=APPROVALS,
            postgresql_where=APPROVALS,
        ),
    )

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    credential_id: Mapped[str] = mapped_column(
        ForeignKey("catalog_credential.id", ondelete="CASCADE"), index=True
    )
    step: Mapped[str] = mapped_column(String(10))
    outcome: Mapped[str] = mapped_column(String(10))
    checked_by: Mapped[str | None] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="SET NULL")
    )
    """The named person; None when their account is gone, whose id the audit log keeps."""
    source: Mapped[str] = mapped_column(String(300))
    """The primary source: the address or the name of the register."""
    evidence: Mapped[str] = mapped_column(Text)
    """What stood there."""
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Consent(Base):
    """What a host agreed to, in which version, until it was withdrawn."""

    __tablename__ = "catalog_consent"
    __table_args__ = (
        UniqueConstraint("user_id", "kind", "version", "given_at"),
        Index("ix_catalog_consent_person", "user_id", "kind"),
    )

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(ForeignKey("accounts_user.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(12))
    version: Mapped[int]
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Issuer(Base):
    """An association or hospital whose signed rosters editors accept."""

    __tablename__ = "catalog_issuer"

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    public_key: Mapped[str] = mapped_column(String(64))
    """Ed25519 (RFC 8032), the raw 32 bytes in base64."""
    added_by: Mapped[str | None] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="SET NULL")
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Roster(Base):
    """A signed list of people; approved by two after at least one in twenty was looked up."""

    __tablename__ = "catalog_roster"
    __table_args__ = (CheckConstraint("second_by <> first_by", name="two_people"),)

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    issuer_id: Mapped[str] = mapped_column(ForeignKey("catalog_issuer.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    """Of the signed bytes: the same roster is taken once."""
    signature: Mapped[str] = mapped_column(String(100))
    state: Mapped[str] = mapped_column(String(10), default=RosterState.SAMPLING)
    note: Mapped[str] = mapped_column(Text, default="")
    first_by: Mapped[str | None] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="SET NULL")
    )
    second_by: Mapped[str | None] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="SET NULL")
    )
    created_by: Mapped[str | None] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="SET NULL")
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RosterEntry(Base):
    """One person of a roster."""

    __tablename__ = "catalog_roster_entry"
    __table_args__ = (UniqueConstraint("roster_id", "email"),)

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    roster_id: Mapped[str] = mapped_column(ForeignKey("catalog_roster.id", ondelete="CASCADE"))
    position: Mapped[int]
    email: Mapped[str] = mapped_column(String(254))
    answers: Mapped[dict[str, Any]] = mapped_column(Json())
    number_sealed: Mapped[str] = mapped_column(Text)
    is_sample: Mapped[bool] = mapped_column(default=False)
    outcome: Mapped[str] = mapped_column(String(10), default="")
    source: Mapped[str] = mapped_column(String(300), default="")
    evidence: Mapped[str] = mapped_column(Text, default="")
    checked_by: Mapped[str | None] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="SET NULL")
    )
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    join_fingerprint: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Of the secret of the link by which the person takes the account."""
    user_id: Mapped[str | None] = mapped_column(ForeignKey("accounts_user.id", ondelete="SET NULL"))
    joined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
