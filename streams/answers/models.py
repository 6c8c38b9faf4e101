"""The table of the answer library."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.ids import new_id
from core.orm import Base, Id, Json, UtcDateTime


class Answer(Base):
    """A part of a replay in which a question is answered, and the same in writing.

    Its ends are program times, not positions: a replay that is cut later still has it in the right
    place, or no longer at all.
    """

    __tablename__ = "streams_answer"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="lasts"),
        CheckConstraint("published_at IS NULL OR reviewed_at IS NOT NULL", name="reviewed"),
        Index("ix_streams_answer_livestream", "livestream_id", "starts_at"),
    )

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    livestream_id: Mapped[str] = mapped_column(
        ForeignKey("catalog_livestream.id", ondelete="CASCADE")
    )
    question_id: Mapped[str | None] = mapped_column(
        ForeignKey("streams_question.id", ondelete="SET NULL"), unique=True
    )
    """Which question was asked; None: the host answers what nobody wrote."""
    titles: Mapped[dict[str, str]] = mapped_column(Json())
    """The question in general words, per language."""
    texts: Mapped[dict[str, str]] = mapped_column(Json(), default=dict)
    """The answer in writing, per language."""
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reviewer_id: Mapped[str | None] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="SET NULL")
    )
    """Who vouches for the words as they are; taken back by every change of them."""
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
