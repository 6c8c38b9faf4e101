"""Tables of captions: lines typed while live, and which lines a person has looked at."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.orm import Base, UtcDateTime


class LiveCaption(Base):
    """A line that was typed while live; it becomes part of a track of the replay, and goes then.

    Who typed it is not kept.
    """

    __tablename__ = "streams_live_caption"

    livestream_id: Mapped[str] = mapped_column(
        ForeignKey("catalog_livestream.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Counts up from 1 within the livestream, in the order in which lines came."""
    language: Mapped[str] = mapped_column(String(12))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """The program time at which the words were said, as far as the captioner's delay is right."""
    text: Mapped[str] = mapped_column(Text)
    """Empty: taken back."""


class CaptionCheck(Base):
    """A line of a track that a person has looked at; known by its words and its length."""

    __tablename__ = "streams_caption_check"

    livestream_id: Mapped[str] = mapped_column(
        ForeignKey("catalog_livestream.id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[str] = mapped_column(String(12), primary_key=True)
    digest: Mapped[str] = mapped_column(String(32), primary_key=True)
