"""Tables of the catalogue."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from catalog.enums import (
    CredentialKind,
    LivestreamState,
    ReplayPolicy,
    RevisionState,
    RiskLevel,
    Scope,
    Visibility,
)
from core.ids import new_id
from core.orm import Base, Id, Json, UtcDateTime


class Topic(Base):
    """A subject people come for; ``slug`` names it in addresses and picks its mark and colour."""

    __tablename__ = "catalog_topic"

    slug: Mapped[str] = mapped_column(String(40), primary_key=True)
    names: Mapped[dict[str, str]] = mapped_column(Json())
    descriptions: Mapped[dict[str, str]] = mapped_column(Json(), default=dict)
    risk: Mapped[str] = mapped_column(String(10), default=RiskLevel.ORDINARY)
    position: Mapped[int] = mapped_column(default=0)
    words: Mapped[dict[str, Any]] = mapped_column(Json(), default=dict)
    """Per language what the page says: see :class:`catalog.topic_words.TopicWords`."""
    reviewed_by: Mapped[str] = mapped_column(String(120), default="")
    """The clinician who signed the words; empty: a draft that was not clinically reviewed."""
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    review_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Host(Base):
    """The public face of a person who teaches; its id is the person's user id."""

    __tablename__ = "catalog_host"

    id: Mapped[str] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="CASCADE"), primary_key=True
    )
    names: Mapped[dict[str, str]] = mapped_column(Json())
    titles: Mapped[dict[str, str]] = mapped_column(Json(), default=dict)
    institutions: Mapped[dict[str, str]] = mapped_column(Json(), default=dict)
    departments: Mapped[dict[str, str]] = mapped_column(Json(), default=dict)
    biographies: Mapped[dict[str, str]] = mapped_column(Json(), default=dict)
    initials: Mapped[str] = mapped_column(String(4), default="")
    verified_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The credential is valid until then; None: never verified."""
    is_example: Mapped[bool] = mapped_column(default=False)
    """A made-up person of the demo; pages say so beside the mark."""
    credential_kind: Mapped[str] = mapped_column(String(15), default=CredentialKind.PSYCHIATRIST)
    """The profession whose licence was checked; what may be taught follows from it."""
    interests: Mapped[dict[str, str]] = mapped_column(Json(), default=dict)
    """Conflicts of interest as declared; empty: none."""
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the licence was last confirmed at its primary source."""
    checked_with: Mapped[str] = mapped_column(String(120), default="")
    """The authority that gave the licence, as everybody may know it."""
    licence_country: Mapped[str] = mapped_column(String(2), default="")
    """ISO 3166-1 alpha-2."""
    updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class HostTopic(Base):
    """A topic that a host teaches."""

    __tablename__ = "catalog_host_topic"

    host_id: Mapped[str] = mapped_column(
        ForeignKey("catalog_host.id", ondelete="CASCADE"), primary_key=True
    )
    topic_slug: Mapped[str] = mapped_column(
        ForeignKey("catalog_topic.slug", ondelete="CASCADE"), primary_key=True, index=True
    )


