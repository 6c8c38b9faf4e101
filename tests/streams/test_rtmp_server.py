"""The door with real sockets, and a real encoder."""

import asyncio
import io
import json
import logging
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import ANY

import pytest

from media import flv
from media.binaries import ffmpeg_path, ffprobe_path
from streams.doors.rtmp import CloseReason, Connection, RtmpDoor, amf, server
from streams.doors.rtmp.chunks import Message, write_message
from streams.doors.rtmp.server import MOST_STRANGERS

pytestmark = pytest.mark.integration

KEY = "a-good-key"


@dataclass
class Recording:
    """A publication that writes an FLV file, as the journal does."""

    path: Path
    written: io.BytesIO = field(default_factory=io.BytesIO)
    tags: int = 0
    reasons: list[CloseReason] = field(default_factory=list)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    first: asyncio.Event = field(default_factory=asyncio.Event)

    async def media(self, tag_kind: int, timestamp_ms: int, payload: bytes) -> None:
        self.written.write(flv.write_tag(tag_kind, timestamp_ms, payload))
        self.tags += 1
        self.first.set()

    async def closed(self, reason: CloseReason) -> None:
        self.path.write_bytes(flv.header() + self.written.getvalue())
        self.reasons.append(reason)
        self.ended.set()


class Desk:
    """Answers keys: only KEY is good, and each encoder replaces the one before."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[str] = []
        self.recordings: list[Recording] = []
        self.arrivals: asyncio.Queue[Recording] = asyncio.Queue()
        self.connection: Connection | None = None
        self.told_before_replacing: list[list[CloseReason]] = []
        self.clients: list[asyncio.StreamWriter] = []

    async def authorise(self, key: str, connection: Connection) -> Recording | None:
        self.asked.append(key)
        if key != KEY:
            return None
        if self.connection is not None:
            await self.connection.close()
            self.told_before_replacing.append(list(self.recordings[-1].reasons))
        self.connection = connection
        recording = Recording(self.folder / f"{len(self.recordings)}.flv")
        self.recordings.append(recording)
        self.arrivals.put_nowait(recording)
        return recording


def run(
    folder: Path,
    act: Callable[[Desk, int], Awaitable[None]],
    *,
    handshake_timeout: float = 10.0,
    idle_timeout: float = 10.0,
) -> Desk:
    """Open a door on a free port, act, close it."""

    async def main() -> Desk:
        desk = Desk(folder)
        door = RtmpDoor(
            authorise=desk.authorise,
            handshake_timeout=handshake_timeout,
            idle_timeout=idle_timeout,
        )
        sock = socket.create_server(("127.0.0.1", 0))
        port = sock.getsockname()[1]
        await door.start(sock)
        async with asyncio.timeout(60):
            await act(desk, port)
            await door.close()
        for client in desk.clients:
            client.close()
        return desk

    return asyncio.run(main())


async def ffmpeg(*arguments: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *(str(ffmpeg_path()), "-hide_banner", "-nostdin", "-y", *arguments),
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await process.communicate()
    return process.returncode or 0, said.decode()


SOURCE = (
    *("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30"),
    *("-f", "lavfi", "-i", "sine=sample_rate=44100", "-t", "3"),
    *("-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "30"),
    *("-c:a", "pcm_s16le", "-ar", "44100", "-f", "flv"),
)
"""Raw sound makes tags of one size, so that the encoder leaves their headers out."""


async def packets(path: Path) -> list[tuple[str, int, int, int]]:
    """Return (kind, presentation ms, decoding ms, bytes) of every packet of a file."""
    process = await asyncio.create_subprocess_exec(
        *(str(ffprobe_path()), "-v", "error", "-show_packets", "-of", "json", str(path)),
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate()
    return [
        (packet["codec_type"], packet["pts"], packet["dts"], int(packet["size"]))
        for packet in json.loads(told)["packets"]
    ]


@pytest.mark.parametrize("sound", ["pcm_s16le", "aac"])
def test_encoder_push_keeps_every_packet_and_time(tmp_path: Path, sound: str) -> None:
    source = tmp_path / "source.flv"

    async def act(desk: Desk, port: int) -> None:
        await ffmpeg(*[sound if word == "pcm_s16le" else word for word in SOURCE], str(source))
        url = f"rtmp://127.0.0.1:{port}/live/{KEY}?vhost=x"
        assert await ffmpeg("-i", str(source), "-c", "copy", "-f", "flv", url) == (0, ANY)
        await desk.recordings[0].ended.wait()
        assert await packets(desk.recordings[0].path) == await packets(source)

    desk = run(tmp_path, act)
    assert desk.asked == [KEY]
    assert desk.recordings[0].reasons == [CloseReason.ENDED]
    tags = flv.iter_tags(desk.recordings[0].path.read_bytes())
    assert {tag.kind for tag in tags} == {flv.AUDIO, flv.VIDEO, flv.SCRIPT}


def test_encoder_with_wrong_key_is_refused_before_media(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def act(_desk: Desk, port: int) -> None:
        code, said = await ffmpeg(*SOURCE, f"rtmp://127.0.0.1:{port}/live/a-wrong-key")
        assert code != 0
        assert "This stream key is not valid now." in said

    with caplog.at_level(logging.DEBUG):
        desk = run(tmp_path, act)
    assert (desk.asked, desk.recordings) == (["a-wrong-key"], [])
    assert "a-wrong-key" not in caplog.text
    assert "no valid stream key" in caplog.text


async def connect(desk: Desk, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect; the connection is closed after the test."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    desk.clients.append(writer)
    return reader, writer


async def hello(desk: Desk, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect and shake hands."""
    reader, writer = await connect(desk, port)
    writer.write(b"\x03" + bytes(1536))
    await reader.readexactly(1 + 2 * 1536)
    writer.write(bytes(1536))
    return reader, writer


