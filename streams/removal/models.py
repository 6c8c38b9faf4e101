"""Removals: what is to go, by when, and the receipt once it is gone."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.ids import new_id
from core.orm import Base, Id, Json, UtcDateTime


class Removal(Base):
    """The removal of all media of one broadcast; it outlives what it is about, as a receipt.

    Ids are no foreign keys: the receipt stays when the livestream or the account is gone.
    """

    __tablename__ = "streams_removal"
    __table_args__ = (
        Index("ix_streams_removal_due", "done_at", "due_at"),
        Index(
            "uq_streams_removal_open",
            "broadcast_id",
            unique=True,
            sqlite_where=text("done_at IS NULL AND called_off_at IS NULL"),
            postgresql_where=text("done_at IS NULL AND called_off_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    broadcast_id: Mapped[str] = mapped_column(Id())
    livestream_id: Mapped[str] = mapped_column(Id(), index=True)
    host_id: Mapped[str] = mapped_column(Id(), index=True)
    reason: Mapped[str] = mapped_column(String(20))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    called_off_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    objects: Mapped[int] = mapped_column(default=0)
    """Objects that were removed from storage."""
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    """Their bytes."""
    details: Mapped[dict[str, Any]] = mapped_column(Json(), default=dict)
    """``rows`` that were removed, by table, and what the steps must know of each other."""
