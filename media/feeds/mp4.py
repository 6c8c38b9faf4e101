"""The feed of a browser's recording in fragmented MP4 (Safari).

It is read from its start only: fragments of such a recording need not begin with a keyframe, so it
is always encoded, a restarted packager reads all of it again, and its chunks stay until the ingest
is packaged.
"""

from collections.abc import Callable
from pathlib import Path

from media.feeds.chunks import ChunkFiles
from media.feeds.ports import Fitness, Shape
from media.journal import Position
from media.mp4 import AUDIO, VIDEO, FragmentReader, Init, Mp4Error, Track

CODECS = {"avc1": "avc", "avc3": "avc", "mp4a": "aac", "Opus": "opus", "hev1": "hvc1"}


class Mp4Feed:
    """Reads an ingest's chunks; see :class:`media.feeds.webm.WebmFeed` for the arguments."""

    container = "mp4"

    def __init__(self, folder: Path, *, closed: Callable[[], bool]) -> None:
        self._closed = closed
        self._files = ChunkFiles(folder)
        self._reader = FragmentReader()
        self._described: Position | None = None  # up to here the description was looked for
        self._damaged = False
        self._next: Position | None = None

    def shape(self) -> Shape | None:
        """Return what the ``moov`` box announces."""
        self._look()
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
        return None if done and not data else data

    def packaged(self, until_us: int) -> None:
        """Keep everything: a restart begins at the start."""

    def chunk_before(self, until_us: int) -> int:
        """Claim nothing before the whole ingest is packaged."""
        del until_us
        return -1

    def _look(self) -> None:
        if self._described is None:
            first = self._files.first()
            if first is None:
                return
            self._described = Position(first)
        while self._reader.init is None and not self._damaged:
            data, after = self._files.read(self._described)
            if after == self._described:
                return
            self._described = after
            self._describe(data)

    def _describe(self, data: bytes) -> None:
        try:
            for found in self._reader.feed(data):
                if isinstance(found, Init):
                    return
        except Mp4Error:
            self._damaged = True


def _codec(track: Track | None) -> str:
    if track is None:
        return ""
    name = track.codec.partition(".")[0]
    return CODECS.get(name, name)
