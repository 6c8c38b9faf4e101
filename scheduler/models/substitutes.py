"""Searches for another host, and whom they asked."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.ids import new_id
from core.orm import Base, Id, Json, UtcDateTime
from scheduler.enums import OfferState, SearchState

OPEN = text("state = 'asking'")
WON = text("state = 'accepted'")


class Search(Base):
    """A livestream whose host cannot come, and the search for another one."""

    __tablename__ = "scheduler_search"
    __table_args__ = (
        Index(
            "uq_scheduler_search_open",
            "livestream_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index("ix_scheduler_search_due", "state", "next_wave_at"),
    )

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    livestream_id: Mapped[str] = mapped_column(
        ForeignKey("catalog_livestream.id", ondelete="CASCADE"), index=True
    )
    leaver_id: Mapped[str] = mapped_column(ForeignKey("catalog_host.id", ondelete="CASCADE"))
    """Who cannot come."""
    reason: Mapped[str] = mapped_column(String(200), default="")
    """For editors alone."""
    state: Mapped[str] = mapped_column(String(10), default=SearchState.ASKING)
    wave: Mapped[int] = mapped_column(default=0)
    """How many waves were asked."""
    next_wave_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Offer(Base):
    """A livestream that one host was asked to take over."""

    __tablename__ = "scheduler_offer"
    __table_args__ = (
        UniqueConstraint("search_id", "host_id"),
        Index(
            "uq_scheduler_offer_accepted",
            "search_id",
            unique=True,
            sqlite_where=WON,
            postgresql_where=WON,
        ),
    )

    id: Mapped[str] = mapped_column(Id(), primary_key=True, default=new_id)
    search_id: Mapped[str] = mapped_column(ForeignKey("scheduler_search.id", ondelete="CASCADE"))
    host_id: Mapped[str] = mapped_column(
        ForeignKey("catalog_host.id", ondelete="CASCADE"), index=True
    )
    wave: Mapped[int]
    rank: Mapped[int]
    reasons: Mapped[dict[str, Any]] = mapped_column(Json(), default=dict)
    """Why this host was asked: see :class:`scheduler.matching.rules.Why`."""
    state: Mapped[str] = mapped_column(String(10), default=OfferState.ASKED)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
