"""When people give time: wall times in their zone, never stored expanded."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.orm import Base, Json, UtcDateTime

DAY_MINUTES = "start_minute >= 0 AND end_minute <= 1440"
ON_GRID = "start_minute % 5 = 0 AND end_minute % 5 = 0"


class PersonTime(Base):
    """The zone and the buffers of a person who gives time: a host or a moderator."""

    __tablename__ = "scheduler_person_time"
    __table_args__ = (
        CheckConstraint(
            "buffer_before BETWEEN 0 AND 120 AND buffer_after BETWEEN 0 AND 120", name="buffers"
        ),
    )

    person_id: Mapped[str] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="CASCADE"), primary_key=True
    )
    timezone: Mapped[str] = mapped_column(String(64), index=True)
    """An IANA name; the hours of the person are wall times there."""
    buffer_before: Mapped[int] = mapped_column(default=15)
    buffer_after: Mapped[int] = mapped_column(default=15)
    version: Mapped[int] = mapped_column(default=1)
    """Rises with every change of the hours: a form that is older is told so."""
    previous: Mapped[dict[str, Any] | None] = mapped_column(Json())
    """All hours as they were before the last change, which can be undone."""
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WeeklyHours(Base):
    """Open hours of every week; within a day they neither overlap nor touch."""

    __tablename__ = "scheduler_weekly_hours"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("start_minute < end_minute", name="lasts"),
        CheckConstraint(DAY_MINUTES, name="day"),
        CheckConstraint(ON_GRID, name="grid"),
    )

    person_id: Mapped[str] = mapped_column(
        ForeignKey("scheduler_person_time.person_id", ondelete="CASCADE"), primary_key=True
    )
    weekday: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """0 is Monday."""
    start_minute: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Minutes after midnight on the clock of the wall."""
    end_minute: Mapped[int]


class DatedHours(Base):
    """Open hours of one day that replace those of the week; 0 to 0 is a day away."""

    __tablename__ = "scheduler_dated_hours"
    __table_args__ = (
        CheckConstraint(
            "start_minute < end_minute OR (start_minute = 0 AND end_minute = 0)", name="lasts"
        ),
        CheckConstraint(DAY_MINUTES, name="day"),
        CheckConstraint(ON_GRID, name="grid"),
    )

    person_id: Mapped[str] = mapped_column(
        ForeignKey("scheduler_person_time.person_id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    start_minute: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    end_minute: Mapped[int]
    note: Mapped[str] = mapped_column(String(120), default="")
    """For the person alone."""