class HostLanguage(Base):
    """A language that a host teaches in."""

    __tablename__ = "catalog_host_language"

    host_id: Mapped[str] = mapped_column(
        ForeignKey("catalog_host.id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[str] = mapped_column(String(12), primary_key=True, index=True)


class Livestream(Base):
    """One scheduled live session: one page and one address before, during and after."""

    __tablename__ = "catalog_livestream"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="lasts"),
        CheckConstraint(
            "(visibility = 'organisation') = (organisation_id IS NOT NULL)", name="organisation"
        ),
        Index("ix_catalog_livestream_programme", "visibility", "state", "starts_at"),
        Index("ix_catalog_livestream_updated", "updated_at"),
    )

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    titles: Mapped[dict[str, str]] = mapped_column(Json())
    descriptions: Mapped[dict[str, str]] = mapped_column(Json(), default=dict)
    language: Mapped[str] = mapped_column(String(12))
    """The language that is spoken."""
    host_id: Mapped[str] = mapped_column(ForeignKey("catalog_host.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    timezone: Mapped[str] = mapped_column(String(64))
    local_start: Mapped[str] = mapped_column(String(19))
    """The wall time that was meant, ``2026-11-22T20:00:00``, in ``timezone``."""
    local_fold: Mapped[int] = mapped_column(default=0)
    """1: the second of two such wall times, when clocks go back (PEP 495)."""
    state: Mapped[str] = mapped_column(String(10), default=LivestreamState.DRAFT)
    visibility: Mapped[str] = mapped_column(String(12), default=Visibility.PUBLIC)
    organisation_id: Mapped[str | None] = mapped_column(
        ForeignKey("accounts_organisation.id"), index=True
    )
    replay_policy: Mapped[str] = mapped_column(String(13), default=ReplayPolicy.AFTER_RELEASE)
    auto_start: Mapped[bool] = mapped_column(default=False)
    scope: Mapped[str] = mapped_column(String(10), default=Scope.EDUCATION)
    """What it teaches: not every profession may teach everything."""
    recorded: Mapped[bool] = mapped_column(default=True)
    """Whether it becomes a replay; otherwise its media are removed after the end."""
    premiere: Mapped[bool] = mapped_column(default=False)
    """A finished talk is shown at its time in place of going live; questions are live."""
    withheld_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Its host withdrew the consent to being recorded: nobody is shown what there is."""
    broadcast_id: Mapped[str] = mapped_column(ForeignKey("media_broadcast.id"), unique=True)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    announced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When outsiders could first know of it; a cancelled one that was announced still says so."""
    host_wanted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when its host cannot come and another one is being found; None: ``host_id`` comes."""
    sequence: Mapped[int] = mapped_column(default=0)
    """SEQUENCE of its calendar entry (RFC 5545, 3.8.7.4): rises with time, state and host alone."""
    is_example: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[str | None] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="SET NULL")
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LivestreamTopic(Base):
    """Which topics a livestream is about, in order."""

    __tablename__ = "catalog_livestream_topic"

    livestream_id: Mapped[str] = mapped_column(
        ForeignKey("catalog_livestream.id", ondelete="CASCADE"), primary_key=True
    )
    topic_slug: Mapped[str] = mapped_column(
        ForeignKey("catalog_topic.slug"), primary_key=True, index=True
    )
    position: Mapped[int] = mapped_column(default=0)


class LivestreamAudience(Base):
    """Whom a livestream is made for; one without a row is for the public."""

    __tablename__ = "catalog_livestream_audience"

    livestream_id: Mapped[str] = mapped_column(
        ForeignKey("catalog_livestream.id", ondelete="CASCADE"), primary_key=True
    )
    audience: Mapped[str] = mapped_column(String(12), primary_key=True, index=True)


class Series(Base):
    """Livestreams that belong together, in an order."""

    __tablename__ = "catalog_series"

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    titles: Mapped[dict[str, str]] = mapped_column(Json())
    descriptions: Mapped[dict[str, str]] = mapped_column(Json(), default=dict)
    is_example: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SeriesMember(Base):
    """Which series a livestream is part of: one at most."""

    __tablename__ = "catalog_series_member"

    livestream_id: Mapped[str] = mapped_column(
        ForeignKey("catalog_livestream.id", ondelete="CASCADE"), primary_key=True
    )
    series_id: Mapped[str] = mapped_column(
        ForeignKey("catalog_series.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int] = mapped_column(default=0)


class Revision(Base):
    """One version of what editors keep: the whole of it, as it was written."""

    __tablename__ = "catalog_revision"
    __table_args__ = (
        UniqueConstraint("kind", "subject_id", "number"),
        CheckConstraint("state IN ('draft', 'published')", name="state"),
        Index(
            "uq_catalog_revision_draft",
            "kind",
            "subject_id",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
    )

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(10))
    subject_id: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    """From 1 within its subject, without gaps."""
    state: Mapped[str] = mapped_column(String(9), default=RevisionState.DRAFT)
    content: Mapped[dict[str, Any]] = mapped_column(Json())
    author_id: Mapped[str | None] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="SET NULL")
    )
    note: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
