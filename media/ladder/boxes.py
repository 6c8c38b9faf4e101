"""Samples of fragmented MP4: when the first one is shown, and sound fragments of our own.

Source: ISO/IEC 14496-12, 8.8 (movie fragments).
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from media.mp4 import (
    AUDIO,
    HEADER_SIZE,
    MICROSECONDS,
    TFHD_BASE_DATA_OFFSET,
    TFHD_DEFAULT_DURATION,
    TFHD_DESCRIPTION_INDEX,
    TRUN_DATA_OFFSET,
    TRUN_DURATION,
    TRUN_FIRST_FLAGS,
    TRUN_FLAGS,
    TRUN_OFFSET,
    TRUN_SIZE,
    VIDEO,
    Init,
    Mp4Error,
    Track,
    boxes,
)

TFHD_DEFAULT_SIZE = 0x10
DEFAULT_BASE_IS_MOOF = 0x020000
SYNC_SAMPLE = 0x02000000  # depends on nothing: every frame of sound may be begun with
AAC_SAMPLES = 1024


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample of a fragment; ``offset`` is composition minus decoding time, in ticks."""

    size: int
    offset: int


def delay_us(init: Init, data: bytes) -> int:
    """Return how long after its decoding time the first picture in ``data`` is shown.

    Times of segments are decoding times; with B-frames pictures are shown a little later.
    """
    track = init.track(VIDEO)
    if track is None:
        return 0
    samples = _samples(_traf(data, track))
    first = next(iter(samples), None)
    return first.offset * MICROSECONDS // track.timescale if first else 0


def sound_frames(init: Init, data: bytes) -> Iterator[bytes]:
    """Yield the frames of sound in one fragment (``moof`` and ``mdat``) that has sound alone."""
    track = init.track(AUDIO)
    if track is None:
        return
    parts = dict(boxes(data))
    at = HEADER_SIZE
    for sample in _samples(_traf(data, track)):
        yield parts[b"mdat"][at : at + sample.size]
        at += sample.size


def sound_fragment(frames: Sequence[bytes], *, number: int, track: Track, starts: int) -> bytes:
    """Return ``frames`` as one fragment that begins ``starts`` samples into the timeline."""
    trun_flags = TRUN_DATA_OFFSET | TRUN_SIZE
    tfhd_flags = DEFAULT_BASE_IS_MOOF | TFHD_DEFAULT_DURATION | 0x20  # default flags
    tfhd = _full(b"tfhd", 0, tfhd_flags, struct.pack(">III", track.id, AAC_SAMPLES, SYNC_SAMPLE))
    tfdt = _full(b"tfdt", 1, 0, struct.pack(">Q", starts))
    mfhd = _full(b"mfhd", 0, 0, struct.pack(">I", number))
    sizes = b"".join(struct.pack(">I", len(frame)) for frame in frames)

    def moof(data_at: int) -> bytes:
        trun = _full(b"trun", 0, trun_flags, struct.pack(">Ii", len(frames), data_at) + sizes)
        return _box(b"moof", mfhd + _box(b"traf", tfhd + tfdt + trun))

    head = moof(len(moof(0)) + HEADER_SIZE)
    return head + _box(b"mdat", b"".join(frames))


def _traf(data: bytes, track: Track) -> dict[bytes, bytes]:
    """Return the boxes of the fragment of ``track``."""
    for kind, moof in boxes(data):
        if kind != b"moof":
            continue
        for name, traf in boxes(moof, HEADER_SIZE):
            found = dict(boxes(traf, HEADER_SIZE)) if name == b"traf" else {}
            if found and int.from_bytes(found[b"tfhd"][12:16]) == track.id:
                return found
    message = "a fragment without its track"
    raise Mp4Error(message)


def _samples(traf: dict[bytes, bytes]) -> list[Sample]:
    """Return the samples of the first run of a fragment."""
    trun, default = traf.get(b"trun", b""), _default_size(traf[b"tfhd"])
    if not trun:
        return []
    flags, count = int.from_bytes(trun[9:12]), int.from_bytes(trun[12:16])
    at = 16 + (4 if flags & TRUN_DATA_OFFSET else 0) + (4 if flags & TRUN_FIRST_FLAGS else 0)
    fields = [bit for bit in (TRUN_DURATION, TRUN_SIZE, TRUN_FLAGS, TRUN_OFFSET) if flags & bit]
    stride = 4 * len(fields)
    if at + count * stride > len(trun):
        message = "a run of samples longer than its box"
        raise Mp4Error(message)
    rows = (
        dict(
            zip(fields, struct.unpack_from(f">{len(fields)}i", trun, at + n * stride), strict=True)
        )
        for n in range(count)
    )
    return [Sample(row.get(TRUN_SIZE, default), row.get(TRUN_OFFSET, 0)) for row in rows]


def _default_size(tfhd: bytes) -> int:
    flags = int.from_bytes(tfhd[9:12])
    if not flags & TFHD_DEFAULT_SIZE:
        return 0
    before = ((TFHD_BASE_DATA_OFFSET, 8), (TFHD_DESCRIPTION_INDEX, 4), (TFHD_DEFAULT_DURATION, 4))
    at = 16 + sum(size for bit, size in before if flags & bit)
    return int.from_bytes(tfhd[at : at + 4])


def _full(kind: bytes, version: int, flags: int, body: bytes) -> bytes:
    return _box(kind, bytes([version]) + flags.to_bytes(3) + body)


def _box(kind: bytes, body: bytes) -> bytes:
    return (len(body) + HEADER_SIZE).to_bytes(4) + kind + body
