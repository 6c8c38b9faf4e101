"""The chunk stream, against a small encoder that shares nothing with the reader."""

import struct
from collections.abc import Iterable
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from streams.doors.rtmp.chunks import MOST_CHUNK_STREAMS, ChunkReader, Message, write_message
from streams.doors.rtmp.errors import ProtocolError

pytestmark = pytest.mark.unit

BOUND = 4096


def basic(kind: int, number: int) -> bytes:
    """Return a basic header; the number decides its length."""
    if number < 64:
        return bytes([kind << 6 | number])
    if number < 320:
        return bytes([kind << 6, number - 64])
    return bytes([kind << 6 | 1, (number - 64) % 256, (number - 64) // 256])


def chunk(kind: int, number: int, data: bytes = b"", **fields: int) -> bytes:
    """Return one chunk; ``fields`` are time, length, type and stream, where its kind has them."""
    time = fields.get("time", 0)
    header = basic(kind, number)
    if kind < 3:
        header += struct.pack(">I", min(time, 0xFFFFFF))[1:]
    if kind < 2:
        header += struct.pack(">I", fields["length"])[1:] + bytes([fields["type"]])
    if kind == 0:
        header += struct.pack("<I", fields.get("stream", 1))
    if time >= 0xFFFFFF:
        header += struct.pack(">I", time)
    return header + data


def read(pieces: Iterable[bytes]) -> list[Message]:
    reader = ChunkReader(largest_message=BOUND)
    messages = []
    for piece in pieces:
        reader.feed(piece)
        while (message := reader.next_message()) is not None:
            messages.append(message)
        assert reader.held <= 2 * BOUND + len(piece) + 18
    return messages


def times(*chunks: bytes) -> list[int]:
    return [message.timestamp for message in read(chunks)]


SOUND = {"length": 2, "type": 8}


def test_four_kinds_of_headers_lean_on_each_other() -> None:
    assert read(
        [
            chunk(0, 4, b"ab", time=1000, stream=7, **SOUND),
            chunk(1, 4, b"abc", time=20, length=3, type=9),
            chunk(2, 4, b"def", time=30),
            chunk(3, 4, b"ghi"),
        ]
    ) == [
        Message(8, 1000, 7, b"ab"),
        Message(9, 1020, 7, b"abc"),
        Message(9, 1050, 7, b"def"),
        Message(9, 1080, 7, b"ghi"),
    ]


def test_type_3_after_type_0_repeats_the_timestamp_as_delta() -> None:
    assert times(chunk(0, 4, b"ab", time=23, **SOUND), *[chunk(3, 4, b"ab")] * 3) == [
        *(23, 46, 69, 92),
    ]


def test_type_3_repeats_the_delta_of_type_1_and_2() -> None:
    assert times(
        chunk(0, 4, b"ab", time=0, **SOUND),
        chunk(1, 4, b"ab", time=23, **SOUND),
        chunk(3, 4, b"ab"),
        chunk(2, 4, b"ab", time=24),
        chunk(3, 4, b"ab"),
    ) == [0, 23, 46, 70, 94]


def test_chunks_of_two_streams_interleave() -> None:
    picture, sound = bytes(range(256)), b"s" * 130
    assert read(
        [
            chunk(0, 6, picture[:128], time=5, length=256, type=9),
            chunk(0, 4, sound[:128], time=6, length=130, type=8),
            chunk(3, 6, picture[128:]),
            chunk(3, 4, sound[128:]),
        ]
    ) == [Message(9, 5, 1, picture), Message(8, 6, 1, sound)]


def test_continuation_does_not_add_the_delta() -> None:
    assert times(
        chunk(0, 4, b"ab", time=100, **SOUND),
        chunk(1, 4, bytes(128), time=10, length=300, type=9),
        chunk(3, 4, bytes(128)),
        chunk(3, 4, bytes(44)),
        chunk(1, 4, b"ab", time=10, **SOUND),
    ) == [100, 110, 120]


def test_extended_timestamp_is_repeated_on_every_chunk() -> None:
    late = 17_000_000  # 4 h 43 min
    data = bytes(range(256)) + b"end"
    assert read(
        [
            chunk(0, 4, data[:128], time=late, length=259, type=9),
            chunk(3, 4, data[128:256], time=late),
            chunk(3, 4, data[256:], time=late),
            chunk(2, 4, data[:128], time=40),
            chunk(3, 4, data[128:256]),
            chunk(3, 4, data[256:]),
        ]
    ) == [Message(9, late, 1, data), Message(9, late + 40, 1, data)]


def test_extended_delta_is_added_again_by_type_3() -> None:
    assert times(
        chunk(0, 4, b"ab", time=1, **SOUND),
        chunk(1, 4, b"ab", time=0x1000000, **SOUND),
        chunk(3, 4, b"ab", time=0x1000000),
    ) == [1, 0x1000001, 0x2000001]


def test_timestamp_wraps_at_32_bits() -> None:
    assert times(chunk(0, 4, b"ab", time=0xFFFFFFF0, **SOUND), chunk(2, 4, b"ab", time=0x20)) == [
        0xFFFFFFF0,
        0x10,
    ]


@pytest.mark.parametrize("number", [3, 63, 64, 319, 320, 65599])
def test_chunk_stream_numbers_of_every_length(number: int) -> None:
    data = bytes(500)
    pieces = [chunk(0, number, data[:128], time=1, length=500, type=9)]
    pieces += [chunk(3, number, data[at : at + 128]) for at in range(128, 500, 128)]
    assert read(pieces) == read([b"".join(pieces)]) == [Message(9, 1, 1, data)]


def test_chunk_size_changes_between_two_chunks() -> None:
    data = bytes(range(250))
    resize = chunk(0, 2, struct.pack(">I", 50), length=4, type=1, stream=0)
    assert read(
        [
            chunk(0, 4, data[:128], time=1, length=250, type=9),
            resize,
            chunk(3, 4, data[128:178]),
            chunk(3, 4, data[178:228]),
            chunk(3, 4, data[228:]),
        ]
    ) == [Message(9, 1, 1, data)]


def test_abort_forgets_an_unfinished_message() -> None:
    abort = chunk(0, 2, struct.pack(">I", 4), length=4, type=2, stream=0)
    begun = chunk(0, 4, bytes(128), time=1, length=250, type=9)
    assert read([begun, abort, chunk(0, 4, b"ab", time=2, **SOUND)]) == [Message(8, 2, 1, b"ab")]


def test_interleaved_chunk_inside_a_run_is_found() -> None:
    data, step = bytes(range(200)) * 5, 128
    parts = [data[at : at + step] for at in range(0, len(data), step)]
    pieces = [chunk(0, 6, parts[0], time=1, length=len(data), type=9)]
    pieces += [chunk(3, 6, part) for part in parts[1:]]
    pieces.insert(4, chunk(0, 4, b"ab", time=2, **SOUND))
    assert read([b"".join(pieces)]) == [Message(8, 2, 1, b"ab"), Message(9, 1, 1, data)]


@pytest.mark.parametrize(
    ("pieces", "reason"),
    [
        ([chunk(3, 4, b"ab")], "does not start with a full header"),
        ([chunk(0, 4, time=0, length=BOUND + 1, type=9)], "too large"),
        ([chunk(0, 4, bytes(128), length=200, type=9)] * 2, "starts inside another"),
        ([chunk(0, 2, bytes(4), length=4, type=1)], "size of chunks is out of bounds"),
        ([chunk(0, 2, b"\x7f\xff\xff\xff", length=4, type=1)], "out of bounds"),
        ([chunk(0, 2, b"\x00", length=1, type=1)], "control message is cut off"),
        (
            [chunk(0, 3 + n, b"a", length=1, type=8) for n in range(MOST_CHUNK_STREAMS + 1)],
            "too many chunk streams",
        ),
        (
            [chunk(0, 2, b"\x00\x00\x0f\xa0", length=4, type=1)]
            + [chunk(0, 4 + n, bytes(4000), length=4001, type=9) for n in range(3)],
            "too many messages are unfinished",
        ),
    ],
)
def test_bound_is_kept(pieces: list[bytes], reason: str) -> None:
    with pytest.raises(ProtocolError, match=reason):
        read(pieces)


def test_bound_on_unfinished_messages_forgets_finished_ones() -> None:
    resize = chunk(0, 2, struct.pack(">I", 4000), length=4, type=1)
    messages = [chunk(0, 4, bytes(4000), length=4000, type=9)] * 5
    assert read([resize, *messages]) == [Message(9, 0, 1, bytes(4000))] * 5


def test_written_message_is_read_back() -> None:
    for size in (0, 1, 127, 128, 129, 256, 1000):
        message = Message(20, 0, 1, bytes(range(250)) * 4 if size == 1000 else bytes(size))
        assert read([write_message(message, chunk_stream=3)]) == [message]


@st.composite
def conversations(draw: st.DrawFn) -> tuple[bytes, list[Message]]:
    """Draw messages on two chunk streams, their chunks interleaved, with the leanest headers."""
    sent: list[Message] = []
    queues: dict[int, list[tuple[bytes, Message | None]]] = {}
    for number, kind in ((4, 8), (70, 9)):
        queue: list[tuple[bytes, Message | None]] = []
        lengths = st.lists(st.sampled_from([0, 1, 128, 129, 700]), min_size=1, max_size=6)
        time, last_delta, last_length = 0, -1, -1
        for index, length in enumerate(draw(lengths)):
            delta = draw(st.sampled_from([0, 23, 23, 0xFFFFFF, 0x1000000]))
            time = (time + delta) & 0xFFFFFFFF
            data = draw(st.binary(min_size=length, max_size=length))
            lean = 0 if index == 0 else 1 if length != last_length else 2 + (delta == last_delta)
            repeated = delta if delta >= 0xFFFFFF else 0
            cut = [data[at : at + 128] for at in range(0, length, 128)] or [b""]
            head = chunk(lean, number, cut[0], time=delta if lean < 3 else repeated,
                         length=length, type=kind)  # fmt: skip
            chunks = [head, *(chunk(3, number, part, time=repeated) for part in cut[1:])]
            queue += [(piece, None) for piece in chunks[:-1]]
            queue.append((chunks[-1], Message(kind, time, 1, data)))
            last_delta, last_length = delta, length
        queues[number] = queue
    wire = b""
    while any(queues.values()):
        number = draw(st.sampled_from([number for number, queue in queues.items() if queue]))
        piece, finished = queues[number].pop(0)
        wire += piece
        sent += [finished] if finished else []
    return wire, sent


@given(conversations(), st.data())
def test_any_split_of_the_input_gives_the_same_messages(
    conversation: tuple[bytes, list[Message]], data: st.DataObject
) -> None:
    wire, sent = conversation
    cuts = sorted(data.draw(st.lists(st.integers(0, len(wire)), max_size=8)))
    pieces = [wire[a:b] for a, b in zip([0, *cuts], [*cuts, len(wire)], strict=True)]
    assert read(pieces) == sent
    assert read([bytes([byte]) for byte in wire]) == sent


@given(st.lists(st.binary(max_size=300), max_size=10))
@example([bytes(5000)])
@example([b"\x03" + bytes(11)] * 50)
def test_garbage_raises_nothing_but_a_protocol_error(pieces: list[bytes]) -> None:
    with suppress(ProtocolError):
        read(pieces)
