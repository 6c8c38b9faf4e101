"""Livestreams that recur, proposals that were sent back, and the zone data they were derived by."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.ids import new_id
from core.orm import Base, Id, UtcDateTime


class Recurrence(Base):
    """The rule by which livestreams of a series follow each other, in wall time."""

    __tablename__ = "scheduler_recurrence"
    __table_args__ = (
        CheckConstraint("frequency IN ('weekly', 'monthly')", name="frequency"),
        CheckConstraint("every BETWEEN 1 AND 12", name="every"),
        CheckConstraint("(frequency = 'monthly') = (nth IS NOT NULL)", name="nth"),
        CheckConstraint("nth IN (-1, 1, 2, 3, 4)", name="nth_known"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("times BETWEEN 1 AND 60", name="times"),
    )

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    series_id: Mapped[str] = mapped_column(
        ForeignKey("catalog_series.id", ondelete="CASCADE"), index=True
    )
    host_id: Mapped[str] = mapped_column(
        ForeignKey("catalog_host.id", ondelete="CASCADE"), index=True
    )
    frequency: Mapped[str] = mapped_column(String(8))
    every: Mapped[int] = mapped_column(default=1)
    """Every so many weeks or months."""
    weekday: Mapped[int]
    nth: Mapped[int | None]
    """1 to 4, or -1 for the last of the month; None when weekly."""
    local_time: Mapped[str] = mapped_column(String(5))
    """The clock on the wall, ``20:00``."""
    timezone: Mapped[str] = mapped_column(String(64))
    minutes: Mapped[int]
    starts_on: Mapped[date] = mapped_column(Date)
    times: Mapped[int]
    """How many livestreams the rule makes."""
    created_by: Mapped[str | None] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="SET NULL")
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Occurrence(Base):
    """One livestream of a recurrence, and the wall time that the rule had meant for it."""

    __tablename__ = "scheduler_occurrence"
    __table_args__ = (UniqueConstraint("recurrence_id", "original_local_start"),)

    livestream_id: Mapped[str] = mapped_column(
        ForeignKey("catalog_livestream.id", ondelete="CASCADE"), primary_key=True
    )
    recurrence_id: Mapped[str] = mapped_column(
        ForeignKey("scheduler_recurrence.id", ondelete="CASCADE")
    )
    original_local_start: Mapped[str] = mapped_column(String(19))
    """The wall time that the rule had meant for it: it stays when the time changes.

    Its calendar entry has no RECURRENCE-ID: each occurrence is an entry of its own (decision 0014).
    """
    is_changed: Mapped[bool] = mapped_column(default=False)
    """Was edited by itself: an edit of all keeps what is special about it."""


class SentBack(Base):
    """A proposal that an editor sent back, and why."""

    __tablename__ = "scheduler_sent_back"
    __table_args__ = (Index("ix_scheduler_sent_back_livestream", "livestream_id", "at"),)

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    livestream_id: Mapped[str] = mapped_column(
        ForeignKey("catalog_livestream.id", ondelete="CASCADE")
    )
    reason: Mapped[str] = mapped_column(Text)
    by: Mapped[str | None] = mapped_column(ForeignKey("accounts_user.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ZoneData(Base):
    """Which version of the zone database future starts were last derived by."""

    __tablename__ = "scheduler_zone_data"

    version: Mapped[str] = mapped_column(String(20), primary_key=True)
    applied_at: Mapped[datetime] = mapped_column(UtcDateTime)
    moved: Mapped[int] = mapped_column(default=0)
    """How many rows it moved."""
