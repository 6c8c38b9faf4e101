"""The rules of work: who may claim it, and when it is tried again."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from core.errors import _
from core.work.enums import WorkState

WAITS: Final = (5, 30, 180, 900)
"""Seconds before the second, third, ... attempt; the last one for all that follow."""
LOST: Final = _("The program that worked on this stopped in the middle, several times.")
"""The reason a person reads when no worker lived to give one."""

LOG_TAIL: Final = 4_000
"""Characters of a program's last words that are kept: enough to see what went wrong."""

RETRYABLE: Final = (WorkState.FAILED, WorkState.CANCELLED)
CANCELLABLE: Final = (WorkState.QUEUED, WorkState.RUNNING, WorkState.FAILED)


def next_attempt_at(*, attempts: int, now: datetime) -> datetime:
    """Return when work that has failed ``attempts`` times is due again."""
    return now + timedelta(seconds=WAITS[min(attempts, len(WAITS)) - 1])


def state_after_failure(*, attempts: int, max_attempts: int, final: bool) -> WorkState:
    """Return whether failed work waits for another attempt or for a person."""
    return WorkState.FAILED if final or attempts >= max_attempts else WorkState.QUEUED


def is_exhausted(*, attempts: int, max_attempts: int) -> bool:
    """Return whether work whose worker vanished has had all its attempts."""
    return attempts >= max_attempts


def ranks(kinds: Collection[str]) -> dict[str, int]:
    """Return the place of each kind in the order of claims: those named first go first."""
    return {kind: place for place, kind in enumerate(kinds)}


def log_tail(log: str) -> str:
    """Return the end of ``log``, from the beginning of a line if it has one."""
    tail = log[-LOG_TAIL:]
    whole_lines = tail.partition("\n")[2]
    return whole_lines if len(log) > LOG_TAIL and whole_lines else tail


def as_fraction(progress: float) -> float:
    """Return ``progress`` within 0 and 1, whatever a program reported."""
    return min(max(progress, 0.0), 1.0)
