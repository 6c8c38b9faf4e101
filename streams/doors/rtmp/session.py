"""One connection without its socket: bytes in, events and bytes out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias

from streams.doors.rtmp import amf, commands
from streams.doors.rtmp.chunks import ChunkReader, Message
from streams.doors.rtmp.errors import ProtocolError
from streams.doors.rtmp.handshake import Handshake

LARGEST_COMMAND = 64 * 2**10  # of a message before publishing is allowed
MOST_BEFORE_PUBLISHING = 256 * 2**10  # bytes, of all: a stranger cannot keep the node busy
LARGEST_MESSAGE = 8 * 2**20  # of a message after
LONGEST_NAME = 512
SET_DATA_FRAME = amf.encode("@setDataFrame")
METADATA = amf.encode("onMetaData")


@dataclass(frozen=True, slots=True)
class PublishRequested:
    """The encoder asks to send; nothing more is read until ``accept`` or ``refuse``.

    ``stream_name`` holds the key, perhaps with a ``?query``: it must not be logged.
    """

    app: str
    stream_name: str


@dataclass(frozen=True, slots=True)
class MediaReceived:
    """One FLV tag: audio (8), video (9) or metadata (18)."""

    kind: int
    timestamp_ms: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class PublishEnded:
    """The encoder says that it is done."""


Event: TypeAlias = PublishRequested | MediaReceived | PublishEnded


class _State(Enum):
    HANDSHAKE = auto()
    NEW = auto()
    CONNECTED = auto()
    ASKING = auto()  # publish waits for its answer
    PUBLISHING = auto()
    CLOSED = auto()


class Session:
    """Feed it with ``receive``, then take events until there are none, then send the output."""

    def __init__(self) -> None:
        self._state = _State.HANDSHAKE
        self._handshake = Handshake()
        self._chunks = ChunkReader(largest_message=LARGEST_COMMAND)
        self._output = bytearray()
        self._parts: Iterator[Message] = iter(())
        self._app = ""
        self._received = 0
        self._acknowledged = 0
        self._window = commands.WINDOW
        self._answers: dict[str, Callable[[float, list[amf.Value]], Event | None]] = {
            "connect": self._connect,
            "createStream": self._create_stream,
            "releaseStream": self._confirm,
            "FCPublish": self._confirm,
            "publish": self._publish,
            "FCUnpublish": self._unpublish,
            "closeStream": self._unpublish,
            "deleteStream": self._unpublish,
            "play": self._refuse_play,
            "play2": self._refuse_play,
        }

    @property
    def closed(self) -> bool:
        """Whether nothing more is read; what is left to send should still be sent."""
        return self._state is _State.CLOSED

    @property
    def held(self) -> int:
        """Bytes of input in memory."""
        return self._chunks.held

    def receive(self, data: bytes) -> None:
        """Take input.

        Raises:
            ProtocolError: the peer does not speak plain RTMP, or talks instead of publishing.
        """
        reply, data = self._handshake.feed(data)
        self._output += reply
        self._chunks.feed(data)
        if self._state is _State.HANDSHAKE and self._handshake.done:
            self._state = _State.NEW
        self._count(len(data))

    def take_output(self) -> bytes:
        """Return what has to be sent, once."""
        output = bytes(self._output)
        self._output.clear()
        return output

    def next_event(self) -> Event | None:
        """Return what happened next; None when more input or an answer is needed.

        Raises:
            ProtocolError: the peer broke the protocol or a bound; the connection cannot go on.
        """
        while self._state not in {_State.HANDSHAKE, _State.ASKING, _State.CLOSED}:
            message = next(self._parts, None) or self._chunks.next_message()
            if message is None:
                return None
            event = self._handle(message)
            if event is not None:
                return event
        return None

    def accept(self) -> None:
        """Let the encoder send."""
        self._chunks.largest_message = LARGEST_MESSAGE
        self._output += commands.publishing()
        self._state = _State.PUBLISHING

    def refuse(self, description: str) -> None:
        """Tell the encoder that it may not send; nothing is read any more."""
        self._output += commands.publish_refused(description)
        self._state = _State.CLOSED

    def _count(self, count: int) -> None:
        self._received += count
        if self._state is not _State.PUBLISHING and self._received > MOST_BEFORE_PUBLISHING:
            message = "too much came before publishing was allowed"
            raise ProtocolError(message)
        if self._received - self._acknowledged >= self._window:
            self._acknowledged = self._received
            self._output += commands.acknowledgement(self._received)

    def _handle(self, message: Message) -> Event | None:
        match message.kind:
            case commands.AUDIO | commands.VIDEO:
                return self._take_media(message.kind, message.timestamp, message.payload)
            case commands.DATA:
                return self._take_data(message.timestamp, message.payload)
            case commands.AMF3_DATA:
                return self._take_data(message.timestamp, message.payload[1:])
            case commands.COMMAND:
                return self._command(message.payload)
            case commands.AMF3_COMMAND:
                return self._command(message.payload[1:])
            case _:
                self._obey(message)
                return None

    def _obey(self, message: Message) -> None:
        """Follow a message that is about the transport; unknown kinds are left out."""
        match message.kind:
            case commands.AGGREGATE:
                self._parts = _split(message)
            case commands.USER_CONTROL:
                self._control(message.payload)
            case commands.WINDOW_SIZE:
                self._window = int.from_bytes(message.payload[:4], "big") or commands.WINDOW

    def _take_media(self, kind: int, timestamp: int, payload: bytes) -> Event | None:
        if self._state is not _State.PUBLISHING:
            message = "media came before publishing was allowed"
            raise ProtocolError(message)
        return MediaReceived(kind, timestamp, payload) if payload else None

    def _take_data(self, timestamp: int, payload: bytes) -> Event | None:
        """Take metadata as a file holds it; other data (cue points, captions) is left out."""
        tag = payload.removeprefix(SET_DATA_FRAME)
        if not tag.startswith(METADATA):
            return None
        amf.decode(tag)  # refuse what a reader of the journal would trip over
        return self._take_media(commands.DATA, timestamp, tag)

    def _control(self, payload: bytes) -> None:
        event, stamp = int.from_bytes(payload[:2], "big"), payload[2:6]
        if event == commands.PING_REQUEST and len(stamp) == 4:  # noqa: PLR2004 -- 32 bits
            self._output += commands.ping_response(stamp)

    def _command(self, payload: bytes) -> Event | None:
        values: list[amf.Value] = [*amf.decode(payload), None, None]
        name, transaction, *rest = values
        answer = self._answers.get(name) if isinstance(name, str) else None
        if answer is None:
            return None
        if self._state is _State.NEW and name != "connect":
            message = "a command came before connect"
            raise ProtocolError(message)
        return answer(transaction if isinstance(transaction, float) else 0.0, rest)

    def _connect(self, transaction: float, rest: list[amf.Value]) -> Event | None:
        if self._state is not _State.NEW:
            message = "connect came twice"
            raise ProtocolError(message)
        about = rest[0] if rest else None
        self._app = _name(about.get("app") if isinstance(about, dict) else None).strip("/")
        self._output += commands.connected(transaction)
        self._state = _State.CONNECTED
        return None

    def _create_stream(self, transaction: float, _rest: list[amf.Value]) -> Event | None:
        self._output += commands.result(transaction, None, commands.STREAM_ID)
        return None

    def _confirm(self, transaction: float, _rest: list[amf.Value]) -> Event | None:
        self._output += commands.result(transaction, None, None)
        return None

    def _publish(self, _transaction: float, rest: list[amf.Value]) -> Event | None:
        if self._state is not _State.CONNECTED:
            message = "publish came twice"
            raise ProtocolError(message)
        self._state = _State.ASKING
        return PublishRequested(self._app, _name(rest[1] if len(rest) > 1 else None))

    def _unpublish(self, _transaction: float, _rest: list[amf.Value]) -> Event | None:
        if self._state is not _State.PUBLISHING:
            return None
        self._output += commands.unpublished()
        self._state = _State.CLOSED
        return PublishEnded()

    def _refuse_play(self, _transaction: float, _rest: list[amf.Value]) -> Event | None:
        self._output += commands.play_refused()
        self._state = _State.CLOSED
        return None


def _name(value: amf.Value) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_NAME:
        message = "a name is missing or too long"
        raise ProtocolError(message)
    return value


def _split(aggregate: Message) -> Iterator[Message]:
    """Yield the messages in an aggregate; their times count from its own (RTMP 1.0, 7.1.6)."""
    data, position, first = aggregate.payload, 0, None
    while position < len(data):
        head = data[position : position + 11]
        end = position + 11 + int.from_bytes(head[1:4], "big")
        kind = head[0]
        if end + 4 > len(data) or kind == commands.AGGREGATE:
            message = "an aggregate is cut off or holds another"
            raise ProtocolError(message)
        time = int.from_bytes(head[4:7], "big") | head[7] << 24
        first = time if first is None else first
        shifted = (aggregate.timestamp + time - first) & 0xFFFFFFFF
        yield Message(kind, shifted, aggregate.stream_id, data[position + 11 : end])
        position = end + 4
