"""Until when a livestream may be moved, and by whom. Pure."""

from datetime import datetime, timedelta
from typing import Final

from catalog.enums import LivestreamState as L

NOTICE: Final = timedelta(hours=24)
"""Until so long before the start a host moves what was agreed; after that an editor does."""
MOVABLE: Final = frozenset({L.DRAFT, L.PROPOSED, L.SCHEDULED})


def is_movable(state: str) -> bool:
    """Tell whether a livestream in this state can still have another time."""
    return state in MOVABLE


def is_too_late(*, state: str, starts_at: datetime, is_staff: bool, now: datetime) -> bool:
    """Tell whether only an editor can still move a livestream."""
    return not is_staff and state == L.SCHEDULED and starts_at - now < NOTICE
