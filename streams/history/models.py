"""Positions in replays, under a name that only the running site can make of a person."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.orm import Base, UtcDateTime


class Position(Base):
    """How far somebody came in one livestream's replay.

    There is no id of a person and no address here: ``owner`` is a keyed fingerprint under
    ``DATA_KEY``, so that neither a copy of the database nor a query joins it to an account.
    """

    __tablename__ = "streams_position"
    __table_args__ = (CheckConstraint("seconds >= 0", name="seconds"),)

    owner: Mapped[str] = mapped_column(String(64), primary_key=True)
    livestream_id: Mapped[str] = mapped_column(
        ForeignKey("catalog_livestream.id", ondelete="CASCADE"), primary_key=True
    )
    seconds: Mapped[int]
    """Into the replay."""
    is_finished: Mapped[bool] = mapped_column(default=False)
    watched_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """To the hour: when exactly somebody sat there is nobody's business."""
