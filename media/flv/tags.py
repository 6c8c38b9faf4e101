"""Tags: writing them one by one, reading them from a finished or a growing file."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from media.flv.errors import FlvError

AUDIO = 8
VIDEO = 9
SCRIPT = 18
KINDS = frozenset({AUDIO, VIDEO, SCRIPT})

HEADER_SIZE = 13  # nine bytes and the PreviousTagSize of no tag
TAG_HEADER_SIZE = 11
TRAILER_SIZE = 4  # PreviousTagSize
LARGEST_PAYLOAD = 0xFFFFFF  # the length field has 24 bits
READ_AT_ONCE = 8 * 2**20  # bytes; bounds what one call of read_tags holds


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag: ``offset`` and ``size`` (with its PreviousTagSize) are bytes."""

    kind: int
    timestamp_ms: int
    payload: bytes
    offset: int
    size: int


def header(*, video: bool = True, audio: bool = True) -> bytes:
    """Return the 13 bytes that start a file, the first PreviousTagSize included."""
    flags = (0x04 if audio else 0) | (0x01 if video else 0)
    return b"FLV\x01" + bytes([flags]) + (9).to_bytes(4, "big") + bytes(TRAILER_SIZE)


def write_tag(kind: int, timestamp_ms: int, payload: bytes) -> bytes:
    """Return one tag with its PreviousTagSize; timestamps wrap at 32 bits (after 49 days).

    Raises:
        FlvError: the kind is unknown, or the payload does not fit the 24 bits of its length.
    """
    if kind not in KINDS or len(payload) > LARGEST_PAYLOAD:
        message = f"a tag of kind {kind} with {len(payload)} bytes cannot be written"
        raise FlvError(message)
    time = timestamp_ms & 0xFFFFFFFF
    return b"".join(
        (
            bytes([kind]),
            len(payload).to_bytes(3, "big"),
            (time & 0xFFFFFF).to_bytes(3, "big"),
            bytes([time >> 24]),  # the high byte comes last
            bytes(3),  # stream id, always 0
            payload,
            (TAG_HEADER_SIZE + len(payload)).to_bytes(TRAILER_SIZE, "big"),
        )
    )


def read_tags(
    file: BinaryIO, offset: int = 0, *, at_most: int = READ_AT_ONCE
) -> tuple[list[Tag], int]:
    """Read the complete tags from ``offset`` on, of a file that may still grow.

    Args:
        file: Seekable; its position is moved.
        offset: 0 for the start of the file, else a ``next_offset`` returned before.
        at_most: Stop after this many bytes; at least one tag is read if one is complete.

    Returns:
        The tags, and where to go on. A tag that is not complete yet is left for the next call.

    Raises:
        FlvError: what stands at ``offset`` is no header or no tag.
    """
    tags: list[Tag] = []
    position = offset
    if offset == 0:
        position = _skip_header(file)
        if not position:
            return [], 0
    file.seek(position)
    end = position + at_most
    while position < end and (tag := _read_tag(file, position)) is not None:
        tags.append(tag)
        position += tag.size
    return tags, position


def iter_tags(source: bytes | BinaryIO) -> Iterator[Tag]:
    """Yield every tag of a finished file.

    Raises:
        FlvError: the data is no FLV, is damaged, or ends inside a tag.
    """
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    tags, position = read_tags(file)
    while tags:
        yield from tags
        tags, position = read_tags(file, position)
    file.seek(position)
    if position == 0 or file.read(1):
        message = f"the file ends inside the tag at byte {position}"
        raise FlvError(message)


def _skip_header(file: BinaryIO) -> int:
    """Return where the first tag starts, 0 when the header is not complete yet."""
    file.seek(0)
    start = file.read(HEADER_SIZE)
    if start[:3] != b"FLV"[: len(start[:3])]:
        message = "the file does not start as an FLV file does"
        raise FlvError(message)
    if len(start) < HEADER_SIZE:
        return 0
    return int.from_bytes(start[5:9], "big") + TRAILER_SIZE


def _read_tag(file: BinaryIO, offset: int) -> Tag | None:
    head = file.read(TAG_HEADER_SIZE)
    if len(head) < TAG_HEADER_SIZE:
        return None
    if head[0] not in KINDS:
        message = f"no tag starts at byte {offset}"
        raise FlvError(message)
    length = int.from_bytes(head[1:4], "big")
    rest = file.read(length + TRAILER_SIZE)
    if len(rest) < length + TRAILER_SIZE:
        return None
    if int.from_bytes(rest[length:], "big") != TAG_HEADER_SIZE + length:
        message = f"the tag at byte {offset} does not end where it says"
        raise FlvError(message)
    time = int.from_bytes(head[4:7], "big") | head[7] << 24
    return Tag(head[0], time, rest[:length], offset, TAG_HEADER_SIZE + length + TRAILER_SIZE)
