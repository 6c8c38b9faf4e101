"""Marks on the timeline of a broadcast."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.ids import new_id
from core.orm import Base, Id, UtcDateTime


class Mark(Base):
    """A moment that a host marked while live: a chapter begins here."""

    __tablename__ = "streams_mark"

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    livestream_id: Mapped[str] = mapped_column(
        ForeignKey("catalog_livestream.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    """The program time of the picture that the host saw then."""
    title: Mapped[str] = mapped_column(String(120), default="")
