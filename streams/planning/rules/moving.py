"""Until when a livestream may be moved, and by whom. Pure."""

from datetime import datetime, timedelta
from typing import Final, Protocol

from catalog.enums import LivestreamState as L

NOTICE: Final = timedelta(hours=24)
"""Until so long before the start a host moves what was agreed; after that an editor does."""
MOVABLE: Final = frozenset({L.DRAFT, L.PROPOSED, L.SCHEDULED})


class Timed(Protocol):
    """A row of a livestream, or a view."""

    @property
    def state(self) -> str: ...  # noqa: D102
    @property
    def starts_at(self) -> datetime: ...  # noqa: D102


def is_movable(state: str) -> bool:
    """Tell whether a livestream in this state can still have another time."""
    return state in MOVABLE


def is_too_late(*, state: str, starts_at: datetime, is_staff: bool, now: datetime) -> bool:
    """Tell whether only an editor can still move a livestream."""
    return not is_staff and state == L.SCHEDULED and starts_at - now < NOTICE


def may_be_moved(livestream: Timed, *, is_staff: bool, now: datetime) -> bool:
    """Tell whether somebody who runs a livestream can give it another time now."""
    return is_movable(livestream.state) and not is_too_late(
        state=livestream.state, starts_at=livestream.starts_at, is_staff=is_staff, now=now
    )
