"""Beats of open pages: a number per minute, and nothing about anybody."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.orm import Base, UtcDateTime


class AudienceMinute(Base):
    """How many pages said in one minute that they are open; each stands for ``sample`` of them."""

    __tablename__ = "streams_audience_minute"

    livestream_id: Mapped[str] = mapped_column(
        ForeignKey("catalog_livestream.id", ondelete="CASCADE"), primary_key=True
    )
    minute_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    beats: Mapped[int] = mapped_column(default=0)
    sample: Mapped[int] = mapped_column(default=1)
