"""A session by its bytes: what an encoder sends, what happens, what is answered."""

import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.doors.rtmp import amf
from streams.doors.rtmp.chunks import ChunkReader, Message, write_message
from streams.doors.rtmp.errors import ProtocolError
from streams.doors.rtmp.session import (
    LARGEST_COMMAND,
    Event,
    MediaReceived,
    PublishEnded,
    PublishRequested,
    Session,
)

pytestmark = pytest.mark.unit

GREETING = b"\x03" + bytes(range(256)) * 6 + bytes(1536)
CONNECT = ("connect", 1, {"app": "live/", "tcUrl": "rtmp://x/live"})
CREATE = ("createStream", 2, None)
PUBLISH = ("publish", 3, None, "key?a=b", "live")
ASKED = PublishRequested("live", "key?a=b")


def message(kind: int, payload: bytes, time: int = 0) -> bytes:
    return write_message(Message(kind, time, 1, payload), chunk_stream=4)


def command(*values: object) -> bytes:
    return message(20, amf.encode(*values))


def events(session: Session, data: bytes) -> list[Event]:
    session.receive(data)
    return list(iter(session.next_event, None))


def answers(session: Session) -> list[tuple[int, object]]:
    """Return what the session says: kinds, and commands or payloads."""
    reader = ChunkReader(largest_message=10_000)
    reader.feed(session.take_output())
    return [
        (answer.kind, amf.decode(answer.payload) if answer.kind == 20 else answer.payload)
        for answer in iter(reader.next_message, None)
    ]


def greeted() -> Session:
    session = Session()
    assert events(session, GREETING) == []
    session.take_output()
    return session


def publishing() -> Session:
    session = greeted()
    asked = events(session, command(*CONNECT) + command(*CREATE) + command(*PUBLISH))
    assert asked == [ASKED]
    session.accept()
    session.take_output()
    return session


def test_handshake_echoes_the_greeting() -> None:
    session = Session()
    for byte in GREETING:
        session.receive(bytes([byte]))
    said = session.take_output()
    assert (len(said), said[0], said[1:9]) == (1 + 2 * 1536, 3, bytes(8))
    assert said[1 + 1536 :] == GREETING[1 : 1 + 1536]


def test_other_version_is_refused() -> None:
    with pytest.raises(ProtocolError, match="plain RTMP"):
        Session().receive(b"\x06")


def test_encoder_is_answered_up_to_publishing() -> None:
    session = greeted()
    said = b"".join(
        command(*values)
        for values in (
            CONNECT,
            ("releaseStream", 2, None, "key"),
            ("FCPublish", 3, None, "key"),
            ("createStream", 4, None),
            ("_checkbw", 5, None),
            PUBLISH,
        )
    )
    assert events(session, said) == [ASKED]
    success = {
        "level": "status",
        "code": "NetConnection.Connect.Success",
        "description": "Connection succeeded.",
        "objectEncoding": 0.0,
    }
    assert answers(session) == [
        (5, struct.pack(">I", 2_500_000)),
        (6, struct.pack(">I", 2_500_000) + b"\x02"),
        (20, ["_result", 1.0, {"fmsVer": "FMS/3,5,7,7009", "capabilities": 31.0}, success]),
        (20, ["_result", 2.0, None, None]),
        (20, ["_result", 3.0, None, None]),
        (20, ["_result", 4.0, None, 1.0]),
    ]
    session.accept()
    assert [kind for kind, _ in answers(session)] == [4, 20]


def test_nothing_is_read_until_publishing_is_answered() -> None:
    session = greeted()
    early = message(8, b"\xaf\x01early")
    assert events(session, command(*CONNECT) + command(*PUBLISH) + early) == [ASKED]
    assert events(session, early) == []
    session.accept()
    assert events(session, b"") == [MediaReceived(8, 0, b"\xaf\x01early")] * 2


def test_refused_encoder_is_told_and_not_read() -> None:
    session = greeted()
    assert events(session, command(*CONNECT) + command(*PUBLISH)) == [ASKED]
    session.take_output()
    session.refuse("No.")
    assert events(session, message(8, b"\xaf\x01early")) == []
    information = {"level": "error", "code": "NetStream.Publish.BadName", "description": "No."}
    assert (session.closed, answers(session)) == (
        True,
        [(20, ["onStatus", 0.0, None, information])],
    )


def test_media_and_metadata_are_passed_on() -> None:
    session = publishing()
    about = amf.encode("onMetaData", {"width": 1280})
    assert events(
        session,
        b"".join(
            (
                message(18, amf.encode("@setDataFrame") + about),
                message(18, about, 1),
                message(15, b"\x00" + about, 2),
                message(18, amf.encode("onCuePoint", {})),
                message(9, b"\x17\x00", 3),
                message(8, b"\xaf\x01", 4),
                message(8, b"", 5),
            )
        ),
    ) == [
        MediaReceived(18, 0, about),
        MediaReceived(18, 1, about),
        MediaReceived(18, 2, about),
        MediaReceived(9, 3, b"\x17\x00"),
        MediaReceived(8, 4, b"\xaf\x01"),
    ]


