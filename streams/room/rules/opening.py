"""When a room takes questions, and why not. Pure.

``starts_at`` and the state say whether there is anything to ask about, the crew may close it, and
while it is live somebody has to be there who reads.
"""

from datetime import datetime
from enum import StrEnum

from catalog.enums import LivestreamState as L
from streams.life.rules import NO_SHOW


class Door(StrEnum):
    """Whether questions are taken, or why not."""

    OPEN = "open"
    UNREAD = "unread"  # live, and no moderator has been seen for a minute
    CLOSED = "closed"  # by the crew
    OVER = "over"
    NOT_YET = "not_yet"  # nobody has announced it


def questions_open(
    state: str, *, starts_at: datetime, closed_at: datetime | None, moderators: int, now: datetime
) -> Door:
    """Tell whether questions are taken.

    Before the start they wait for a moderator; while it is live one has to be there. What is late
    by hours and was never begun is over, though the clock has not said so yet.

    Args:
        state: Of the livestream.
        starts_at: As planned.
        closed_at: When the crew closed them.
        moderators: How many are there now (:func:`streams.readiness.rules.is_here`).
        now: The present moment.
    """
    if state in {L.DRAFT, L.PROPOSED}:
        return Door.NOT_YET
    if state not in {L.SCHEDULED, L.LIVE} or is_stale(state, starts_at, now):
        return Door.OVER
    if closed_at is not None:
        return Door.CLOSED
    return Door.OPEN if state == L.SCHEDULED or moderators else Door.UNREAD


def is_stale(state: str, starts_at: datetime, now: datetime) -> bool:
    """Tell whether nobody began it within the time after which it counts as missed."""
    return state == L.SCHEDULED and now > starts_at + NO_SHOW
