"""Who follows what."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from catalog.follows.enums import Followed
from catalog.follows.rules import Subject
from core.ids import new_id
from core.orm import Base, Id, UtcDateTime

_ONE = " + ".join(
    f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END"
    for column in ("topic_slug", "series_id", "host_id")
)


class Follow(Base):
    """One thing that one person follows; gone with either of them."""

    __tablename__ = "catalog_follow"
    __table_args__ = (
        CheckConstraint(f"{_ONE} = 1", name="one_subject"),
        UniqueConstraint("user_id", "topic_slug"),
        UniqueConstraint("user_id", "series_id"),
        UniqueConstraint("user_id", "host_id"),
    )

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    user_id: Mapped[str] = mapped_column(ForeignKey("accounts_user.id", ondelete="CASCADE"))
    topic_slug: Mapped[str | None] = mapped_column(
        ForeignKey("catalog_topic.slug", ondelete="CASCADE"), index=True
    )
    series_id: Mapped[str | None] = mapped_column(
        ForeignKey("catalog_series.id", ondelete="CASCADE"), index=True
    )
    host_id: Mapped[str | None] = mapped_column(
        ForeignKey("catalog_host.id", ondelete="CASCADE"), index=True
    )
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    visited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the last visit to the page of what is new began."""
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the visit before it began: what came later is new."""

    @property
    def subject(self) -> Subject:
        """Return what is followed."""
        if self.topic_slug is not None:
            return Subject(Followed.TOPIC, self.topic_slug)
        if self.series_id is not None:
            return Subject(Followed.SERIES, self.series_id)
        return Subject(Followed.HOST, self.host_id or "")


COLUMNS = {
    Followed.TOPIC: Follow.topic_slug,
    Followed.SERIES: Follow.series_id,
    Followed.HOST: Follow.host_id,
}
"""Where a follow of each kind names what is followed."""
