"""Tables of questions. No column says who asked: not an account, not an address."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy import text as text_of
from sqlalchemy.orm import Mapped, mapped_column

from core.ids import new_id
from core.orm import Base, Id, UtcDateTime
from streams.questions.enums import QuestionState, RiskTier

STATES = ", ".join(f"'{state}'" for state in QuestionState)


class Question(Base):
    """One question in one room; at most one is on air."""

    __tablename__ = "streams_question"
    __table_args__ = (
        CheckConstraint(f"state IN ({STATES})", name="state"),
        CheckConstraint(
            "tier <> 'high' OR state NOT IN ('approved', 'on_air', 'answered', 'merged')",
            name="high_is_never_shown",
        ),
        CheckConstraint("(state = 'merged') = (merged_into_id IS NOT NULL)", name="merged"),
        Index("ix_streams_question_room", "livestream_id", "state", "votes"),
        Index(
            "uq_streams_question_on_air",
            "livestream_id",
            unique=True,
            sqlite_where=text_of("state = 'on_air'"),
            postgresql_where=text_of("state = 'on_air'"),
        ),
    )

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    livestream_id: Mapped[str] = mapped_column(
        ForeignKey("catalog_livestream.id", ondelete="CASCADE")
    )
    participant: Mapped[str | None] = mapped_column(String(64))
    """HMAC(secret of the room, what the asker's browser holds); gone when the secret goes."""
    pseudonym: Mapped[int] = mapped_column(default=0)
    """Which made-up name, of this room alone (:mod:`streams.room.rules`)."""
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12), default="en")
    tier: Mapped[str] = mapped_column(String(6), default=RiskTier.LOW)
    state: Mapped[str] = mapped_column(String(9), default=QuestionState.WAITING)
    reason: Mapped[str] = mapped_column(String(12), default="")
    """A :class:`~streams.questions.enums.RefusalReason`; empty unless refused."""
    merged_into_id: Mapped[str | None] = mapped_column(
        ForeignKey("streams_question.id", ondelete="CASCADE"), index=True
    )
    votes: Mapped[int] = mapped_column(default=0)
    """How many others want to know; the rows behind it go with the secret of the room."""
    edit_fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    """Of the token in the asker's secret link."""
    reply: Mapped[str] = mapped_column(Text, default="")
    """What everybody may read under an answered question."""
    reply_sealed: Mapped[str] = mapped_column(Text, default="")
    """What its asker alone may read, sealed under ``DATA_KEY``."""
    replied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    shown_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When everybody could read it first."""
    on_air_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the host began to answer it aloud: where it stands in the replay."""
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
    """Rises with every change; two moderators compare and set it."""
    reader_id: Mapped[str | None] = mapped_column(Id())
    """The moderator who has it open; a user id of the crew, never of an asker."""
    read_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Until when others leave it to them."""


class QuestionVote(Base):
    """Somebody wants to know it too: once each. Rows go with the secret of the room."""

    __tablename__ = "streams_question_vote"

    question_id: Mapped[str] = mapped_column(
        ForeignKey("streams_question.id", ondelete="CASCADE"), primary_key=True
    )
    participant: Mapped[str] = mapped_column(String(64), primary_key=True)
