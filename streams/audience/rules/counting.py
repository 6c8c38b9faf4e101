"""From beats to a number: how many pages one beat stands for, and how old a count may be. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.clock import as_utc

SECONDS: Final = 60
MINUTE: Final = timedelta(seconds=SECONDS)
COUNTS_FOR: Final = timedelta(minutes=5)
"""How long a minute says how many watch, from its beginning: an older figure would be a guess."""
BUDGET: Final = 200
"""Beats a minute that are enough: their number is off by 7 % when it is off by one deviation."""
PEOPLE_BEHIND_ADDRESS: Final = 600
"""Pages behind one address that are all counted: twice a hospital of 300 behind one router.

It is also how much one client can add, as it need not throw the dice; two digits are shown, so that
where it matters it is seen by nobody.
"""
LUCK: Final = 4
"""Beats above the mean that an address may send: who is asked is drawn by lot."""


@dataclass(frozen=True, slots=True)
class Minute:
    """The beats of one minute; each stands for ``sample`` pages."""

    minute_at: datetime
    beats: int
    sample: int

    @property
    def viewers(self) -> int:
        """How many pages that is."""
        return self.beats * self.sample


def minute_of(now: datetime) -> datetime:
    """Return when the minute of the clock that contains ``now`` began."""
    return as_utc(now).replace(second=0, microsecond=0)


def counts_since(now: datetime) -> datetime:
    """Return the moment after which a minute must have begun to say something at ``now``."""
    return now - COUNTS_FOR


def sample_at(minutes: Sequence[Minute], now: datetime) -> int:
    """Return how many pages one beat stands for now.

    It stays the same within a minute, so that all beats of a minute weigh the same.

    Args:
        minutes: Those that still count, the newest first.
        now: The present moment.
    """
    if not minutes:
        return 1
    newest = minutes[0]
    return newest.sample if newest.minute_at == minute_of(now) else sample_after(newest)


def sample_after(minute: Minute) -> int:
    """Return the sample of the minute after ``minute``: a power of two that keeps to the budget.

    It comes down later than it went up, so that it does not change to and fro.
    """
    sample = minute.sample
    while minute.viewers > BUDGET * sample:
        sample *= 2
    while sample > 1 and minute.viewers * 4 <= BUDGET * sample:
        sample //= 2
    return sample


def most_beats(sample: int) -> int:
    """Return how many beats one address may send in a minute."""
    return -(-PEOPLE_BEHIND_ADDRESS // sample) + LUCK


def estimate(minutes: Sequence[Minute], now: datetime) -> int | None:
    """Return how many watch, by the last full minute; None: that is not known.

    A sampled count is the mean of two minutes, which halves the square of its error.
    """
    full = [minute for minute in minutes if minute.minute_at < minute_of(now)]
    if not full:
        return None
    newest = full[0]
    if newest.sample == 1:
        return newest.viewers
    near = [one.viewers for one in full[:2] if newest.minute_at - one.minute_at <= MINUTE]
    return round(sum(near) / len(near))