async def publish(desk: Desk, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Ask to publish, and send one tag of sound."""
    reader, writer = await hello(desk, port)
    for values in (("connect", 1, {"app": "live"}), ("publish", 2, None, KEY, "live")):
        writer.write(write_message(Message(20, 0, 1, amf.encode(*values)), chunk_stream=3))
    writer.write(write_message(Message(8, 0, 1, b"\xaf\x01sound"), chunk_stream=4))
    return reader, writer


async def read_to_end(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read()
    except ConnectionResetError:
        return b""


def test_silent_client_is_dropped_in_the_handshake(tmp_path: Path) -> None:
    async def act(desk: Desk, port: int) -> None:
        reader, writer = await connect(desk, port)
        writer.write(b"\x03half of a greeting")
        assert await read_to_end(reader) == b""

    assert run(tmp_path, act, handshake_timeout=0.05).asked == []


def test_client_that_never_publishes_is_dropped(tmp_path: Path) -> None:
    async def act(desk: Desk, port: int) -> None:
        reader, _ = await hello(desk, port)
        assert await read_to_end(reader) == b""

    assert run(tmp_path, act, handshake_timeout=0.1).asked == []


def test_idle_encoder_is_dropped(tmp_path: Path) -> None:
    async def act(desk: Desk, port: int) -> None:
        await publish(desk, port)
        await (await desk.arrivals.get()).ended.wait()

    assert reasons(run(tmp_path, act, idle_timeout=0.1)) == [[CloseReason.IDLE]]


def test_lost_connection_ends_the_publication(tmp_path: Path) -> None:
    async def act(desk: Desk, port: int) -> None:
        _, writer = await publish(desk, port)
        await (await desk.arrivals.get()).first.wait()
        writer.write(b"\x04half a header")
        writer.transport.abort()
        await desk.recordings[0].ended.wait()

    desk = run(tmp_path, act)
    assert reasons(desk) == [[CloseReason.LOST]]
    assert [tag.payload for tag in flv.iter_tags(desk.recordings[0].path.read_bytes())] == [
        b"\xaf\x01sound"
    ]


def test_malformed_media_ends_the_publication(tmp_path: Path) -> None:
    async def act(desk: Desk, port: int) -> None:
        _, writer = await publish(desk, port)
        await (await desk.arrivals.get()).first.wait()
        writer.write(b"\x55" * 100)  # a chunk stream that was never begun
        await desk.recordings[0].ended.wait()

    assert reasons(run(tmp_path, act)) == [[CloseReason.MALFORMED]]


def test_second_encoder_replaces_the_first(tmp_path: Path) -> None:
    async def act(desk: Desk, port: int) -> None:
        first, _ = await publish(desk, port)
        await (await desk.arrivals.get()).first.wait()
        await publish(desk, port)
        await read_to_end(first)
        await (await desk.arrivals.get()).first.wait()

    desk = run(tmp_path, act)
    assert desk.told_before_replacing == [[CloseReason.REPLACED]]
    assert reasons(desk)[0] == [CloseReason.REPLACED]
    assert [recording.tags for recording in desk.recordings] == [1, 1]


def test_closing_the_door_ends_publications(tmp_path: Path) -> None:
    async def act(desk: Desk, port: int) -> None:
        await publish(desk, port)
        await (await desk.arrivals.get()).first.wait()

    assert reasons(run(tmp_path, act)) == [[CloseReason.STOPPED]]


def test_silent_strangers_do_not_shut_an_encoder_out(tmp_path: Path) -> None:
    async def act(desk: Desk, port: int) -> None:
        strangers = [await hello(desk, port) for _ in range(MOST_STRANGERS)]
        await publish(desk, port)
        await (await desk.arrivals.get()).first.wait()
        assert await read_to_end(strangers[0][0]) == b""  # the oldest made room

    assert run(tmp_path, act).asked == [KEY]


def test_connection_beyond_the_limit_is_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "MOST_CONNECTIONS", 1)

    async def act(desk: Desk, port: int) -> None:
        await publish(desk, port)
        await (await desk.arrivals.get()).first.wait()
        reader, _ = await connect(desk, port)
        assert await read_to_end(reader) == b""

    assert run(tmp_path, act).asked == [KEY]


def test_storage_failure_ends_the_publication(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Recording, "media", full)

    async def act(desk: Desk, port: int) -> None:
        reader, _ = await publish(desk, port)
        await read_to_end(reader)
        await (await desk.arrivals.get()).ended.wait()

    assert reasons(run(tmp_path, act)) == [[CloseReason.FAILED]]


def reasons(desk: Desk) -> list[list[CloseReason]]:
    return [recording.reasons for recording in desk.recordings]
