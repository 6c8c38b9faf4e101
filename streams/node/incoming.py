"""An encoder that is sending now: its tags go to the journal, its end becomes an event."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog

from media import flv
from media.feeds.steady import SteadyClock
from media.journal import Journal
from streams.doors.rtmp.connection import CloseReason, Connection
from streams.node.admission import Invitation
from streams.node.wake import Wake

log = structlog.get_logger(__name__)

Ended = Callable[["Incoming", CloseReason], Awaitable[None]]
Jumped = Callable[[], None]


class Incoming:
    """The publication behind one RTMP connection.

    Args:
        ingest_id: The row this connection fills.
        invitation: For whom it was let in.
        connection: The handle that ends it.
        journal: Where its tags go.
        wake: Rung after every tag.
        jumped: Told once, in a thread, that the encoder's clock had to be put right.
        ended: Told once, after the journal is closed.
    """

    def __init__(
        self,
        *,
        ingest_id: str,
        invitation: Invitation,
        connection: Connection,
        journal: Journal,
        wake: Wake,
        jumped: Jumped,
        ended: Ended,
    ) -> None:
        self.ingest_id = ingest_id
        self.invitation = invitation
        self.connection = connection
        self.replaced = False
        self._journal = journal
        self._wake = wake
        self._jumped = jumped
        self._ended = ended
        self._clock = SteadyClock()
        self._told = False

    async def media(self, tag_kind: int, timestamp_ms: int, payload: bytes) -> None:
        """Journal one tag; scripts are not media."""
        if tag_kind == flv.SCRIPT or not payload:
            return
        tag = flv.write_tag(tag_kind, self._clock.place(timestamp_ms), payload)
        self._journal.append(tag)
        self._journal.sync(monotonic=time.monotonic())
        self._wake.ring()
        if self._clock.jumps and not self._told:
            self._told = True
            await asyncio.to_thread(self._tell)

    def _tell(self) -> None:
        try:
            self._jumped()
        except Exception:  # no reason to lose the encoder
            log.exception("jump_not_noted", ingest=self.ingest_id)

    async def closed(self, reason: CloseReason) -> None:
        """Close the journal and tell the owner."""
        try:
            await asyncio.to_thread(self._journal.close)
        except OSError:  # the disk is full or failing: what it took stays, the end must be known
            log.exception("journal_not_synced", ingest=self.ingest_id)
        self._wake.ring()
        await self._ended(self, reason)
