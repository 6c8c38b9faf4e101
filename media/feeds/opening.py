"""Which feed reads the chunks of an ingest: they say themselves what they are."""

from collections.abc import Callable
from pathlib import Path

from media.feeds.chunks import ChunkFeed, ChunkFiles, begins_mp4
from media.feeds.mp4 import Mp4Feed
from media.feeds.webm import WebmFeed
from media.journal import Position

__all__ = ["ChunkFeed", "open_chunk_feed"]


def open_chunk_feed(folder: Path, *, closed: Callable[[], bool]) -> ChunkFeed:
    """Return the feed of an ingest's chunks; the first must be there.

    Only WebM drops its first chunks while the ingest goes on, so the rest is WebM.
    """
    files = ChunkFiles(folder)
    data, _after = files.read(Position(files.first() or 0))
    return Mp4Feed(folder, closed=closed) if begins_mp4(data) else WebmFeed(folder, closed=closed)
