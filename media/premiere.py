"""A finished talk that plays as if it were live: what of it is due at a moment. Pure.

The rows of a talk keep the times at which it was brought in. A premiere shifts them: the first
frame of the talk is shown at ``began_at``, and nothing of it may be known before its time. What is
due is a function of the rows and of ``now``, so no process has to live for it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

MARGIN: Final = timedelta(seconds=1)
"""A segment is listed this long after its last frame was shown, as one that is live would be.

It may be fetched from its last frame on: clocks of machines differ, and what is listed must be
there for whoever has read the list.
"""
SETTLING: Final = timedelta(seconds=20)
"""After somebody ended a premiere before its time the rest stays closed this long.

Longer than players are let in after an end: the rest is for the release, not for them.
"""


@dataclass(frozen=True, slots=True)
class Premiere:
    """A premiere that has begun.

    Args:
        began_at: When viewers see the first frame.
        talk_at: The program time of that frame in the rows.
        ended_at: When somebody, or the clock, ended it; None: it goes on.
    """

    began_at: datetime
    talk_at: datetime
    ended_at: datetime | None = None

    @property
    def shift(self) -> timedelta:
        """What has to be added to the program time of a row."""
        return self.began_at - self.talk_at

    def is_settled(self, now: datetime) -> bool:
        """Tell whether it is over, and all of the talk is a recording like any other."""
        return self.ended_at is not None and now >= self.ended_at + SETTLING

    def due_until(self, now: datetime) -> datetime | None:
        """Return the program time of rows up to which the talk was shown; None: all of it."""
        if self.is_settled(now):
            return None
        seen = now if self.ended_at is None else min(now, self.ended_at)
        return seen - self.shift

    def listed_until(self, now: datetime) -> datetime | None:
        """Return the program time of rows up to which segments are listed; None: all of them."""
        due = self.due_until(now)
        return None if due is None else due - MARGIN

    def is_over(self, talk_ends_at: datetime, now: datetime) -> bool:
        """Tell whether no segment follows: it was ended, or the last one is listed."""
        return self.ended_at is not None or talk_ends_at + self.shift + MARGIN <= now


def premiere_of(
    *, premiere_at: datetime | None, opened_at: datetime | None, ended_at: datetime | None
) -> Premiere | None:
    """Return the premiere that a broadcast has or had; None: it has none, or none yet.

    Args:
        premiere_at: ``Broadcast.premiere_at``.
        opened_at: ``Broadcast.opened_at``, where a talk that was brought in begins.
        ended_at: ``Broadcast.end_requested_at``.
    """
    if premiere_at is None or opened_at is None:
        return None
    return Premiere(premiere_at, opened_at, ended_at)


def shown_generation(generation: int, *, generation_at: datetime | None, premiere: Premiere) -> int:
    """Return which renditions a premiere goes on with: those that it began with.

    A ladder that is finished in the middle is shown to those who come after the end.
    """
    came_later = generation_at is not None and generation_at > premiere.began_at
    return generation - 1 if came_later and generation > 0 else generation
