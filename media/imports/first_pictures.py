"""Whether a fragment can begin a segment: its first picture must need no other.

A demuxer calls a picture a keyframe that may be shown after pictures of the GOP before (an open
GOP). Players that jump there, or come from another rendition, would show garbage.
Source: ITU-T H.264, table 7-1; ISO/IEC 14496-15 (lengths before NAL units); 14496-12 (boxes).
"""

import struct
from collections.abc import Iterator
from typing import Final

from media.mp4 import HEADER_SIZE, VIDEO, Fragment, Init, Mp4Error, boxes

IDR: Final = 5
SLICES: Final = frozenset({1, 2, 5})
_TFHD_BASE, _TFHD_DESCRIPTION, _TFHD_DURATION, _TFHD_SIZE = 0x01, 0x02, 0x08, 0x10
_TRUN_OFFSET, _TRUN_FIRST_FLAGS, _TRUN_DURATION, _TRUN_SIZE = 0x01, 0x04, 0x100, 0x200


def begins_with_idr(init: Init, fragment: Fragment) -> bool:
    """Tell whether the first picture of ``fragment`` is an IDR picture of H.264.

    A fragment without a picture, the tail of a stream, spoils nothing.

    Raises:
        Mp4Error: The fragment is not as ffmpeg writes one.
    """
    track = init.track(VIDEO)
    try:
        sample = None if track is None else _first_sample(fragment.data, track.id)
        units = () if sample is None else tuple(_unit_types(sample))
    except (struct.error, KeyError, StopIteration) as error:
        message = "a fragment that is cut off"
        raise Mp4Error(message) from error
    return sample is None or next((one for one in units if one in SLICES), None) == IDR


def _first_sample(data: bytes, track_id: int) -> bytes | None:
    moof = next(box for kind, box in boxes(data) if kind == b"moof")
    for kind, traf in boxes(moof, HEADER_SIZE):
        parts = dict(boxes(traf, HEADER_SIZE)) if kind == b"traf" else {}
        if parts and b"trun" in parts and int.from_bytes(parts[b"tfhd"][12:16]) == track_id:
            start = _offset(parts[b"trun"])
            return data[start : start + _size(parts[b"tfhd"], parts[b"trun"])]
    return None


def _offset(trun: bytes) -> int:
    (offset,) = struct.unpack_from(">i", trun, 16)  # from the first byte of the moof
    return int(offset)


def _size(tfhd: bytes, trun: bytes) -> int:
    flags = int.from_bytes(trun[9:12])
    at = 16 + 4 * bool(flags & _TRUN_OFFSET) + 4 * bool(flags & _TRUN_FIRST_FLAGS)
    if flags & _TRUN_SIZE:
        at += 4 * bool(flags & _TRUN_DURATION)
        return int.from_bytes(trun[at : at + 4])
    common = int.from_bytes(tfhd[9:12])
    at = 16 + 8 * bool(common & _TFHD_BASE) + 4 * bool(common & _TFHD_DESCRIPTION)
    at += 4 * bool(common & _TFHD_DURATION)
    return int.from_bytes(tfhd[at : at + 4]) if common & _TFHD_SIZE else 0


def _unit_types(sample: bytes) -> Iterator[int]:
    at = 0
    while at + 4 < len(sample):
        yield sample[at + 4] & 0x1F
        at += 4 + int.from_bytes(sample[at : at + 4])
