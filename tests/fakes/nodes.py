"""A media node that runs beside a test, and a browser that sends chunks to it."""

import asyncio
import json
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection
from time import monotonic
from typing import Any

from core.clock import utc_now
from core.database import Sessions
from core.settings import Settings
from media.ports import ObjectStorage
from streams.node.node import Node
from streams.node.uploads import Uploader

PATIENCE = 30.0
GLANCE = 0.02


@dataclass
class RunningNode:
    """A node in a thread of its own, with both doors on free ports; ``stop`` is like SIGTERM."""

    settings: Settings
    sessions: Sessions
    storage: ObjectStorage
    silence_seconds: float = 5.0
    chunk_port: int = 0
    rtmp_port: int = 0
    _ready: threading.Event = field(default_factory=threading.Event)

    def start(self) -> "RunningNode":
        self._uploader = Uploader(
            settings=self.settings, sessions=self.sessions, clock=utc_now, storage=self.storage
        )
        self._uploader.start()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))
        self._thread.start()
        assert self._ready.wait(PATIENCE)
        return self

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._node.stop)
        self._thread.join(PATIENCE)
        self._uploader.stop()

    async def _serve(self) -> None:
        rtmp, chunks = (socket.create_server(("127.0.0.1", 0)) for _ in range(2))
        self.rtmp_port, self.chunk_port = rtmp.getsockname()[1], chunks.getsockname()[1]
        self._loop = asyncio.get_running_loop()
        self._node = Node(
            settings=self.settings,
            sessions=self.sessions,
            clock=utc_now,
            silence_seconds=self.silence_seconds,
        )
        self._ready.set()
        await self._node.serve(rtmp, chunks)


@dataclass
class Browser:
    """Sends chunks to a node, one connection each."""

    node: RunningNode
    livestream_id: str
    key: str

    def put(self, number: int, body: bytes) -> tuple[int, dict[str, Any]]:
        return self._ask("PUT", f"/{number}", body)

    def place(self) -> tuple[int, dict[str, Any]]:
        return self._ask("GET", "", None)

    def _ask(self, method: str, path: str, body: bytes | None) -> tuple[int, dict[str, Any]]:
        connection = HTTPConnection("127.0.0.1", self.node.chunk_port, timeout=PATIENCE)
        url = f"/ingest/chunks/{self.livestream_id}/{self.key}{path}"
        connection.request(method, url, body=body)
        answer = connection.getresponse()
        found: dict[str, Any] = json.loads(answer.read())
        connection.close()
        return answer.status, found


def wait_until(condition: Callable[[], object], what: str) -> None:
    """Wait for threads and processes; how long does not change what is asserted."""
    end = monotonic() + PATIENCE
    pause = threading.Event()
    while not condition():
        assert monotonic() < end, f"waited in vain for {what}"
        pause.wait(GLANCE)
