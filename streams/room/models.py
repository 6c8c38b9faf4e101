"""The room of a livestream: its secret, which dies with it, and how often what it shows changed."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.orm import Base, UtcDateTime


class Room(Base):
    """One per livestream that anybody took part in.

    Whoever takes part is known by HMAC(secret, what their browser holds) alone. When the secret is
    destroyed nobody can find out any more who that was, nor whether it was the same person as in
    another room.
    """

    __tablename__ = "streams_room"

    livestream_id: Mapped[str] = mapped_column(
        ForeignKey("catalog_livestream.id", ondelete="CASCADE"), primary_key=True
    )
    secret: Mapped[str] = mapped_column(String(64))
    """Empty once it was destroyed, within a day after the end."""
    version: Mapped[int] = mapped_column(default=0)
    """Rises with every change of what everybody may see: questions, votes, polls."""
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the crew closed the questions; None: open while somebody is there to read them."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    destroyed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RoomName(Base):
    """What a room calls somebody; no two of one room have the same. Goes with the room's secret."""

    __tablename__ = "streams_room_name"
    __table_args__ = (UniqueConstraint("livestream_id", "code"),)

    livestream_id: Mapped[str] = mapped_column(
        ForeignKey("catalog_livestream.id", ondelete="CASCADE"), primary_key=True
    )
    participant: Mapped[str] = mapped_column(String(64), primary_key=True)
    code: Mapped[int]
    """A number of :mod:`streams.room.rules.names`."""
