"""Who is in the green room or the studio at a moment."""

from datetime import datetime, timedelta
from typing import Final

HERE: Final = timedelta(seconds=60)
"""Somebody whose page was heard of so recently is here."""


def is_here(seen_at: datetime | None, now: datetime) -> bool:
    """Tell whether somebody who was last seen at ``seen_at`` is here at ``now``."""
    return seen_at is not None and seen_at + HERE > now
