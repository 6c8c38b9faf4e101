"""What the clock does to the grid."""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.grid import services


def release_holds(session: Session, now: datetime) -> None:
    """Give back holds that have expired and that nobody else has claimed over."""
    services.release_expired(session, now=now)


def forget_past(session: Session, now: datetime) -> None:
    """Drop cells of what is long over."""
    services.forget_past_cells(session, now=now)
