"""Times that editors offer to hosts."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.ids import new_id
from core.orm import Base, Id, Json, UtcDateTime
from scheduler.enums import SlotState


class Slot(Base):
    """An offered time; the first host who claims it makes a livestream of it."""

    __tablename__ = "scheduler_slot"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="lasts"),
        CheckConstraint("(state = 'claimed') = (livestream_id IS NOT NULL)", name="claimed"),
        Index("ix_scheduler_slot_open", "state", "starts_at"),
    )

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    titles: Mapped[dict[str, str]] = mapped_column(Json(), default=dict)
    """A suggestion; the host who claims it may write another."""
    descriptions: Mapped[dict[str, str]] = mapped_column(Json(), default=dict)
    language: Mapped[str] = mapped_column(String(12))
    scope: Mapped[str] = mapped_column(String(10))
    """What is taught in it: one of :class:`catalog.enums.Scope`."""
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    timezone: Mapped[str] = mapped_column(String(64))
    local_start: Mapped[str] = mapped_column(String(19))
    local_fold: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(10), default=SlotState.OPEN)
    room_id: Mapped[str | None] = mapped_column(ForeignKey("scheduler_room.id"))
    livestream_id: Mapped[str | None] = mapped_column(
        ForeignKey("catalog_livestream.id", ondelete="CASCADE"), unique=True
    )
    published_by: Mapped[str | None] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="SET NULL")
    )
    is_example: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SlotTopic(Base):
    """Which topics a slot is for, in order."""

    __tablename__ = "scheduler_slot_topic"

    slot_id: Mapped[str] = mapped_column(
        ForeignKey("scheduler_slot.id", ondelete="CASCADE"), primary_key=True
    )
    topic_slug: Mapped[str] = mapped_column(
        ForeignKey("catalog_topic.slug"), primary_key=True, index=True
    )
    position: Mapped[int] = mapped_column(default=0)
