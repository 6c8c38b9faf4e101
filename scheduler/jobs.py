"""A job of the clock: something that looks for what is due and writes it, compare-and-set."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from sqlalchemy.orm import Session

from core.heartbeats import beat

TICK: Final = timedelta(seconds=5)
"""How often the clock looks for what is due, unless a job says otherwise."""
ROLE: Final = "clock"

Act: TypeAlias = Callable[[Session, datetime], None]


@dataclass(frozen=True, slots=True)
class Job:
    """``act`` is called every ``interval`` in a transaction of its own; it must bear rivals."""

    name: str
    act: Act
    interval: timedelta = TICK


def heartbeat_job(node: str) -> Job:
    """Return the job by which the clock on ``node`` says that it is well."""

    def note(session: Session, now: datetime) -> None:
        beat(session, role=ROLE, node=node, now=now)

    return Job("heartbeat", note)
