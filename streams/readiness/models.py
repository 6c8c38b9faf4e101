"""What a host has done and written to be ready, and who is in the green room."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.orm import Base, Json, UtcDateTime


class DeviceCheck(Base):
    """The latest check of a host's camera, microphone and connection; it counts for a while."""

    __tablename__ = "streams_device_check"

    user_id: Mapped[str] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="CASCADE"), primary_key=True
    )
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    details: Mapped[dict[str, Any]] = mapped_column(Json(), default=dict)
    """``source`` (``browser`` or ``encoder``), and what was measured."""


class ScriptReading(Base):
    """A host has read a version of what to say when somebody is at risk."""

    __tablename__ = "streams_script_reading"

    user_id: Mapped[str] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="CASCADE"), primary_key=True
    )
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Presence(Base):
    """Somebody of the crew is in the green room or the studio of a livestream."""

    __tablename__ = "streams_presence"

    livestream_id: Mapped[str] = mapped_column(
        ForeignKey("catalog_livestream.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[str] = mapped_column(
        ForeignKey("accounts_user.id", ondelete="CASCADE"), primary_key=True
    )
    came_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class HostNotes(Base):
    """A host's own notes for one livestream; nobody else reads them.

    They go when somebody else becomes its host, so they stand below what changes hosts.
    """

    __tablename__ = "streams_host_notes"

    livestream_id: Mapped[str] = mapped_column(
        ForeignKey("catalog_livestream.id", ondelete="CASCADE"), primary_key=True
    )
    text: Mapped[str] = mapped_column(Text, default="")
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
