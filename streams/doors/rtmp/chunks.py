"""The chunk stream (RTMP 1.0, 5.3): messages cut into chunks that interleave.

Three rules that are easily missed, and cost the timestamps when they are:

- A type 3 chunk that starts a message repeats the last timestamp delta. After a type 0 chunk that
  delta is the timestamp itself.
- A type 3 chunk repeats the extended timestamp when the chunk before it had one.
- The size of chunks changes between two chunks, at once.
"""

from dataclasses import dataclass

from streams.doors.rtmp.errors import ProtocolError

SET_CHUNK_SIZE = 1
ABORT = 2

FIRST_CHUNK_SIZE = 128
LARGEST_CHUNK_SIZE = 16 * 2**20
MOST_CHUNK_STREAMS = 32
EXTENDED = 0xFFFFFF
FIELD_SIZES = (11, 7, 3, 0)  # bytes of a message header by chunk type


@dataclass(frozen=True, slots=True)
class Message:
    """One whole message; ``timestamp`` is in milliseconds, modulo 2**32."""

    kind: int
    timestamp: int
    stream_id: int
    payload: bytes


class _ChunkStream:
    """What the next header on one chunk stream leans on, and its unfinished message."""

    def __init__(self) -> None:
        self.timestamp = 0
        self.delta = 0
        self.extended = False
        self.length = 0
        self.kind = 0
        self.stream_id = 0
        self.partial = bytearray()
        self.started = False

    def reset(self) -> None:
        self.partial = bytearray()
        self.started = False


