"""Grants: permission for one device to play one private broadcast."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.ids import new_id
from core.orm import Base, Id, UtcDateTime


class Grant(Base):
    """A cookie's fingerprint; the cookie itself is kept nowhere."""

    __tablename__ = "streams_grant"
    __table_args__ = (Index("ix_streams_grant_holder", "user_id", "broadcast_id"),)

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    broadcast_id: Mapped[str] = mapped_column(ForeignKey("media_broadcast.id", ondelete="CASCADE"))
    user_id: Mapped[str] = mapped_column(ForeignKey("accounts_user.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
