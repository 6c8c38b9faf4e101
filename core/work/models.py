"""The table of work."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.ids import new_id
from core.orm import Base, Id, Json, UtcDateTime
from core.work.enums import WorkState


class Work(Base):
    """One step to be done once: unique per (kind, subject, revision)."""

    __tablename__ = "core_work"
    __table_args__ = (
        UniqueConstraint("kind", "subject", "revision"),
        CheckConstraint("progress BETWEEN 0 AND 1", name="progress"),
        Index("ix_core_work_due", "state", "due_at"),
    )

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int] = mapped_column(default=1)
    payload: Mapped[dict[str, Any]] = mapped_column(Json(), default=dict)
    state: Mapped[str] = mapped_column(String(12), default=WorkState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    max_attempts: Mapped[int] = mapped_column(default=3)
    progress: Mapped[float] = mapped_column(default=0.0)
    reason: Mapped[str] = mapped_column(Text, default="")
    log: Mapped[str] = mapped_column(Text, default="")
    """The last lines of the program that the latest attempt ran, for an administrator."""
    leased_by: Mapped[str] = mapped_column(String(80), default="")
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the latest attempt was claimed."""
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
