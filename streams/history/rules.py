"""Whose history a row is, and when somebody has seen the whole. Pure."""

from datetime import datetime
from typing import Final

from core.sealing import keyed_fingerprint

NEARLY: Final = 0.95
"""Whoever came so far does not go on there."""
WORTH: Final = 15
"""Seconds; who looked for less has not begun."""


def owner_key(data_key: str, user_id: str) -> str:
    """Return the name under which the history of a person is kept; only this site can make it."""
    return keyed_fingerprint(data_key, f"history:{user_id}")


def is_finished(*, seconds: int, duration: int) -> bool:
    """Tell whether somebody has seen a replay to its end."""
    return duration > 0 and seconds >= duration * NEARLY


def to_the_hour(moment: datetime) -> datetime:
    """Return a time without its minutes."""
    return moment.replace(minute=0, second=0, microsecond=0)