def test_aggregate_is_split() -> None:
    def part(kind: int, time: int, payload: bytes) -> bytes:
        head = (
            bytes([kind]) + len(payload).to_bytes(3, "big") + (time & 0xFFFFFF).to_bytes(3, "big")
        )
        return head + bytes([time >> 24, 0, 0, 0]) + payload + bytes(4)

    parts = part(8, 0x1000000, b"a") + part(9, 0x1000017, b"bc") + part(8, 0x1000020, b"d")
    assert events(publishing(), message(22, parts, 5000)) == [
        MediaReceived(8, 5000, b"a"),
        MediaReceived(9, 5023, b"bc"),
        MediaReceived(8, 5032, b"d"),
    ]
    for bad in (parts[:-1], parts[:5], part(22, 0, parts)):
        with pytest.raises(ProtocolError, match="aggregate"):
            events(publishing(), message(22, bad))


@pytest.mark.parametrize("name", ["FCUnpublish", "closeStream", "deleteStream"])
def test_end_of_publishing_closes(name: str) -> None:
    session = publishing()
    late = message(8, b"\xaf\x01late")
    assert events(session, command(name, 6, None, 1) + late) == [PublishEnded()]
    assert session.closed


def test_amf3_command_is_understood() -> None:
    connect = message(17, b"\x00" + amf.encode(*CONNECT))
    assert events(greeted(), connect + message(17, b"\x00" + amf.encode(*PUBLISH))) == [ASKED]


def test_player_is_refused() -> None:
    session = greeted()
    assert events(session, command(*CONNECT) + command("play", 2, None, "key")) == []
    assert session.closed
    assert "NetStream.Play.Failed" in str(answers(session)[-1])


def test_ping_is_answered() -> None:
    session = greeted()
    events(
        session, message(4, b"\x00\x06wxyz") + message(4, b"\x00\x06w") + message(4, b"\x00\x03")
    )
    assert answers(session) == [(4, b"\x00\x07wxyz")]


def test_received_bytes_are_acknowledged_by_the_window() -> None:
    session = publishing()
    window = message(5, struct.pack(">I", 1000))
    assert events(session, window) == []
    events(session, message(8, bytes(1000)))
    (kind, total), *rest = answers(session)
    assert (kind, rest) == (3, [])
    assert int.from_bytes(total if isinstance(total, bytes) else b"", "big") > 1000
    events(session, message(8, bytes(500)))
    assert answers(session) == []


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (message(8, b"\xaf\x01"), "before publishing"),
        (command(*CREATE), "before connect"),
        (command(*PUBLISH), "before connect"),
        (command(*CONNECT) * 2, "connect came twice"),
        (command("connect", 1), "name is missing"),
        (command("connect", 1, {"app": "x" * 600}), "too long"),
        (command(*CONNECT) + command("publish", 2, None), "name is missing"),
        (message(20, b"\x02\x00\xff"), "cut off"),
        (message(20, bytes(LARGEST_COMMAND + 1)), "too large"),
    ],
)
def test_broken_protocol_is_refused(said: bytes, reason: str) -> None:
    with pytest.raises(ProtocolError, match=reason):
        events(greeted(), said)


def test_second_publish_is_refused() -> None:
    with pytest.raises(ProtocolError, match="publish came twice"):
        events(publishing(), command(*PUBLISH))


def test_broken_metadata_is_refused() -> None:
    with pytest.raises(ProtocolError, match="cut off"):
        events(publishing(), message(18, amf.encode("onMetaData") + b"\x03\x00\x05"))


def test_talking_without_publishing_is_refused() -> None:
    session = greeted()
    said = message(4, bytes(6)) * 20_000
    assert events(session, said[:100_000]) == []
    with pytest.raises(ProtocolError, match="too much"):
        events(session, said[100_000:280_000])


def test_empty_command_is_left_out() -> None:
    assert events(greeted(), message(20, b"") + message(17, b"")) == []


kinds = st.integers(0, 25)
said = st.lists(
    st.tuples(kinds, st.binary(max_size=60)).map(lambda pair: message(*pair)), max_size=6
)


@given(said, st.binary(max_size=100))
def test_garbage_raises_nothing_but_a_protocol_error(messages: list[bytes], rest: bytes) -> None:
    for session in (greeted(), publishing()):
        with suppress(ProtocolError):
            events(session, b"".join(messages) + rest)
        assert session.held < 10_000


@given(st.lists(st.integers(0, 300), max_size=6))
def test_any_split_of_a_session_gives_the_same_events(cuts: list[int]) -> None:
    wire = GREETING + command(*CONNECT) + command(*CREATE) + command(*PUBLISH)
    wire += message(9, b"\x17\x00" + bytes(300), 40) + command("deleteStream", 5, None, 1)
    session, found, position = Session(), list[Event](), 0
    for cut in [*cuts, len(wire)]:
        for event in events(session, wire[position : position + cut]):
            found.append(event)
            if isinstance(event, PublishRequested):
                session.accept()
        found += iter(session.next_event, None)
        position += cut
    assert found == [ASKED, MediaReceived(9, 40, b"\x17\x00" + bytes(300)), PublishEnded()]
