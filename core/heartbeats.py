"""Signs of life: each long-running process says when it was last well."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, String, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.orm import Base, UtcDateTime


class Heartbeat(Base):
    """When the process ``role`` on ``node`` was last well."""

    __tablename__ = "core_heartbeat"

    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    node: Mapped[str] = mapped_column(String(80), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


def beat(session: Session, *, role: str, node: str, now: datetime) -> None:
    """Record that ``role`` (``live``, ``worker``, ``clock``) on ``node`` is well."""
    mine = update(Heartbeat).where(Heartbeat.role == role, Heartbeat.node == node)
    changed = cast("CursorResult[Any]", session.execute(mine.values(at=now)))
    if changed.rowcount == 0:
        session.add(Heartbeat(role=role, node=node, at=now))
        session.flush()


def last_beats(session: Session) -> dict[str, datetime]:
    """Return, for each role that ever ran, when one of its nodes was last well."""
    rows = session.execute(select(Heartbeat.role, func.max(Heartbeat.at)).group_by(Heartbeat.role))
    return {str(role): at for role, at in rows}
