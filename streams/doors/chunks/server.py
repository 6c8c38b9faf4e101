"""The threads that serve the chunk door, beside the event loop of the node."""

import logging
import socket
import threading
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from streams.doors.chunks.app import MOST_BYTES

THREADS = 8
CONNECTIONS = 256
SILENT_SECONDS = 30  # a sender that says nothing in the middle of a request
GLANCE_SECONDS = 0.2
BACKLOG = 512


class ChunkDoor:
    """Serves ``app`` on a bound socket from ``start`` to ``close``; the socket is its own then."""

    def __init__(self, app: Flask, sock: socket.socket) -> None:
        self._map: dict[int, Any] = {}
        self._stopping = threading.Event()
        self._server = create_server(
            app,
            map=self._map,
            sockets=[sock],
            threads=THREADS,
            connection_limit=CONNECTIONS,
            channel_timeout=SILENT_SECONDS,
            max_request_body_size=2 * MOST_BYTES,  # the application words the refusal
            backlog=BACKLOG,
            ident=None,
        )
        self._thread = threading.Thread(target=self._run, name="chunk-door", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a short queue is no news
        self._thread.start()

    def close(self) -> None:
        """Finish the requests in hand and stop listening."""
        self._stopping.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stopping.is_set():
            wasyncore.loop(timeout=GLANCE_SECONDS, map=self._map, count=1)
        self._server.task_dispatcher.shutdown()
        wasyncore.close_all(self._map)
