"""Hand-outs of livestreams. Who brought one is not kept, nor what its file was called."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.ids import new_id
from core.orm import Base, Id, UtcDateTime


class Handout(Base):
    """A file to take along; no livestream has more than it has places for."""

    __tablename__ = "streams_handout"
    __table_args__ = (
        CheckConstraint("place BETWEEN 0 AND 4", name="place"),
        CheckConstraint("kind IN ('pdf', 'png', 'jpeg', 'txt')", name="kind"),
        Index(
            "uq_streams_handout_place",
            "livestream_id",
            "place",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    livestream_id: Mapped[str] = mapped_column(
        ForeignKey("catalog_livestream.id", ondelete="CASCADE"), index=True
    )
    place: Mapped[int]
    """One of five; those that were removed hold theirs no more."""
    title: Mapped[str] = mapped_column(String(120))
    """In the language of the livestream."""
    kind: Mapped[str] = mapped_column(String(4))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    object_key: Mapped[str] = mapped_column(String(200), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    """Nobody gets it from then on; it can be brought back for a week."""
