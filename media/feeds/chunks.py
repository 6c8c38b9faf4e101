"""The chunks of an ingest as they lie in its journal: one file each, numbered without gaps."""

from pathlib import Path
from typing import Protocol

from media.feeds.ports import Feed
from media.journal import Position, part_numbers, part_path
from media.webm import MAGIC

MOST_AT_ONCE = 4 * 1024 * 1024  # a feed that waited long is read in pieces
FTYP = b"ftyp"


class ChunkFeed(Feed, Protocol):
    """A feed that knows what moments its chunks hold."""

    def chunk_before(self, until_us: int) -> int:
        """Return the last chunk up to which all media is before ``until_us``; -1: unknown."""


class ChunkFiles:
    """Reads the chunks in order; a chunk is there whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def first(self) -> int | None:
        """Return the number of the first chunk that is still there."""
        return min(part_numbers(self._folder), default=None)

    def read(self, position: Position) -> tuple[bytes, Position]:
        """Return what there is of one chunk from ``position`` on, and the place after it."""
        try:
            data = part_path(self._folder, position.part).read_bytes()
        except FileNotFoundError:
            return b"", position
        return data[position.offset :], Position(position.part + 1)

    def read_some(self, position: Position) -> tuple[bytes, Position]:
        """Return some :data:`MOST_AT_ONCE` bytes of chunks, and the place after them."""
        out, size = [], 0
        while size < MOST_AT_ONCE:
            data, after = self.read(position)
            if after == position:
                break
            out.append(data)
            size += len(data)
            position = after
        return b"".join(out), position


def begins_webm(data: bytes) -> bool:
    """Tell whether these bytes begin a WebM or Matroska file.

    A recorder whose first picture comes late gives the first byte alone; nothing else is that
    short.
    """
    return data.startswith(MAGIC) or (bool(data) and MAGIC.startswith(data))


def begins_mp4(data: bytes) -> bool:
    """Tell whether these bytes begin an MP4 file."""
    return data[4:8] == FTYP


def begins_recording(data: bytes) -> bool:
    """Tell whether a chunk is the first of a recording."""
    return begins_webm(data) or begins_mp4(data)
