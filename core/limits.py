"""Counting in the database: the same limit for every process and machine.

A key is a fingerprint, never an address or a mail in clear. Windows are fixed: a window begins at a
multiple of its length, so that one row per key and window is enough.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import String, delete, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.clock import as_utc
from core.database import insert_into
from core.errors import TooMany
from core.orm import Base, UtcDateTime


class LimitCount(Base):
    """How often ``key`` was counted in the window that began at ``starts_at``."""

    __tablename__ = "core_limit"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    count: Mapped[int]


def count_up(session: Session, *, key: str, limit: int, seconds: int, now: datetime) -> None:
    """Count one more act under ``key``; the caller commits the count before it does the act.

    Raises:
        TooMany: ``limit`` acts were counted in this window of ``seconds`` already.
    """
    starts_at = window_start(now, seconds)
    if _counted(session, key, starts_at) > limit:
        left = starts_at + timedelta(seconds=seconds) - now
        raise TooMany(max(1, round(left.total_seconds())))


def take_back(session: Session, *, key: str, seconds: int, now: datetime) -> None:
    """Take one act back that :func:`count_up` counted in the same window: it was none to limit."""
    session.execute(
        update(LimitCount)
        .where(LimitCount.key == key, LimitCount.starts_at == window_start(now, seconds))
        .where(LimitCount.count > 0)
        .values(count=LimitCount.count - 1)
    )


def window_start(now: datetime, seconds: int) -> datetime:
    """Return when the window of ``seconds`` that contains ``now`` began."""
    stamp = int(as_utc(now).timestamp())
    return datetime.fromtimestamp(stamp - stamp % seconds, UTC)


def forget_counts(session: Session, *, before: datetime, act: str | None = None) -> None:
    """Delete the windows that began before ``before``, all of them or those of one ``act``."""
    old = delete(LimitCount).where(LimitCount.starts_at < before)
    if act is not None:
        old = old.where(LimitCount.key.startswith(f"{act}:", autoescape=True))
    session.execute(old)


def _counted(session: Session, key: str, starts_at: datetime) -> int:
    """Add one and return the new count, in one statement, so that two racers are both counted."""
    row = insert_into(session, LimitCount).values(key=key, starts_at=starts_at, count=1)
    statement = row.on_conflict_do_update(
        index_elements=["key", "starts_at"], set_={"count": LimitCount.count + 1}
    ).returning(LimitCount.count)
    count: int = session.execute(statement).scalar_one()
    return count
