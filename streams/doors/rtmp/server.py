"""The asyncio server of encoders: limits, deadlines, and the question who may send."""

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable

from core.errors import Refusal
from streams.doors.rtmp.connection import READ_SIZE, CloseReason, Connection, Publication
from streams.doors.rtmp.errors import ProtocolError
from streams.doors.rtmp.session import PublishRequested

log = logging.getLogger(__name__)

MOST_CONNECTIONS = 64
MOST_STRANGERS = 16
REFUSAL = "This stream key is not valid now."

Authorise = Callable[[str, Connection], Awaitable[Publication | None]]


class RtmpDoor:
    """Receives encoders.

    Args:
        authorise: Answers a stream key with where the media goes, or None to refuse it; what it
            refuses with a ``Refusal`` the encoder is told in its words. Called before any media is
            read, and never cancelled: it must come to an end by itself. To
            let a new encoder replace an old one it awaits ``close`` of the old ``Connection``.
        handshake_timeout: Seconds from connecting to the request to publish.
        idle_timeout: Seconds without a byte from the encoder.
    """

    def __init__(
        self,
        *,
        authorise: Authorise,
        handshake_timeout: float = 10.0,
        idle_timeout: float = 30.0,
    ) -> None:
        self._authorise = authorise
        self._handshake_timeout = handshake_timeout
        self._idle_timeout = idle_timeout
        self._server: asyncio.Server | None = None
        self._stopping = False
        self._connections: set[Connection] = set()
        self._strangers: dict[Connection, None] = {}  # may not send yet; the oldest comes first

    async def start(self, sock: socket.socket) -> None:
        """Listen on a bound socket, which the door owns from now on."""
        self._server = await asyncio.start_server(self._serve, sock=sock, limit=READ_SIZE)

    async def close(self) -> None:
        """Stop listening, end every connection and wait until each publication has been told."""
        if self._server is None:
            return
        self._stopping = True
        self._server.close()
        open_connections = list(self._connections)
        await asyncio.gather(*(one.close(CloseReason.STOPPED) for one in open_connections))
        tasks = [one.task for one in open_connections if one.task is not None]
        await asyncio.gather(*tasks, return_exceptions=True)  # the loop has logged what failed
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._stopping or len(self._connections) >= MOST_CONNECTIONS:
            writer.transport.abort()
            return
        connection = Connection(reader, writer)
        self._make_room()
        self._connections.add(connection)
        self._strangers[connection] = None
        try:
            await self._receive(connection)
        finally:
            self._strangers.pop(connection, None)
            await connection.finish()
            self._connections.discard(connection)

    def _make_room(self) -> None:
        """Drop the oldest stranger when too many wait, so that silent ones shut nobody out."""
        if len(self._strangers) >= MOST_STRANGERS:
            oldest = next(iter(self._strangers))
            del self._strangers[oldest]
            oldest.drop(CloseReason.IDLE)

    async def _receive(self, connection: Connection) -> None:
        """Take a connection from its first byte to its last, and tell its publication."""
        request = await self._greet(connection)
        publication = await self._ask(request, connection) if request is not None else None
        if publication is None:
            return
        reason = CloseReason.FAILED
        try:
            if connection.end is None:
                connection.session.accept()
                self._strangers.pop(connection, None)
                reason = await connection.pass_media(publication, self._idle_timeout)
        finally:
            await publication.closed(connection.end or reason)

    async def _greet(self, connection: Connection) -> PublishRequested | None:
        """Return the encoder's request to publish; None when it does not come to one."""
        try:
            async with asyncio.timeout(self._handshake_timeout):
                event = await connection.next_event(None)
        except ProtocolError as error:
            log.info("a stranger broke the protocol: %s", error)
            return None
        except OSError:  # a timeout too
            return None
        return event if isinstance(event, PublishRequested) else None

    async def _ask(self, request: PublishRequested, connection: Connection) -> Publication | None:
        """Return where the media goes; None when the encoder has been refused."""
        key = request.stream_name.partition("?")[0]
        publication = None
        reason = REFUSAL
        try:
            publication = await self._authorise(key, connection)
        except Refusal as refusal:
            reason = str(refusal)
        except Exception:
            log.exception("a stream key could not be checked")
        if publication is None:
            log.info("an encoder was refused: no valid stream key, or %s", reason)
            connection.session.refuse(reason)
        return publication
