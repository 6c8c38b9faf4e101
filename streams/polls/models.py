"""Tables of polls."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.ids import new_id
from core.orm import Base, Id, Json, UtcDateTime


class Poll(Base):
    """A question of the host to everybody in a room; at most one is open at a time."""

    __tablename__ = "streams_poll"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'open', 'closed', 'released')", name="state"),
        Index(
            "uq_streams_poll_open",
            "livestream_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    livestream_id: Mapped[str] = mapped_column(
        ForeignKey("catalog_livestream.id", ondelete="CASCADE"), index=True
    )
    texts: Mapped[dict[str, str]] = mapped_column(Json())
    choices: Mapped[list[dict[str, str]]] = mapped_column(Json())
    """Two to six, each a text per language."""
    state: Mapped[str] = mapped_column(String(8), default="draft")
    counts: Mapped[list[int]] = mapped_column(Json(), default=list)
    """Votes per choice, written when it closes."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PollVote(Base):
    """One vote; rows go with the secret of the room."""

    __tablename__ = "streams_poll_vote"

    poll_id: Mapped[str] = mapped_column(
        ForeignKey("streams_poll.id", ondelete="CASCADE"), primary_key=True
    )
    participant: Mapped[str] = mapped_column(String(64), primary_key=True)
    choice: Mapped[int]
