"""Tables of the desk; no column says who asked, and no text of a question stands in them."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.orm import Base, UtcDateTime


class Handed(Base):
    """A moderator asks the host to answer this question next."""

    __tablename__ = "streams_question_handed"

    question_id: Mapped[str] = mapped_column(
        ForeignKey("streams_question.id", ondelete="CASCADE"), primary_key=True
    )
    handed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Alert(Base):
    """A question that cannot wait: when it was seen to be there, and who was written to."""

    __tablename__ = "streams_question_alert"

    question_id: Mapped[str] = mapped_column(
        ForeignKey("streams_question.id", ondelete="CASCADE"), primary_key=True
    )
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    crew_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When those on duty were written to; None: somebody is at the desk, or nobody is on duty."""
    staff_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When editors and administrators were written to."""
