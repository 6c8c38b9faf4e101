"""What was told of livestreams, to whom it still has to be told, and calendars to subscribe to."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.ids import new_id
from core.orm import Base, Id, Json, UtcDateTime


class Bulletin(Base):
    """What people were last told of a livestream; a change is told once it has settled."""

    __tablename__ = "scheduler_bulletin"

    livestream_id: Mapped[str] = mapped_column(
        ForeignKey("catalog_livestream.id", ondelete="CASCADE"), primary_key=True
    )
    revision: Mapped[int] = mapped_column(default=1)
    facts: Mapped[dict[str, Any]] = mapped_column(Json(), default=dict)
    """Of this revision."""
    seen: Mapped[dict[str, Any]] = mapped_column(Json(), default=dict)
    """What the livestream was when it was last looked at."""
    looked_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    """The livestream's ``updated_at`` at that time: a later one is news."""
    pending_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when something differs from what was told; None: nothing does."""
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    """When it last changed while pending."""


class Mailing(Base):
    """One occasion on which everybody who waits for a livestream is told: it fills the ledger."""

    __tablename__ = "scheduler_mailing"
    __table_args__ = (
        UniqueConstraint("livestream_id", "kind", "revision"),
        Index("ix_scheduler_mailing_open", "done_at", "due_at"),
    )

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    livestream_id: Mapped[str] = mapped_column(
        ForeignKey("catalog_livestream.id", ondelete="CASCADE")
    )
    kind: Mapped[str] = mapped_column(String(30))
    """Of the notices to viewers; those to hosts and moderators follow from it."""
    revision: Mapped[int] = mapped_column(BigInteger, default=1)
    facts: Mapped[dict[str, Any]] = mapped_column(Json(), default=dict)
    cursor: Mapped[str] = mapped_column(String(16), default="")
    """The last registration that has its row; of followers, the last recipient."""
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CalendarFeed(Base):
    """A calendar of one person under a secret address, until it is revoked.

    The secret is not kept: it is the id with a keyed proof, so that its owner can see it again.
    """

    __tablename__ = "scheduler_calendar_feed"

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    recipient_id: Mapped[str] = mapped_column(
        ForeignKey("accounts_recipient.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """To the hour: whether a program still reads it."""
