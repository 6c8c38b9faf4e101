"""Figures of notices for operators: how many failed, how many should have left and did not."""

from datetime import datetime
from math import nan
from typing import Final

from prometheus_client import Gauge
from sqlalchemy.orm import Session

from web.work_board.notices.queries import trouble

FAILED: Final = Gauge("mindcast_notices_failed", "Notices that stepped aside and wait for a person")
OVERDUE: Final = Gauge("mindcast_notices_overdue", "Notices that were due over five minutes ago")


def measure(session: Session, *, now: datetime) -> None:
    """Set both figures to how it is now; while the database is away, they are not known."""
    for gauge in (FAILED, OVERDUE):
        gauge.set(nan)
    found = trouble(session, now=now)
    FAILED.set(found.failed)
    OVERDUE.set(found.overdue)
