"""Stream keys: sealed for display to the host, a fingerprint for the door."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.orm import Base, UtcDateTime


class StreamKey(Base):
    """The one key of a livestream; rotating it replaces the row's contents."""

    __tablename__ = "streams_key"

    livestream_id: Mapped[str] = mapped_column(
        ForeignKey("catalog_livestream.id", ondelete="CASCADE"), primary_key=True
    )
    sealed: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    rotated_at: Mapped[datetime] = mapped_column(UtcDateTime)
