"""Grants: permission for one device to play one broadcast that is not open to everybody."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.ids import new_id
from core.orm import Base, Id, UtcDateTime


class Grant(Base):
    """A cookie's fingerprint; the cookie itself is kept nowhere.

    A grant that is over is deleted and not marked: which private sessions a person watched is
    health data. ``place`` makes a third device impossible, whatever races.
    """

    __tablename__ = "streams_grant"
    __table_args__ = (
        UniqueConstraint("user_id", "broadcast_id", "place"),
        CheckConstraint("place IN (0, 1)", name="place"),
    )

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    broadcast_id: Mapped[str] = mapped_column(
        ForeignKey("media_broadcast.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[str] = mapped_column(ForeignKey("accounts_user.id", ondelete="CASCADE"))
    device: Mapped[str] = mapped_column(String(64))
    """Fingerprint of the secret in the browser's login session: its tabs share one grant."""
    place: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
