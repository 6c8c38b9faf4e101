"""Tables of people, roles, organisations, tokens and the audit log."""

from datetime import datetime
from typing import Any

from flask_security import RoleMixin, UserMixin
from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    event,
    inspect,
    text,
)
from sqlalchemy.orm import (
    Mapped,
    Mapper,
    ORMExecuteState,
    Session,
    mapped_column,
    relationship,
)

from core.ids import new_id, new_secret
from core.orm import Base, Id, Json, UtcDateTime

user_roles = Table(
    "accounts_user_role",
    Base.metadata,
    Column("user_id", ForeignKey("accounts_user.id", ondelete="CASCADE"), primary_key=True),
    Column("role_name", ForeignKey("accounts_role.name"), primary_key=True, index=True),
)


class RoleRow(Base, RoleMixin):
    """A role that is held everywhere; the names are :class:`accounts.enums.Role`."""

    __tablename__ = "accounts_role"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)


class User(Base, UserMixin):
    """A person with an account; the address is kept in lower case, so that it is unique."""

    __tablename__ = "accounts_user"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)

    id: Mapped[str] = mapped_column(  # type: ignore[assignment]  # the mixin guesses a number
        Id(), primary_key=True, default=new_id
    )
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password: Mapped[str | None] = mapped_column(String(255))
    """An argon2id hash; None: the person signs in by other means only."""
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True, default=new_secret)
    """What a login session names; a new one ends every session of the person."""
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    display_name: Mapped[str] = mapped_column(String(120), default="")
    language: Mapped[str] = mapped_column(String(12), default="en")
    timezone: Mapped[str] = mapped_column(String(64), default="UTC")
    is_demo: Mapped[bool] = mapped_column(default=False)
    """Has a known password: exists only while every listener is on loopback."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    roles: Mapped[list[RoleRow]] = relationship(  # type: ignore[assignment]  # narrower than the mixin
        secondary=user_roles
    )


class Organisation(Base):
    """A company or a hospital."""

    __tablename__ = "accounts_organisation"
    __table_args__ = (CheckConstraint("kind IN ('company', 'hospital')", name="kind"),)

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    names: Mapped[dict[str, str]] = mapped_column(Json())
    kind: Mapped[str] = mapped_column(String(10))
    is_example: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Membership(Base):
    """A role that a person holds in an organisation, from ``started_at`` until ``ended_at``."""

    __tablename__ = "accounts_membership"
    __table_args__ = (
        CheckConstraint("role IN ('employee', 'hr', 'org_admin', 'representative')", name="role"),
        Index(
            "uq_accounts_membership_open",
            "user_id",
            "organisation_id",
            "role",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(ForeignKey("accounts_user.id", ondelete="CASCADE"))
    organisation_id: Mapped[str] = mapped_column(
        ForeignKey("accounts_organisation.id", ondelete="CASCADE"), index=True
    )
    role: Mapped[str] = mapped_column(String(20))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ApiToken(Base):
    """A bearer token; only its fingerprint is kept."""

    __tablename__ = "accounts_token"

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[str] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(80), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """To the hour: enough to find tokens that nobody uses."""
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AuditEntry(Base):
    """Who did what to what. Rows are only ever added; ``actor_id`` outlives the account."""

    __tablename__ = "accounts_audit"
    __table_args__ = (Index("ix_accounts_audit_subject", "subject_kind", "subject_id"),)

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor_id: Mapped[str | None] = mapped_column(Id(), index=True)
    """None: the system or the command line."""
    act: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(64))
    details: Mapped[dict[str, Any]] = mapped_column(Json(), default=dict)


class AuditIsAppendOnly(RuntimeError):  # noqa: N818 -- names the broken rule
    """Code tried to change or delete an audit entry."""


@event.listens_for(AuditEntry, "before_update")
@event.listens_for(AuditEntry, "before_delete")
def _refuse_change(mapper: Mapper[AuditEntry], connection: object, entry: AuditEntry) -> None:
    del mapper, connection
    raise AuditIsAppendOnly(entry.id)


@event.listens_for(Session, "do_orm_execute")
def _refuse_bulk_change(state: ORMExecuteState) -> None:
    if (state.is_update or state.is_delete) and state.bind_mapper is inspect(AuditEntry):
        raise AuditIsAppendOnly
