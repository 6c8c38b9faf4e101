"""Reading WebM and Matroska as a browser's recorder writes it: without sizes, a piece at a time.

Source: RFC 9559. Only what a feed needs is read: the tracks, the time of every block, and whether
decoding can begin there. The tree is read flat: the elements that matter have different numbers at
every level, so that a segment or cluster of unknown size needs no end.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from media.ebml import (
    LONGEST_HEADER,
    NO_END,
    EbmlError,
    Element,
    children,
    read_element,
    read_number,
)

MAGIC: Final = b"\x1a\x45\xdf\xa3"
SEGMENT_OPEN: Final = bytes.fromhex("18538067 01ffffffffffffff")
CLUSTER_OPEN: Final = bytes.fromhex("1f43b675 01ffffffffffffff")

EBML, SEGMENT, INFO, TRACKS = 0x1A45DFA3, 0x18538067, 0x1549A966, 0x1654AE6B
CLUSTER, TIMESTAMP, SIMPLE_BLOCK = 0x1F43B675, 0xE7, 0xA3
BLOCK_GROUP, BLOCK, REFERENCE = 0xA0, 0xA1, 0xFB
TIMESTAMP_SCALE, TRACK_ENTRY = 0x2AD7B1, 0xAE
NUMBER, TYPE, CODEC, PRIVATE, DEFAULT_DURATION = 0xD7, 0x83, 0x86, 0x63A2, 0x23E383
VIDEO, WIDTH, HEIGHT = 0xE0, 0xB0, 0xBA
AUDIO, RATE, CHANNELS = 0xE1, 0xB5, 0x9F

PARENTS: Final = frozenset({SEGMENT, CLUSTER})
WHOLE: Final = frozenset({EBML, INFO, TRACKS, TIMESTAMP, BLOCK_GROUP})
MOST_WHOLE: Final = 16 * 1024 * 1024
VIDEO_TRACK, AUDIO_TRACK = 1, 2
KEYFRAME_FLAG: Final = 0x80
BLOCK_HEADER: Final = 8 + 3  # the longest track number, a time and the flags
NANOSECONDS: Final = 1_000_000_000

TOO_LARGE = "an element is larger than any honest one"
BLOCK_IN_HEADER = "a header with a block"


@dataclass(frozen=True, slots=True)
class Track:
    """One track; sizes in pixels, rates in hertz and frames per second (0: not said)."""

    number: int
    kind: int
    codec: str
    private: bytes = b""
    width: int = 0
    height: int = 0
    frame_rate: float = 0.0
    sample_rate: int = 0
    channels: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """A block: where its element begins in the stream, and when it is shown, in microseconds.

    ``cluster_ticks`` is the time of its cluster, which its bytes refer to.
    """

    offset: int
    cluster_ticks: int
    track: int
    time_us: int
    keyframe: bool


class Scanner:
    """Reads a stream piece by piece; ``position`` is the place of the next element to read."""

    def __init__(self) -> None:
        self.header = b""
        """What a stream must begin with so that any of its clusters can follow."""
        self.tracks: tuple[Track, ...] = ()
        self.position = 0
        self._buffer = bytearray()
        self._skip = 0
        self._ticks = 0
        self._scale = 1_000_000  # nanoseconds per tick; RFC 9559, 5.1.2.9

    def track(self, kind: int) -> Track | None:
        """Return the first track of ``kind``, or None."""
        return next((track for track in self.tracks if track.kind == kind), None)

    def resume(self, header: bytes, *, position: int, cluster_ticks: int) -> None:
        """Go on at the block at ``position`` of a stream whose beginning is known by its header."""
        for _block in self.feed(header):
            raise EbmlError(BLOCK_IN_HEADER)
        self.position, self._ticks, self._skip = position, cluster_ticks, 0
        self._buffer.clear()

    def feed(self, data: bytes) -> Iterator[Block]:
        """Take more bytes; yield the blocks whose beginning they complete.

        Raises:
            EbmlError: The stream is no Matroska.
        """
        self._buffer += data
        while self._discard():
            element = read_element(self._buffer)
            if element is None or len(self._buffer) < self._needed(element):
                return
            block = self._take(element)
            whole = element.header_size if element.id in PARENTS else element.total
            self.position += whole
            self._skip = whole
            if block is not None:
                yield block

    def _discard(self) -> bool:
        """Drop bytes of elements that are done; tell whether any are left."""
        gone = min(self._skip, len(self._buffer))
        del self._buffer[:gone]
        self._skip -= gone
        return bool(self._buffer)

    def _needed(self, element: Element) -> int:
        """Return how many bytes must be there to take this element."""
        if element.id in PARENTS:
            return element.header_size
        if element.id in WHOLE:
            if element.total > MOST_WHOLE:
                raise EbmlError(TOO_LARGE)
            return element.total
        if element.id == SIMPLE_BLOCK:
            return min(element.total, LONGEST_HEADER + BLOCK_HEADER)
        return element.header_size

    def _take(self, element: Element) -> Block | None:
        if element.id == SIMPLE_BLOCK:
            end = min(element.total, LONGEST_HEADER + BLOCK_HEADER)
            return self._block(bytes(self._buffer[element.header_size : end]))
        if element.id not in WHOLE:
            if element.id == SEGMENT:
                self.header += SEGMENT_OPEN
            return None
        raw = bytes(self._buffer[: element.total])
        body = raw[element.header_size :]
        if element.id == BLOCK_GROUP:
            return self._group(body)
        if element.id == TIMESTAMP:
            self._ticks = int.from_bytes(body)
        elif not self.tracks:  # a later description would contradict the blocks that came
            self._describe(element.id, raw, body)
        return None

    def _describe(self, element_id: int, raw: bytes, body: bytes) -> None:
        self.header += raw
        if element_id == INFO:
            self._scale = _number(dict(children(body)), TIMESTAMP_SCALE) or self._scale
        elif element_id == TRACKS:
            found = (read_track(one) for name, one in children(body) if name == TRACK_ENTRY)
            self.tracks = tuple(found)

    def _group(self, body: bytes) -> Block | None:
        """Read a block with its attributes: it is a keyframe when it refers to no other."""
        parts = dict(children(body))
        if BLOCK not in parts:
            return None
        return self._block(parts[BLOCK], keyframe=REFERENCE not in parts)

    def _block(self, body: bytes, *, keyframe: bool | None = None) -> Block:
        track, at = read_number(body, 0)
        if at + 3 > len(body):
            raise EbmlError(NO_END)
        (relative,) = struct.unpack_from(">h", body, at)
        marked = bool(body[at + 2] & KEYFRAME_FLAG) if keyframe is None else keyframe
        time_us = (self._ticks + relative) * self._scale // 1000
        return Block(self.position, self._ticks, track, time_us, marked)


def cluster_head(ticks: int) -> bytes:
    """Return the beginning of a cluster of unknown size at a time."""
    body = ticks.to_bytes(8)
    return CLUSTER_OPEN + bytes([TIMESTAMP, 0x80 | len(body)]) + body


def read_track(entry: bytes) -> Track:
    """Read the body of a track entry.

    Raises:
        EbmlError: It is damaged.
    """
    parts = dict(children(entry))
    picture = dict(children(parts.get(VIDEO, b"")))
    sound = dict(children(parts.get(AUDIO, b"")))
    duration = _number(parts, DEFAULT_DURATION)
    return Track(
        number=_number(parts, NUMBER),
        kind=_number(parts, TYPE),
        codec=parts.get(CODEC, b"").rstrip(b"\0").decode("ascii", "replace"),
        private=parts.get(PRIVATE, b""),
        width=_number(picture, WIDTH),
        height=_number(picture, HEIGHT),
        frame_rate=round(NANOSECONDS / duration, 3) if duration and VIDEO in parts else 0.0,
        sample_rate=round(_float(sound.get(RATE, b""))),
        channels=_number(sound, CHANNELS),
    )


def _number(parts: dict[int, bytes], name: int) -> int:
    return int.from_bytes(parts.get(name, b""))


def _float(body: bytes) -> float:
    formats = {4: ">f", 8: ">d"}
    if len(body) not in formats:
        return 0.0
    value: float = struct.unpack(formats[len(body)], body)[0]
    return value if 0 <= value < 1_000_000 else 0.0  # noqa: PLR2004 -- no sound is sampled so often
