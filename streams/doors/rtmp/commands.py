"""Messages of RTMP by kind, and the answers a receiver gives (RTMP 1.0, 5.4, 6.2 and 7)."""

from streams.doors.rtmp import amf
from streams.doors.rtmp.chunks import Message, write_message

ACKNOWLEDGEMENT = 3
USER_CONTROL = 4
WINDOW_SIZE = 5
PEER_BANDWIDTH = 6
AUDIO = 8
VIDEO = 9
AMF3_DATA = 15
AMF3_COMMAND = 17
DATA = 18
COMMAND = 20
AGGREGATE = 22

STREAM_BEGIN = 0  # user control events
PING_REQUEST = 6
PING_RESPONSE = 7

STREAM_ID = 1  # the one message stream of a connection
WINDOW = 2_500_000  # bytes between two acknowledgements

CONTROL_CHUNKS = 2  # chunk stream ids, by custom
COMMAND_CHUNKS = 3
STATUS_CHUNKS = 5


def acknowledgement(received: int) -> bytes:
    """Return the acknowledgement of ``received`` bytes, modulo 2**32."""
    return _control(ACKNOWLEDGEMENT, (received & 0xFFFFFFFF).to_bytes(4, "big"))


def ping_response(stamp: bytes) -> bytes:
    """Return the answer to a ping with its four bytes."""
    return _control(USER_CONTROL, PING_RESPONSE.to_bytes(2, "big") + stamp)


def connected(transaction: float) -> bytes:
    """Return what answers a connect: window, bandwidth and success."""
    window = WINDOW.to_bytes(4, "big")
    return b"".join(
        (
            _control(WINDOW_SIZE, window),
            _control(PEER_BANDWIDTH, window + b"\x02"),  # a dynamic limit
            result(
                transaction,
                {"fmsVer": "FMS/3,5,7,7009", "capabilities": 31},
                {
                    "level": "status",
                    "code": "NetConnection.Connect.Success",
                    "description": "Connection succeeded.",
                    "objectEncoding": 0,
                },
            ),
        )
    )


def result(transaction: float, *values: object) -> bytes:
    """Return ``_result`` for a transaction."""
    return _command(0, COMMAND_CHUNKS, "_result", transaction, *values)


def publishing() -> bytes:
    """Return what tells an encoder to send."""
    begin = STREAM_BEGIN.to_bytes(2, "big") + STREAM_ID.to_bytes(4, "big")
    started = _status("status", "NetStream.Publish.Start", "Publishing.")
    return _control(USER_CONTROL, begin) + started


def publish_refused(description: str) -> bytes:
    """Return what tells an encoder that its key is not taken."""
    return _status("error", "NetStream.Publish.BadName", description)


def unpublished() -> bytes:
    """Return what confirms the end of a publication."""
    return _status("status", "NetStream.Unpublish.Success", "Stopped.")


def play_refused() -> bytes:
    """Return what tells a player that nothing is played here."""
    return _status("error", "NetStream.Play.Failed", "This server only receives.")


def _status(level: str, code: str, description: str) -> bytes:
    information = {"level": level, "code": code, "description": description}
    return _command(STREAM_ID, STATUS_CHUNKS, "onStatus", 0, None, information)


def _command(stream_id: int, chunk_stream: int, *values: object) -> bytes:
    message = Message(COMMAND, 0, stream_id, amf.encode(*values))
    return write_message(message, chunk_stream=chunk_stream)


def _control(kind: int, payload: bytes) -> bytes:
    return write_message(Message(kind, 0, 0, payload), chunk_stream=CONTROL_CHUNKS)
