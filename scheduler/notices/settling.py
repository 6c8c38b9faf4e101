"""How long a change is left alone before it is told: people change their minds. Pure."""

from datetime import datetime, timedelta
from typing import Final

QUIET: Final = timedelta(seconds=60)
"""Without a further change, a change has settled."""
NEAR: Final = timedelta(minutes=30)
QUIET_NEAR: Final = timedelta(seconds=10)
"""The same when the start is nearer than :data:`NEAR`."""
LONGEST: Final = timedelta(minutes=5)
"""After the first change it is told, however often it goes on changing."""


def is_settled(*, since: datetime, changed_at: datetime, nearest: datetime, now: datetime) -> bool:
    """Tell whether a change may be told.

    ``since`` is the first change that was not told, ``changed_at`` the last one, ``nearest`` the
    earlier one of the start that was told and the start that is true.
    """
    quiet = QUIET_NEAR if nearest - now < NEAR else QUIET
    return now >= min(changed_at + quiet, since + LONGEST)
