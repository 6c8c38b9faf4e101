"""One encoder's connection: its socket, its session, and the tags on their way to a publication."""

import asyncio
import logging
from contextlib import suppress
from enum import StrEnum
from typing import Protocol

from streams.doors.rtmp.errors import ProtocolError
from streams.doors.rtmp.session import Event, MediaReceived, Session

log = logging.getLogger(__name__)

READ_SIZE = 64 * 2**10
FAREWELL = 2.0  # seconds for the last answer to leave


class CloseReason(StrEnum):
    """Why a publication ended."""

    ENDED = "ended"  # the encoder said so
    LOST = "lost"  # the connection broke without a word
    IDLE = "idle"  # nothing came for too long
    MALFORMED = "malformed"  # the encoder broke the protocol
    REPLACED = "replaced"  # another encoder took the place
    STOPPED = "stopped"  # the door itself closes
    FAILED = "failed"  # what came could not be stored


class Publication(Protocol):
    """Where the media of one encoder goes."""

    async def media(self, tag_kind: int, timestamp_ms: int, payload: bytes) -> None:
        """Take one FLV tag; the encoder is read on only after this returned."""

    async def closed(self, reason: CloseReason) -> None:
        """Take the end, once; no tag follows."""


class Connection:
    """A handle on one encoder's connection, for whoever may have to end it.

    Made in the task that serves the connection.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.session = Session()
        self.end: CloseReason | None = None
        self.task = asyncio.current_task()
        self._reader = reader
        self._writer = writer
        self._told = asyncio.Event()

    async def close(self, reason: CloseReason = CloseReason.REPLACED) -> None:
        """End the connection; returns when its publication has been told.

        A tag that is being stored is stored to its end first.
        """
        self.drop(reason)
        if asyncio.current_task() is not self.task:
            await self._told.wait()

    def drop(self, reason: CloseReason) -> None:
        """End the connection without waiting; the first reason given counts."""
        self.end = self.end or reason
        self._writer.transport.abort()

    async def next_event(self, idle_timeout: float | None) -> Event | None:
        """Return what the encoder does next; None when the connection is at its end.

        Raises:
            ProtocolError: the encoder broke the protocol.
            TimeoutError: no byte came, or none was taken, for ``idle_timeout`` seconds.
            OSError: the connection broke.
        """
        while self.end is None:
            event = self.session.next_event()
            if event is not None:
                return event
            async with asyncio.timeout(idle_timeout):
                await self.send()
                if self.session.closed:
                    return None
                data = await self._reader.read(READ_SIZE)
            if not data:
                return None
            self.session.receive(data)
        return None

    async def send(self) -> None:
        """Send the session's answers."""
        output = self.session.take_output()
        if output:
            self._writer.write(output)
            await self._writer.drain()

    async def pass_media(self, publication: Publication, idle_timeout: float) -> CloseReason:
        """Pass every tag on until the end, and return why it came."""
        try:
            while isinstance(event := await self.next_event(idle_timeout), MediaReceived):
                if not await _store(event, publication):
                    return CloseReason.FAILED
        except ProtocolError as error:
            log.warning("an encoder broke the protocol: %s", error)
            return CloseReason.MALFORMED
        except TimeoutError:
            return CloseReason.IDLE
        except OSError:
            return CloseReason.LOST
        return CloseReason.LOST if event is None else CloseReason.ENDED

    async def finish(self) -> None:
        """Let go of whoever waits in ``close``, then send what is left and hang up."""
        self._told.set()
        with suppress(OSError):  # a timeout too: the peer takes nothing any more
            async with asyncio.timeout(FAREWELL):
                await self.send()
                self._writer.close()
                await self._writer.wait_closed()
        self._writer.transport.abort()


async def _store(event: MediaReceived, publication: Publication) -> bool:
    try:
        await publication.media(event.kind, event.timestamp_ms, event.payload)
    except Exception:
        log.exception("a tag could not be stored")
        return False
    return True
