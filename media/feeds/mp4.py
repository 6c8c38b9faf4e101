"""The feed of a browser's recording in fragmented MP4 (Safari).

It is read from its start only: fragments of such a recording need not begin with a keyframe, so it
is always encoded, a restarted packager reads all of it again, and its chunks stay until the ingest
is packaged. The sender may forget them sooner: the fragments say what moments they hold.
"""

import struct
from bisect import bisect_right
from collections.abc import Callable
from pathlib import Path

from media.feeds.chunks import ChunkFiles
from media.feeds.ports import Fitness, Shape
from media.journal import Position
from media.mp4 import AUDIO, VIDEO, Fragment, FragmentReader, Init, Mp4Error, Track, read_spans

CODECS = {"avc1": "avc", "avc3": "avc", "mp4a": "aac", "Opus": "opus", "hev1": "hvc1"}


class Mp4Feed:
    """Reads an ingest's chunks; see :class:`media.feeds.webm.WebmFeed` for the arguments."""

    container = "mp4"

    def __init__(self, folder: Path, *, closed: Callable[[], bool]) -> None:
        self._closed = closed
        self._files = ChunkFiles(folder)
        self._reader = FragmentReader()
        self._at: Position | None = None  # the chunk that is scanned next
        self._size = 0
        self._unread: list[tuple[int, int]] = []  # (place after it, chunk) of chunks not in _ends
        self._ends: list[tuple[int, int]] = []  # (last media of this chunk and all before, chunk)
        self._first_us: int | None = None
        self._last_us = 0
        self._place = 0  # behind the last whole fragment
        self._damaged = False
        self._next: Position | None = None

    def shape(self) -> Shape | None:
        """Return what the ``moov`` box announces."""
        while self._reader.init is None and self._scan():
            pass
        init = self._reader.init
        if init is None:
            return None
        picture, sound = init.track(VIDEO), init.track(AUDIO)
        return Shape(
            video=_codec(picture),
            width=picture.width if picture else 0,
            height=picture.height if picture else 0,
            audio=_codec(sound),
        )

    def fitness(self) -> Fitness:
        """Never fit for copying: nothing says where the keyframes are."""
        init = self._reader.init
        picture = init.track(VIDEO) if init else None
        return Fitness.LONG_GOP if _codec(picture) == "avc" else Fitness.OTHER_CODEC

    def begin(self, at_us: int, *, encode: bool) -> int:
        """Go to the start, whatever ``at_us``; an encode skips what is packaged."""
        self._next = None
        return at_us if encode else 0

    def begun_at_us(self) -> int:
        """See :class:`media.feeds.ports.Feed`."""
        return 0

    def has_more(self, after_us: int) -> bool:
        """Tell that there may be more: nothing but ffmpeg reads the times of these recordings."""
        del after_us
        return True

    def read(self) -> bytes | None:
        """Return the bytes as they came."""
        done = self._closed()
        if self._next is None:
            first = self._files.first()
            if first is None:
                return None if done else b""
            self._next = Position(first)
        data, self._next = self._files.read_some(self._next)
        while (self._at is None or self._at.part < self._next.part) and self._scan():
            pass
        return None if done and not data else data

    def packaged(self, until_us: int) -> None:
        """Keep everything: a restart begins at the start."""

    def chunk_before(self, until_us: int) -> int:
        """See :class:`media.feeds.chunks.ChunkFeed`."""
        found = bisect_right(self._ends, until_us, key=lambda end: end[0])
        return self._ends[found - 1][1] if found else -1

    def _scan(self) -> bool:
        """Read the next chunk for its times; False: there is none, or it is no MP4."""
        if self._at is None:
            first = self._files.first()
            if first is None:
                return False
            self._at = Position(first)
        part = self._at.part
        data, after = self._files.read(self._at)
        if self._damaged or after == self._at:
            return False
        self._at = after
        self._size += len(data)
        self._unread.append((self._size, part))
        try:
            for found in self._reader.feed(data):
                self._note(found)
        except (Mp4Error, struct.error, IndexError, ZeroDivisionError):
            self._damaged = True  # ffmpeg may still find its way; nothing more is known here
        return not self._damaged

    def _note(self, found: Init | Fragment) -> None:
        """Note the end of the chunks before a fragment: some samples last until the next begin."""
        init = self._reader.init
        if init is None or isinstance(found, Init):
            return
        spans = read_spans(init, found.data)
        if not spans:
            return
        if self._first_us is None:
            self._first_us = min(begin for begin, _end in spans)
        self._last_us = max(self._last_us, max(begin for begin, _end in spans) - self._first_us)
        while self._unread and self._unread[0][0] <= self._place:
            self._ends.append((self._last_us, self._unread.pop(0)[1]))
        self._last_us = max(self._last_us, max(end for _begin, end in spans) - self._first_us)
        self._place = self._size - self._reader.waiting


def _codec(track: Track | None) -> str:
    if track is None:
        return ""
    name = track.codec.partition(".")[0]
    return CODECS.get(name, name)
