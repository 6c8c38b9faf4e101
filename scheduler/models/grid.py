"""The reservation grid: who takes which time, and the cells that cannot be taken twice."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.ids import new_id
from core.orm import Base, Id, UtcDateTime

STANDING = text("state IN ('held', 'pending', 'confirmed')")
UNSURE = text("state IN ('held', 'pending')")


class Reservation(Base):
    """Time of one or more resources, taken for one subject."""

    __tablename__ = "scheduler_reservation"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="lasts"),
        CheckConstraint("buffer_before >= 0 AND buffer_after >= 0", name="buffers"),
        CheckConstraint("(state = 'held') = (expires_at IS NOT NULL)", name="expiry"),
        Index("ix_scheduler_reservation_subject", "kind", "subject_id"),
        Index(
            "uq_scheduler_reservation_standing",
            "kind",
            "subject_id",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
        Index("ix_scheduler_reservation_when", "starts_at", "ends_at"),
        Index("ix_scheduler_reservation_expiry", "expires_at"),
        Index(  # few: who counts what was taught leaves them out
            "ix_scheduler_reservation_unsure",
            "starts_at",
            sqlite_where=UNSURE,
            postgresql_where=UNSURE,
        ),
    )

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(12))
    """One of :class:`scheduler.enums.ReservationKind`."""
    subject_id: Mapped[str] = mapped_column(String(40))
    """The livestream, slot or duty that the time is for."""
    state: Mapped[str] = mapped_column(String(10))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    buffer_before: Mapped[int] = mapped_column(default=15)
    """Minutes that are taken before the start as well."""
    buffer_after: Mapped[int] = mapped_column(default=15)
    holder_id: Mapped[str | None] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="SET NULL")
    )
    """Who asked for it; a hold is shown to its holder alone."""
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Only a hold has one: from then on its cells may be taken by anybody."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReservedResource(Base):
    """A person or a room whose time a reservation takes; gone when the time is given back."""

    __tablename__ = "scheduler_reserved_resource"
    __table_args__ = (Index("ix_scheduler_reserved_resource_when", "resource_id", "starts_at"),)

    reservation_id: Mapped[str] = mapped_column(
        ForeignKey("scheduler_reservation.id", ondelete="CASCADE"), primary_key=True
    )
    resource_id: Mapped[str] = mapped_column(Id(), primary_key=True)
    """The id of a person or of a room: one person is one resource, as host and as moderator."""
    part: Mapped[str] = mapped_column(String(10))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """As in the reservation: here so that the recent sessions of a person are found at once."""


class Cell(Base):
    """Five minutes of one resource. The primary key is what makes a double booking impossible."""

    __tablename__ = "scheduler_cell"
    __table_args__ = ({"sqlite_with_rowid": False},)

    resource_id: Mapped[str] = mapped_column(Id(), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Five-minute steps since 1970-01-01T00:00Z."""
    reservation_id: Mapped[str] = mapped_column(
        ForeignKey("scheduler_reservation.id", ondelete="CASCADE"), index=True
    )
