"""What the broadcasts of a node take of its machine, and how many rungs the next run may have."""

import threading
from collections.abc import Callable, Collection
from shutil import disk_usage

import structlog

from core.settings import Settings
from media.binaries import ProgramMissing
from media.capacity import ensure_capacity, guessed_capacity, known_capacity
from media.process import ProcessFailed
from media.rungs import (
    Capacity,
    Ladder,
    Picture,
    Rung,
    affordable_rungs,
    cores_for,
    make_ladder,
)

log = structlog.get_logger(__name__)

RUNG_ROOM = 2**30  # bytes; below this rungs are given up, long before nobody new may send
MEASURE_AFTER = 10.0  # seconds; the start of the site comes first


class Load:
    """Shared by the owners of a node.

    Args:
        capacity: What the machine carries.
        allowed: Lines of the rungs that the operator wants; None: what the machine carries.
        free_bytes: How much the disk still holds.
    """

    def __init__(
        self,
        *,
        capacity: Capacity,
        allowed: Collection[int] | None,
        free_bytes: Callable[[], int],
    ) -> None:
        self.capacity = capacity
        self._allowed = allowed
        self._free_bytes = free_bytes
        self._taken: dict[str, float] = {}
        self._lock = threading.Lock()

    def begin(
        self, broadcast_id: str, picture: Picture, *, shown: Collection[str] | None, most: int
    ) -> Ladder:
        """Choose the rungs of a broadcast's next run, and keep their share of the machine for it.

        Args:
            broadcast_id: Whose run.
            picture: Of its feed.
            shown: Names of the rungs that viewers have been shown; None: nothing was shown yet.
            most: How many rungs at most; it is lowered when the machine proves to be too slow.
        """
        with self._lock:
            others = sum(cost for one, cost in self._taken.items() if one != broadcast_id)
            rungs = () if self.is_disk_nearly_full() else self._affordable(picture, others)
            ladder = make_ladder(rungs[max(len(rungs) - most, 0) :], shown)
            self._taken[broadcast_id] = cores_for(self.capacity, picture, ladder.encoded)
        names = [rung.name for rung in ladder.encoded]
        log.info("rungs_chosen", broadcast=broadcast_id, rungs=names, slides=ladder.slides)
        return ladder

    def end(self, broadcast_id: str) -> None:
        """Give back what a broadcast took."""
        with self._lock:
            self._taken.pop(broadcast_id, None)

    def is_disk_nearly_full(self) -> bool:
        """Tell whether the room that is left belongs to the source alone."""
        return self._free_bytes() < RUNG_ROOM

    def _affordable(self, picture: Picture, others: float) -> tuple[Rung, ...]:
        return affordable_rungs(self.capacity, picture, allowed=self._allowed, in_use=others)


def load_of(settings: Settings) -> Load:
    """Return the load of this machine, with what was measured before, or a guess."""
    return Load(
        capacity=known_capacity(settings.home) or guessed_capacity(),
        allowed=settings.live_rungs,
        free_bytes=lambda: disk_usage(settings.home).free,
    )


def measure_later(load: Load, settings: Settings) -> threading.Timer:
    """Measure the machine in the background if that was not done before; the caller cancels it."""

    def measure() -> None:
        try:
            load.capacity = ensure_capacity(settings.home)
        except (ProcessFailed, ProgramMissing, OSError):
            log.exception("capacity_not_measured")

    timer = threading.Timer(MEASURE_AFTER, measure)
    timer.daemon = True
    timer.start()
    return timer
