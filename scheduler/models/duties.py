"""The moderators' rota, and rooms."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.ids import new_id
from core.orm import Base, Id, Json, UtcDateTime
from scheduler.enums import DutyState

STANDING = text("state IN ('assigned', 'accepted')")


class Room(Base):
    """A place that livestreams are made in; one livestream at a time."""

    __tablename__ = "scheduler_room"

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    names: Mapped[dict[str, str]] = mapped_column(Json())
    note: Mapped[str] = mapped_column(String(200), default="")
    is_example: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Duty(Base):
    """A moderator's part in a livestream; its time is a reservation of kind ``duty``."""

    __tablename__ = "scheduler_duty"
    __table_args__ = (
        Index(
            "uq_scheduler_duty_standing",
            "livestream_id",
            "moderator_id",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
        Index("ix_scheduler_duty_livestream", "livestream_id", "state"),
    )

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    livestream_id: Mapped[str] = mapped_column(
        ForeignKey("catalog_livestream.id", ondelete="CASCADE")
    )
    moderator_id: Mapped[str] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[str] = mapped_column(String(10), default=DutyState.ASSIGNED)
    assigned_by: Mapped[str | None] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="SET NULL")
    )
    reason: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
