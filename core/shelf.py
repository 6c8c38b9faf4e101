"""A shelf of made things: pages and lists that everybody sees alike, kept while they are current.

What is kept under a key belongs to a version of the data it was made from; with another version,
or after a few seconds, it is made again. A shelf holds nothing that belongs to one person: who puts
something there makes sure of that.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar, cast

T = TypeVar("T")

SECONDS = 5.0
"""The longest that something is shown after a change that the version does not tell."""
MOST = 64
"""How many things are kept: with the longest page of a schedule in each place, 30 MB."""


@dataclass(frozen=True, slots=True)
class _Kept:
    version: Hashable
    until: float
    thing: Any


class Shelf:
    """Things of one process by key; the one that was not asked for longest goes first."""

    def __init__(
        self, *, clock: Callable[[], float], seconds: float = SECONDS, most: int = MOST
    ) -> None:
        self.seconds = seconds
        self._clock = clock
        self._most = most
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._lock = Lock()

    def fetch(self, key: Hashable, version: Hashable, make: Callable[[], T]) -> T:
        """Return what is kept under ``key`` in this version, else make it and keep it.

        Two who ask at once may both make it; what ``make`` raises is passed on and nothing is kept.
        """
        began = self._clock()
        kept = self._take(key)
        if kept is not None and kept.version == version and began < kept.until:
            return cast("T", kept.thing)
        made = make()
        self._put(key, _Kept(version, began + self.seconds, made))
        return made

    def _take(self, key: Hashable) -> _Kept | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
            return kept

    def _put(self, key: Hashable, kept: _Kept) -> None:
        now = self._clock()
        with self._lock:
            for old in [name for name, one in self._kept.items() if one.until <= now]:
                del self._kept[old]  # an address that nobody asks for again would stay for ever
            self._kept[key] = kept
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
