"""When media go, and where a removal stands. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from catalog.enums import LivestreamState as L
from streams.removal.enums import RemovalState

AFTER_END: Final = timedelta(seconds=30)
"""What is not recorded goes this long after the end: players still read the last segments, see
:data:`streams.playback.rules.END_GRACE`."""
AFTER_WITHDRAWAL: Final = timedelta(days=30)
"""Until then a host may give the consent again, and nothing is lost."""
OVERDUE: Final = timedelta(minutes=10)
"""A removal that takes longer than this is told to whoever runs the site."""
LOOK_AGAIN: Final = timedelta(minutes=2)
"""How long after the receipt it is looked once more: the longest that a write may be on its way."""

MAY_STILL_CHOOSE: Final = (L.DRAFT, L.PROPOSED, L.SCHEDULED, L.LIVE)
"""States in which a livestream can still become one that is not recorded."""
SHOWN_OR_TO_SHOW: Final = (L.ENDED, L.PUBLISHED)
"""States in which there may be a replay."""
OVER: Final = (L.ENDED, L.PUBLISHED, L.CANCELLED, L.MISSED)


class Removing(Protocol):
    """A removal, as its row has it."""

    @property
    def due_at(self) -> datetime: ...  # noqa: D102 -- as the column
    @property
    def called_off_at(self) -> datetime | None: ...  # noqa: D102 -- as above
    @property
    def done_at(self) -> datetime | None: ...  # noqa: D102 -- as above


def state_of(removal: Removing, *, failed: bool, now: datetime) -> RemovalState:
    """Return where a removal stands; ``failed`` says that its step has been given up."""
    if removal.done_at is not None:
        return RemovalState.DONE
    if removal.called_off_at is not None:
        return RemovalState.CALLED_OFF
    if failed:
        return RemovalState.FAILED
    return RemovalState.WAITING if now < removal.due_at else RemovalState.REMOVING


def added(details: Mapping[str, Any], rows: Mapping[str, int]) -> dict[str, int]:
    """Return the rows by table of a receipt and of one more attempt together."""
    known: Mapping[str, int] = details.get("rows", {})
    names = sorted({*known, *rows})
    return {name: known.get(name, 0) + rows.get(name, 0) for name in names}
