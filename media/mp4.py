"""Reading fragmented MP4 as ffmpeg writes it to a pipe: one init segment, then fragments.

Source: ISO/IEC 14496-12 (boxes), RFC 6381 (codec strings). Only what a packager needs is read:
track timescales, decode times, durations, the size of the picture and the codec strings.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

MAX_BOX = 64 * 1024 * 1024  # a one-second fragment of the best feed is a tenth of this
HEADER_SIZE = 8
MICROSECONDS = 1_000_000
KEPT = frozenset({b"ftyp", b"moov", b"moof", b"mdat"})

VIDEO = b"vide"
AUDIO = b"soun"

TFHD_BASE_DATA_OFFSET = 0x01
TFHD_DESCRIPTION_INDEX = 0x02
TFHD_DEFAULT_DURATION = 0x08
TRUN_DATA_OFFSET = 0x01
TRUN_FIRST_FLAGS = 0x04
TRUN_DURATION = 0x100
TRUN_SIZE = 0x200
TRUN_FLAGS = 0x400
TRUN_OFFSET = 0x800


class Mp4Error(ValueError):
    """The bytes are not the fragmented MP4 that was expected."""


@dataclass(frozen=True, slots=True)
class Track:
    """One track of an init segment; ``width`` and ``height`` are 0 for sound."""

    id: int
    kind: bytes
    timescale: int
    codec: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Init:
    """An init segment (``ftyp`` and ``moov``) and the tracks it announces."""

    data: bytes
    tracks: tuple[Track, ...]

    def track(self, kind: bytes) -> Track | None:
        """Return the first track of ``kind``, or None."""
        return next((track for track in self.tracks if track.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Fragment:
    """One ``moof`` and its ``mdat``; times in microseconds on the timeline of the leading track."""

    data: bytes
    starts_us: int
    duration_us: int
    frames: int = 0


class FragmentReader:
    """Turns a stream of bytes into one :class:`Init` and then :class:`Fragment` objects."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._head = b""  # ftyp, then moof: the box that waits for its partner
        self.init: Init | None = None

    @property
    def waiting(self) -> int:
        """How many of the bytes that were fed belong to a box that is not whole yet."""
        return len(self._buffer)

    def feed(self, data: bytes) -> Iterator[Init | Fragment]:
        """Take more bytes; yield what they complete.

        Raises:
            Mp4Error: The stream is not fragmented MP4.
        """
        self._buffer += data
        while (box := self._next_box()) is not None:
            kind = bytes(box[4:8])
            if kind not in KEPT:
                continue  # styp, sidx, free, mfra: nothing a player of HLS needs
            try:
                found = self._take(kind, box)
            except (struct.error, IndexError, ZeroDivisionError) as error:
                message = f"a {kind.decode('ascii', 'replace')} box that is cut off"
                raise Mp4Error(message) from error
            if found is not None:
                yield found

    def _next_box(self) -> bytes | None:
        if len(self._buffer) < HEADER_SIZE:
            return None
        size = int.from_bytes(self._buffer[:4])
        if not HEADER_SIZE <= size <= MAX_BOX:
            message = f"a box of {size} bytes"
            raise Mp4Error(message)
        if len(self._buffer) < size:
            return None
        box = bytes(self._buffer[:size])
        del self._buffer[:size]
        return box

    def _take(self, kind: bytes, box: bytes) -> Init | Fragment | None:
        if kind in {b"ftyp", b"moof"}:
            self._head = box
            return None
        if kind == b"moov":
            self.init = Init(self._head + box, tuple(read_tracks(box)))
            return self.init
        if self.init is None or self._head[4:8] != b"moof":
            message = "media data before its description"
            raise Mp4Error(message)
        return read_fragment(self.init, self._head, box)


def read_tracks(moov: bytes) -> Iterator[Track]:
    """Yield the tracks that a ``moov`` box announces."""
    for kind, trak in boxes(moov, HEADER_SIZE):
        if kind == b"trak":
            yield _read_track(trak)


def read_fragment(init: Init, moof: bytes, mdat: bytes) -> Fragment:
    """Read the times of a fragment from its leading track: the picture if there is one."""
    lead = init.track(VIDEO) or init.track(AUDIO)
    if lead is None:
        message = "a stream without picture and sound"
        raise Mp4Error(message)
    for kind, traf in boxes(moof, HEADER_SIZE):
        if kind == b"traf":
            track_id, starts, duration, frames = _read_traf(traf)
            if track_id == lead.id:
                return Fragment(moof + mdat, _us(starts, lead), _us(duration, lead), frames)
    return Fragment(moof + mdat, 0, 0)  # only the other track has data: the tail of a stream


