"""Who is in the way of a livestream, and when it could be instead. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from core.words import Words
from scheduler.grid.rules import MOST_ALTERNATIVES, nearest_free
from scheduler.spans import Span, cells_of


@dataclass(frozen=True, slots=True)
class Rival:
    """Something else that the host does; ``titles`` is empty where it has no name."""

    subject_id: str
    kind: str
    titles: Words
    span: Span
    taken: Span
    """With its buffers."""


@dataclass(frozen=True, slots=True)
class Clash:
    """What a livestream without its time collides with, and three times that are free."""

    rival: Rival | None
    buffer: int
    """Minutes that the host keeps free around what they do."""
    alternatives: Sequence[Span]


def clash_of(
    wanted: Span,
    *,
    buffers: tuple[int, int],
    rivals: Iterable[Rival],
    busy: Collection[int],
    now: datetime,
) -> Clash:
    """Return what is in the way of ``wanted`` and the nearest free times.

    Args:
        wanted: The time of the livestream.
        buffers: Minutes before and after that its host keeps free.
        rivals: What else the host does around that time.
        busy: Numbers of the cells that are taken of the host.
        now: No time before is offered.
    """
    known = sorted(rivals, key=lambda one: one.span)
    taken = wanted.widened(*buffers)
    found = next((one for one in known if one.taken.overlaps(taken)), None)
    cells = set(busy).union(*(cells_of(one.taken) for one in known))
    free = nearest_free(cells, wanted, buffers=buffers, now=now)
    return Clash(found, max(buffers), tuple(islice(free, MOST_ALTERNATIVES)))
