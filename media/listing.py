"""What viewers may see of a broadcast, kept in step with its rows.

A playlist of two hours has 7,200 segments and is asked for every second, so a process keeps the
text it has rendered and reads only rows that came since. Nothing is lost when it ends: the rows
are the truth, and every process renders the same text from them.

A run is listed once every rendition has a segment of it, so that discontinuities lie at the same
places in every rendition; a run that some rendition never got is left out of all. A rendition that
begins in a later run does not hold back the runs before it.
"""

import threading
from collections import OrderedDict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from media.hls.render import (
    ENDLIST,
    delta_blocks,
    header,
    segment_block,
    skip_tag,
    skippable,
)
from media.hls.rows import SegmentRow
from media.window import Window

TAIL: Final = 128  # segments kept as rows: more than any skip boundary of ordinary segments
SLIVER_US: Final = 500_000
"""Shorter segments say nothing about the peak: Apple measures it over half a target at least."""
BROADCASTS_KEPT: Final = 64  # 0.4 MB each after two hours


@dataclass(frozen=True, slots=True)
class StoredSegment:
    """A segment row as read, with the bytes it has in storage."""

    row: SegmentRow
    size: int


@dataclass(slots=True)
class Listing:
    """The rendered playlist of one rendition so far."""

    read_up_to: int = -1
    waiting: list[StoredSegment] = field(default_factory=list)
    first: SegmentRow | None = None
    count: int = 0
    body: str = ""
    tail: deque[SegmentRow] = field(default_factory=lambda: deque(maxlen=TAIL))
    bytes_listed: int = 0
    listed_us: int = 0
    peak: int = 0

    def add(self, stored: StoredSegment) -> str:
        """List one more segment; return its block for the body."""
        block = segment_block(stored.row, self.tail[-1] if self.tail else None)
        self.first = self.first or stored.row
        self.tail.append(stored.row)
        self.count += 1
        self.bytes_listed += stored.size
        self.listed_us += stored.row.duration_us
        self._measure(stored)
        return block

    @property
    def average(self) -> int:
        """Bits per second over everything listed."""
        return self.bytes_listed * 8_000_000 // max(self.listed_us, 1)

    def text(self, *, target_duration: int, ended: bool, skip: bool) -> str:
        """Return the playlist text, or nothing while no segment is listed."""
        if self.first is None:
            return ""
        head = header(self.first, target_duration=target_duration, ended=ended)
        rows = list(self.tail) if skip and not ended else []
        if skipped := skippable(rows, target_duration):
            unseen = self.count - len(rows)
            return head + skip_tag(unseen + skipped) + delta_blocks(rows, skipped)
        return head + self.body + (ENDLIST if ended else "")

    def _measure(self, stored: StoredSegment) -> None:
        if stored.row.duration_us >= SLIVER_US or not self.peak:
            rate = stored.size * 8_000_000 // stored.row.duration_us
            self.peak = max(self.peak, rate)


@dataclass(slots=True)
class BroadcastListing:
    """The listings of all renditions of one broadcast, by rendition id."""

    window: Window
    renditions: dict[str, Listing] = field(default_factory=dict)
    runs: dict[int, set[str]] = field(default_factory=dict)
    first_run: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def rendition(self, rendition_id: str) -> Listing:
        """Return the listing of one rendition, begun when first asked for."""
        if rendition_id not in self.renditions:
            self.renditions[rendition_id] = Listing()
        return self.renditions[rendition_id]

    def take(self, rendition_id: str, stored: StoredSegment) -> None:
        """Take in one more row; rows of a rendition come in order."""
        listing = self.rendition(rendition_id)
        if stored.row.sequence <= listing.read_up_to:
            return
        listing.read_up_to = stored.row.sequence
        if not self.window.shows(stored.row.program_at, stored.row.ends_at):
            return  # the rehearsal before the doors opened, or what was cut off
        run = stored.row.run_number
        self.first_run.setdefault(rendition_id, run)
        self.runs.setdefault(run, set()).add(rendition_id)
        listing.waiting.append(stored)

    def settle(self) -> None:
        """List what was waiting and has become complete."""
        for listing in self.renditions.values():
            if listing.waiting:
                self._settle(listing)

    def is_complete(self, run: int) -> bool:
        """Return whether every rendition that has begun by then has a segment of ``run``."""
        present = self.runs.get(run, set())
        return all(one in present for one, first in self.first_run.items() if first <= run)

    def _settle(self, listing: Listing) -> None:
        complete = {run for run in _runs(listing.waiting) if self.is_complete(run)}
        blocks = [listing.add(one) for one in listing.waiting if one.row.run_number in complete]
        listing.body += "".join(blocks)
        latest = max(complete, default=-1)
        listing.waiting = [one for one in listing.waiting if one.row.run_number > latest]


class ListingCache:
    """The listings of the broadcasts asked for last, shared by the threads of a process."""

    def __init__(self, limit: int = BROADCASTS_KEPT) -> None:
        self._limit = limit
        self._kept: OrderedDict[tuple[str, int, Window, int], BroadcastListing] = OrderedDict()
        self._lock = threading.Lock()

    def get(
        self, broadcast_id: str, window: Window, generation: int = 0, revision: int = 0
    ) -> BroadcastListing:
        """Return the listing of a broadcast; another cut or opening has another one.

        So has each ``revision``: what was cut off may be gone when a cut is undone.
        Each generation of renditions has its own: their runs need not wait for each other's.
        """
        key = (broadcast_id, generation, window, revision)
        with self._lock:
            found = self._kept.setdefault(key, BroadcastListing(window))
            self._kept.move_to_end(key)
            while len(self._kept) > self._limit:
                self._kept.popitem(last=False)
            return found

    def clear(self) -> None:
        """Forget everything; the next answer is rendered from all rows."""
        with self._lock:
            self._kept.clear()


def _runs(waiting: Iterable[StoredSegment]) -> set[int]:
    return {one.row.run_number for one in waiting}
