"""What the page of the studio shows, and to whom. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from catalog.enums import LivestreamState as L
from media.enums import BroadcastState

LONGEST_NOTES: Final = 20_000
"""Characters."""


class Face(StrEnum):
    """One face of the one page; ``web/frontend/src/studio/page/faces.ts`` is its twin."""

    GREEN = "green"  # before: getting ready
    AIR = "air"
    AFTER = "after"
    OVER = "over"  # it did not take place


FACES: Final = {
    L.LIVE: Face.AIR,
    L.ENDED: Face.AFTER,
    L.PUBLISHED: Face.AFTER,
    L.CANCELLED: Face.OVER,
    L.MISSED: Face.OVER,
}
"""Every other state comes before going live."""

DOOR_OPEN: Final = frozenset({L.DRAFT, L.PROPOSED, L.SCHEDULED, L.LIVE})
"""States in which a browser or an encoder is set up or used."""


@dataclass(frozen=True, slots=True)
class Seat:
    """What somebody may do in a studio.

    ``runs``: the host and the staff, who may send and start. ``hosts``: whose notes they are.
    """

    runs: bool
    hosts: bool


def face_of(state: str) -> Face:
    """Return what the page shows in a state of the livestream."""
    return FACES.get(L(state), Face.GREEN)


def is_draining(state: str, broadcast_state: str) -> bool:
    """Tell whether what was said is still to be put in place; before the end all of it is.

    A page that has just heard of the end shows what it fetched before.
    """
    return face_of(state) is not Face.AFTER or broadcast_state != BroadcastState.ENDED
