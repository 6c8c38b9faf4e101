"""What the chunk door needs of the node behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Receipt:
    """An answer to a sender.

    ``next`` is the number of the chunk that is wanted; every chunk up to ``durable_through`` is in
    object storage for certain (-1: none), so that its sender may forget it.
    """

    next: int
    durable_through: int
    duplicate: bool = False


Keep = Callable[[int, bytes], Receipt]
"""Keeps a chunk by its number.

Raises:
    ChunkGap: Another number is wanted.
    NotARecording: A first chunk does not begin a recording.
    NodeBusy: It cannot be kept now.
"""


class ChunkDesk(Protocol):
    """Takes chunks; every method may be called from several threads."""

    def admit(self, *, livestream_id: str, key: str) -> Keep:
        """Return what keeps a sender's chunks, before a byte of them is read.

        Raises:
            NotFound: The key does not open this livestream.
            NotReceiving: The livestream takes no media in its present state.
        """

    def receipt(self, *, livestream_id: str, key: str) -> Receipt:
        """Tell where a sender stands, in any state of the livestream.

        Raises:
            NotFound: The key does not open this livestream.
        """
