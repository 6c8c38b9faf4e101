"""Between the threads of the chunk door and the event loop of the node."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from core.database import Sessions, read_only
from media.errors import LeaseLostError
from streams.doors.chunks.app import make_app
from streams.doors.chunks.errors import NodeBusy
from streams.doors.chunks.ports import Keep, Receipt
from streams.doors.chunks.server import ChunkDoor
from streams.life.queries import standing_of
from streams.node.admission import Invitation, check_key, invitation_by_chunks

log = structlog.get_logger(__name__)

TAKE_SECONDS = 20.0  # a disk or database that is slower than this is not well

Take = Callable[[Invitation, int, bytes], Awaitable[Receipt]]


def open_chunk_door(sock: socket.socket, desk: "Desk") -> ChunkDoor:
    """Return the door on a bound socket, not started yet."""
    return ChunkDoor(make_app(desk), sock)


class Desk:
    """Answers the chunk door (:class:`streams.doors.chunks.ports.ChunkDesk`).

    Args:
        sessions: To look keys up.
        take: Keeps a chunk, in the loop that runs now.
        receipt: Tells where a broadcast stands, from any thread.
        clock: The present moment: may the host send now?
    """

    def __init__(
        self,
        sessions: Sessions,
        *,
        take: Take,
        receipt: Callable[[str], Receipt],
        clock: Callable[[], datetime],
    ) -> None:
        self._sessions = sessions
        self._loop = asyncio.get_running_loop()
        self._take = take
        self._receipt = receipt
        self._clock = clock

    def admit(self, *, livestream_id: str, key: str) -> Keep:
        """See the protocol."""
        with read_only(self._sessions) as session:
            invitation = invitation_by_chunks(
                session, livestream_id=livestream_id, key=key, now=self._clock()
            )
        return lambda number, body: self._keep(invitation, number, body)

    def receipt(self, *, livestream_id: str, key: str) -> Receipt:
        """See the protocol."""
        with read_only(self._sessions) as session:
            check_key(session, livestream_id=livestream_id, key=key)
            broadcast_id = standing_of(session, livestream_id=livestream_id).broadcast_id
        return self._receipt(broadcast_id)

    def _keep(self, invitation: Invitation, number: int, body: bytes) -> Receipt:
        async def take() -> Receipt:
            return await self._take(invitation, number, body)

        future = asyncio.run_coroutine_threadsafe(take(), self._loop)
        try:
            return future.result(TAKE_SECONDS)
        except (OSError, LeaseLostError) as error:  # a full disk, a timeout, another owner
            log.warning("chunk_not_kept", broadcast=invitation.broadcast_id, error=str(error))
            # It goes on and keeps its lock: what is sent again meanwhile waits, and is a duplicate.
            raise NodeBusy from error
