"""``mindcast live``: the process of a media node."""

import asyncio
import signal
import socket

from core.clock import utc_now
from core.database import make_engine, make_sessions
from core.settings import Settings
from streams.node.load import load_of, measure_later
from streams.node.node import Node
from streams.node.uploads import Uploader

ANY_PORT = 0
LOOPBACK = "127.0.0.1"  # the edge is the only one that asks


def run(
    settings: Settings,
    rtmp_socket: socket.socket | None = None,
    chunk_socket: socket.socket | None = None,
) -> int:
    """Run until SIGTERM or SIGINT; return the exit code.

    Args:
        settings: Of this home.
        rtmp_socket: A socket that listens already, so that encoders that come while the process is
            started again wait instead of being refused.
        chunk_socket: One for the chunk door, likewise.
    """
    sessions = make_sessions(make_engine(settings.database_url))
    load = load_of(settings)
    node = Node(settings=settings, sessions=sessions, clock=utc_now, load=load)
    uploader = Uploader(settings=settings, sessions=sessions, clock=utc_now)
    uploader.start()
    measuring = measure_later(load, settings)
    try:
        chunks = chunk_socket or socket.create_server((LOOPBACK, ANY_PORT))
        asyncio.run(_serve(node, rtmp_socket or listen(settings), chunks))
    finally:
        measuring.cancel()
        uploader.stop()
    return 0


def listen(settings: Settings) -> socket.socket:
    """Return a socket bound to the RTMP port; any free port when none is set."""
    return socket.create_server((settings.bind, settings.rtmp_port or ANY_PORT), reuse_port=False)


async def _serve(node: Node, rtmp_socket: socket.socket, chunk_socket: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, node.stop)
    await node.serve(rtmp_socket, chunk_socket)
