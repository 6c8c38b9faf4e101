"""When somebody may be told, and when a sending is tried again. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from accounts.notices.enums import Category
from accounts.notices.kinds import KINDS, Kind
from core.walltime import SkippedTime, moment_of, wall_of

QUIET_FROM: Final = time(21)
QUIET_UNTIL: Final = time(8)
MOST_A_DAY: Final = 3
WAITS: Final = (30, 120, 600, 1800, 3600)
"""Seconds before the second, third, ... attempt; the last one for all that follow."""
MOST_ATTEMPTS: Final = 8
DIGEST: Final = "digest"
CONFIRMATION: Final = "confirm_registration"
"""The one kind that is sent for a registration which does not stand yet."""
FOR_VIEWERS: Final = frozenset(
    {Category.REMINDERS, Category.CHANGES, Category.REPLAYS, Category.FOLLOWS}
)
DAY: Final = timedelta(days=1)
PAUSES: Final = (2.0, 60.0)
"""Seconds until an end that was down is tried again: at first, and at most."""


def allowed_at(now: datetime, timezone: str) -> datetime:
    """Return ``now``, or the end of the quiet hours that it lies in."""
    clock = wall_of(now, timezone)[0].time()
    if QUIET_UNTIL <= clock < QUIET_FROM:
        return now
    return next_morning(now, timezone)


def next_morning(now: datetime, timezone: str) -> datetime:
    """Return the first end of quiet hours after ``now``: when a digest goes out."""
    today = wall_of(now, timezone)[0].date()
    mornings = (_moment(today + turn * DAY, QUIET_UNTIL, timezone) for turn in (0, 1))
    return next(moment for moment in mornings if moment > now)


def start_of_day(now: datetime, timezone: str) -> datetime:
    """Return when the day of ``now`` began where the person is."""
    return _moment(wall_of(now, timezone)[0].date(), time(0), timezone)


def day_number(moment: datetime, timezone: str) -> int:
    """Return the day of a moment where the person is as a number, 20261122."""
    return int(wall_of(moment, timezone)[0].strftime("%Y%m%d"))


def counts(kind: Kind) -> bool:
    """Tell whether a notice of this kind is one of the :data:`MOST_A_DAY`.

    What people are sent as viewers counts, even what never yields: a day of three changes is full.
    So does all that yields itself, else it could never fill a day. Duty mail does not count: a
    busy host would hear of no replay.
    """
    return kind.category in FOR_VIEWERS or kind.has_quiet_hours


COUNTED: Final = tuple(sorted(name for name, kind in KINDS.items() if counts(kind)))


def next_attempt_at(*, attempts: int, now: datetime) -> datetime:
    """Return when a notice is tried again that was tried ``attempts`` times."""
    return now + timedelta(seconds=WAITS[min(attempts, len(WAITS)) - 1])


def is_exhausted(attempts: int) -> bool:
    """Tell whether it has been tried often enough."""
    return attempts >= MOST_ATTEMPTS


def is_too_late(give_up_at: datetime | None, now: datetime) -> bool:
    """Tell whether it would say what is no longer of use; a reminder at the start is too late."""
    return give_up_at is not None and give_up_at <= now


def pause_after(pause: float) -> float:
    """Return the next pause before an end is tried again that was down, in seconds."""
    shortest, longest = PAUSES
    return min(max(2 * pause, shortest), longest)


def _moment(day: date, clock: time, timezone: str) -> datetime:
    """Return the first moment at which clocks show it, or the one at which they skip it."""
    wall = datetime.combine(day, clock)
    try:
        return moment_of(wall, timezone, fold=0)
    except SkippedTime as gap:
        return gap.after.astimezone(UTC)