def read_spans(init: Init, moof: bytes) -> list[tuple[int, int]]:
    """Return where each track of a fragment begins and ends, in microseconds of its own time.

    Without durations of its samples a track ends where it begins.
    """
    size, tracks = int.from_bytes(moof[:4]), {track.id: track for track in init.tracks}
    found = []
    for kind, traf in boxes(moof[:size], HEADER_SIZE):
        if kind == b"traf":
            track_id, starts, duration, _frames = _read_traf(traf)
            if track := tracks.get(track_id):
                found.append((_us(starts, track), _us(starts + duration, track)))
    return found


def boxes(data: bytes, offset: int = 0) -> Iterator[tuple[bytes, bytes]]:
    """Yield (type, whole box) for the boxes in ``data`` from ``offset`` on."""
    while offset + HEADER_SIZE <= len(data):
        size = int.from_bytes(data[offset : offset + 4])
        if size < HEADER_SIZE or offset + size > len(data):
            message = "a box longer than its parent"
            raise Mp4Error(message)
        yield data[offset + 4 : offset + 8], data[offset : offset + size]
        offset += size


def _us(ticks: int, track: Track) -> int:
    return ticks * MICROSECONDS // track.timescale


def _child(data: bytes, *path: bytes) -> bytes:
    for name in path:
        found = next((box for kind, box in boxes(data, HEADER_SIZE) if kind == name), None)
        if found is None:
            message = f"no {name.decode()} box"
            raise Mp4Error(message)
        data = found
    return data


def _read_track(trak: bytes) -> Track:
    tkhd, mdhd = _child(trak, b"tkhd"), _child(trak, b"mdia", b"mdhd")
    wide = tkhd[8] == 1
    (track_id,) = struct.unpack_from(">I", tkhd, 28 if wide else 20)
    (timescale,) = struct.unpack_from(">I", mdhd, 28 if mdhd[8] == 1 else 20)
    kind = _child(trak, b"mdia", b"hdlr")[16:20]
    stsd = _child(trak, b"mdia", b"minf", b"stbl", b"stsd")
    entry = stsd[16:]
    width, height = struct.unpack_from(">HH", entry, 32) if kind == VIDEO else (0, 0)
    return Track(track_id, kind, timescale, _codec(entry), width, height)


def _codec(entry: bytes) -> str:
    """Return the RFC 6381 string of a sample entry: AVC has a profile and level, AAC a type."""
    name = entry[4:8].decode("ascii", "replace")
    at = entry.find(b"avcC")
    if at >= 0:
        return f"{name}.{entry[at + 5 : at + 8].hex()}"
    if name == "mp4a":
        return f"mp4a.40.{_aac_object_type(entry)}"
    return name


def _aac_object_type(entry: bytes) -> int:
    at = entry.find(b"esds")
    tag = entry.find(b"\x05\x80\x80\x80", at)  # DecoderSpecificInfo with ffmpeg's padded length
    return entry[tag + 5] >> 3 if at >= 0 and tag >= 0 else 2


def _read_traf(traf: bytes) -> tuple[int, int, int, int]:
    """Return (track id, base decode time, duration, samples); times in ticks of the track."""
    tfhd = _child(traf, b"tfhd")
    tfdt = _child(traf, b"tfdt")
    (track_id,) = struct.unpack_from(">I", tfhd, 12)
    starts = int.from_bytes(tfdt[12:20] if tfdt[8] == 1 else tfdt[12:16])
    default = _default_duration(tfhd)
    runs = [box for kind, box in boxes(traf, HEADER_SIZE) if kind == b"trun"]
    duration = sum(_run_duration(run, default) for run in runs)
    return track_id, starts, duration, sum(int.from_bytes(run[12:16]) for run in runs)


def _default_duration(tfhd: bytes) -> int:
    flags = int.from_bytes(tfhd[9:12])
    if not flags & TFHD_DEFAULT_DURATION:
        return 0
    at = (
        16
        + (8 if flags & TFHD_BASE_DATA_OFFSET else 0)
        + (4 if flags & TFHD_DESCRIPTION_INDEX else 0)
    )
    return int.from_bytes(tfhd[at : at + 4])


def _run_duration(trun: bytes, default: int) -> int:
    flags, count = int.from_bytes(trun[9:12]), int.from_bytes(trun[12:16])
    if not flags & TRUN_DURATION:
        return default * count
    at = 16 + (4 if flags & TRUN_DATA_OFFSET else 0) + (4 if flags & TRUN_FIRST_FLAGS else 0)
    stride = 4 * (1 + sum(1 for bit in (TRUN_SIZE, TRUN_FLAGS, TRUN_OFFSET) if flags & bit))
    if at + count * stride > len(trun):
        message = "a run of samples longer than its box"
        raise Mp4Error(message)
    return sum(int.from_bytes(trun[i : i + 4]) for i in range(at, at + count * stride, stride))