class ChunkReader:
    """Puts messages together again; set chunk size and abort are obeyed here and not passed on.

    Args:
        largest_message: Bytes; no message may be larger, and all unfinished ones together may
            hold twice that. May be raised later.
    """

    def __init__(self, *, largest_message: int) -> None:
        self.largest_message = largest_message
        self._data = b""
        self._position = 0
        self._chunk_size = FIRST_CHUNK_SIZE
        self._streams: dict[int, _ChunkStream] = {}
        self._current: _ChunkStream | None = None
        self._marker = 0
        self._chunk_left = 0
        self._held = 0

    @property
    def held(self) -> int:
        """Bytes in memory: input that is not read yet and unfinished messages."""
        return self._held + len(self._data) - self._position

    def feed(self, data: bytes) -> None:
        """Add input."""
        self._data = self._data[self._position :] + data
        self._position = 0

    def next_message(self) -> Message | None:
        """Return the next whole message; None when more input is needed.

        Raises:
            ProtocolError: the input is malformed or breaks a bound.
        """
        while True:
            stream = self._current or self._read_header()
            if stream is None or not self._read_payload(stream):
                return None
            self._current = None
            if len(stream.partial) < stream.length:
                continue
            message = self._finish(stream)
            if message.kind not in {SET_CHUNK_SIZE, ABORT}:
                return message
            self._obey(message)

    def _read_header(self) -> _ChunkStream | None:
        """Read one chunk header whole, or nothing of it."""
        data, position = self._data, self._position
        if position >= len(data):
            return None
        first = data[position]
        position += 1
        number = first & 0x3F
        if number < 2:  # noqa: PLR2004 -- 0 and 1: the number follows in as many bytes more
            end = position + number + 1
            if end > len(data):
                return None
            number, position = int.from_bytes(data[position:end], "little") + 64, end
        kind = first >> 6
        stream = self._stream(number, kind)
        size = FIELD_SIZES[kind]
        fields, position = data[position : position + size], position + size
        extended = fields[:3] == b"\xff\xff\xff" if size else stream.extended
        if extended:
            position += 4
        if position > len(data):
            return None
        time = int.from_bytes(data[position - 4 : position] if extended else fields[:3], "big")
        self._streams[number] = stream
        self._position = position
        self._marker = first | 0xC0
        stream.extended = extended
        self._begin_chunk(stream, kind, fields, time)
        return stream

    def _stream(self, number: int, kind: int) -> _ChunkStream:
        stream = self._streams.get(number)
        if stream is not None:
            return stream
        if kind != 0:
            message = "a chunk stream does not start with a full header"
            raise ProtocolError(message)
        if len(self._streams) >= MOST_CHUNK_STREAMS:
            message = "there are too many chunk streams"
            raise ProtocolError(message)
        return _ChunkStream()

    def _begin_chunk(self, stream: _ChunkStream, kind: int, fields: bytes, time: int) -> None:
        if not stream.started:
            self._begin_message(stream, kind, fields, time)
        elif kind != 3:  # noqa: PLR2004 -- type 3: the message goes on
            message = "a message starts inside another of its chunk stream"
            raise ProtocolError(message)
        self._current = stream
        self._chunk_left = min(self._chunk_size, stream.length - len(stream.partial))

    def _begin_message(self, stream: _ChunkStream, kind: int, fields: bytes, time: int) -> None:
        if fields or stream.extended:
            stream.delta = time
        if kind == 0:
            stream.timestamp = time
            stream.stream_id = int.from_bytes(fields[7:11], "little")
        else:
            stream.timestamp = (stream.timestamp + stream.delta) & 0xFFFFFFFF
        if kind <= 1:
            stream.length = int.from_bytes(fields[3:6], "big")
            stream.kind = fields[6]
        if stream.length > self.largest_message:
            message = "a message is too large"
            raise ProtocolError(message)
        stream.started = True

    def _read_payload(self, stream: _ChunkStream) -> bool:
        """Move what there is of the chunk to its message; True at the end of the chunk."""
        taken = self._data[self._position : self._position + self._chunk_left]
        self._append(stream, taken)
        self._position += len(taken)
        self._chunk_left -= len(taken)
        if self._chunk_left:
            return False
        self._read_run(stream)
        return True

    def _read_run(self, stream: _ChunkStream) -> None:
        """Take the whole chunks that go on with this message at one stroke.

        ffmpeg cuts into chunks of 128 bytes: going through them one by one costs several times
        the processor time of everything else.
        """
        step = self._chunk_size + 1
        missing = stream.length - len(stream.partial)
        count = min(missing // self._chunk_size, (len(self._data) - self._position) // step)
        if count < 2 or stream.extended or self._marker & 0x3F < 2:  # noqa: PLR2004 -- not worth it, or longer headers
            return
        run = bytearray(self._data[self._position : self._position + count * step])
        if run[::step] != bytes([self._marker]) * count:
            return
        del run[::step]
        self._append(stream, run)
        self._position += count * step

    def _append(self, stream: _ChunkStream, data: bytes | bytearray) -> None:
        self._held += len(data)
        if self._held > 2 * self.largest_message:
            message = "too many messages are unfinished"
            raise ProtocolError(message)
        stream.partial += data

    def _finish(self, stream: _ChunkStream) -> Message:
        payload = bytes(stream.partial)
        self._held -= len(payload)
        stream.reset()
        return Message(stream.kind, stream.timestamp, stream.stream_id, payload)

    def _obey(self, message: Message) -> None:
        value = int.from_bytes(message.payload[:4], "big")
        if len(message.payload) < 4:  # noqa: PLR2004 -- both carry one 32-bit number
            reason = "a control message is cut off"
            raise ProtocolError(reason)
        if message.kind == ABORT:
            self._abort(value)
        elif 1 <= value <= LARGEST_CHUNK_SIZE:
            self._chunk_size = value
        else:
            reason = "the size of chunks is out of bounds"
            raise ProtocolError(reason)

    def _abort(self, number: int) -> None:
        stream = self._streams.get(number)
        if stream is not None:
            self._held -= len(stream.partial)
            stream.reset()


def write_message(message: Message, *, chunk_stream: int) -> bytes:
    """Return ``message`` in chunks of 128 bytes, the size every peer starts with.

    Args:
        message: Its timestamp must be below 2**24 - 1: answers all carry 0.
        chunk_stream: 2 to 63.
    """
    header = b"".join(
        (
            bytes([chunk_stream]),
            message.timestamp.to_bytes(3, "big"),
            len(message.payload).to_bytes(3, "big"),
            bytes([message.kind]),
            message.stream_id.to_bytes(4, "little"),
        )
    )
    size = FIRST_CHUNK_SIZE
    starts = range(0, max(len(message.payload), 1), size)
    return header + bytes([0xC0 | chunk_stream]).join(
        message.payload[start : start + size] for start in starts
    )
