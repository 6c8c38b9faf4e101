"""Answers to POST requests that carried an ``Idempotency-Key``."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from core.orm import Base, Id, Json, UtcDateTime


class StoredAnswer(Base):
    """What was answered; ``status`` 0 while the first request is still at work."""

    __tablename__ = "core_idempotency"

    actor_id: Mapped[str] = mapped_column(Id(), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    route: Mapped[str] = mapped_column(String(200), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the request's body."""
    status: Mapped[int] = mapped_column(default=0)
    body: Mapped[Any] = mapped_column(Json(), default=dict)
    headers: Mapped[dict[str, str]] = mapped_column(Json(), default=dict)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
