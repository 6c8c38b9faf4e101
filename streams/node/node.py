"""One media node: its doors, its owners, and the rounds it makes.

Rounds: renew leases (3 s), look for broadcasts to adopt and for ends that were asked for (0.25 s),
say that it is well (5 s). A round that fails is logged and made again; it does not stop the node.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import structlog

from core.database import Sessions, read_only
from core.errors import Refusal
from core.heartbeats import beat
from core.settings import Settings
from media import flv
from media.enums import IngestKind
from media.journal import Journal
from media.queries import claimable_broadcasts
from media.rules import RENEW_SECONDS
from media.services import (
    Lease,
    acquire_lease,
    close_ingest,
    end_is_requested,
    open_ingest,
    renew_leases,
)
from streams.doors.chunks.errors import NodeBusy
from streams.doors.chunks.ports import Receipt
from streams.doors.rtmp.connection import CloseReason, Connection
from streams.doors.rtmp.server import RtmpDoor
from streams.life.queries import livestream_of_broadcast
from streams.node.admission import Invitation, invitation_of, note_arrival, note_departure
from streams.node.desk import Desk, open_chunk_door
from streams.node.incoming import Incoming
from streams.node.owner import Owner
from streams.node.recordings import SILENCE_SECONDS, Recordings

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.25
BEAT_SECONDS = 5.0
ROLE = "live"


class Node:
    """Owns broadcasts; ``serve`` runs until ``stop``."""

    def __init__(
        self,
        *,
        settings: Settings,
        sessions: Sessions,
        clock: Callable[[], datetime],
        silence_seconds: float = SILENCE_SECONDS,
    ) -> None:
        self._settings = settings
        self._sessions = sessions
        self._clock = clock
        self._owners: dict[str, Owner] = {}
        self._incoming: dict[str, Incoming] = {}
        self._admitting: dict[str, asyncio.Lock] = {}
        self._recordings = Recordings(
            settings=settings, sessions=sessions, clock=clock, silence_seconds=silence_seconds
        )
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Ask ``serve`` to end; broadcasts go on on the next start."""
        self._stopping.set()

    async def serve(self, rtmp_socket: socket.socket, chunk_socket: socket.socket) -> None:
        """Open both doors and make the rounds."""
        door = RtmpDoor(authorise=self._authorise)
        desk = Desk(self._sessions, take=self._take_chunk, receipt=self._recordings.receipt)
        chunk_door = open_chunk_door(chunk_socket, desk)
        await self._attempt(self._look)
        await door.start(rtmp_socket)
        chunk_door.start()
        rounds = (
            (self._look, LOOK_SECONDS),
            (self._renew, RENEW_SECONDS),
            (self._beat, BEAT_SECONDS),
        )
        async with asyncio.TaskGroup() as tasks:
            for work, seconds in rounds:
                tasks.create_task(self._every(seconds, work))
        await asyncio.to_thread(chunk_door.close)
        await door.close()
        await asyncio.to_thread(self._stop_owners)

    async def _every(self, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        while not self._stopping.is_set():
            await self._attempt(work)
            try:
                async with asyncio.timeout(seconds):
                    await self._stopping.wait()
            except TimeoutError:
                continue

    async def _attempt(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except Exception:
            log.exception("round_failed", round=work.__name__)

    async def _authorise(self, key: str, connection: Connection) -> Incoming | None:
        invitation = await asyncio.to_thread(self._invite, key)
        if invitation is None:
            return None
        async with self._owned(invitation) as owner:
            return None if owner is None else await self._admit(owner, connection)

    async def _admit(self, owner: Owner, connection: Connection) -> Incoming | None:
        broadcast_id = owner.lease.broadcast_id
        await self._replace_encoder(broadcast_id)
        await asyncio.to_thread(self._recordings.replace, broadcast_id)
        try:
            incoming = await asyncio.to_thread(self._open, owner, connection)
        except Refusal:
            return None  # it ended a moment ago
        self._incoming[broadcast_id] = incoming
        return incoming

    async def _take_chunk(self, invitation: Invitation, number: int, body: bytes) -> Receipt:
        """Keep a browser's chunk; a recording that begins takes over from an encoder."""
        broadcast_id = invitation.broadcast_id
        async with self._owned(invitation) as owner:
            if owner is None:
                raise NodeBusy
            if await asyncio.to_thread(self._recordings.would_begin, owner, number, body):
                await self._replace_encoder(broadcast_id)
            new = await asyncio.to_thread(self._recordings.take, owner, number, body)
        return await asyncio.to_thread(self._recordings.receipt, broadcast_id, duplicate=not new)

    async def _replace_encoder(self, broadcast_id: str) -> None:
        stale = self._incoming.get(broadcast_id)
        if stale is not None:
            stale.replaced = True
            await stale.connection.close(CloseReason.REPLACED)

    def _invite(self, key: str) -> Invitation | None:
        with read_only(self._sessions) as session:
            return invitation_of(session, key=key)

    def _open(self, owner: Owner, connection: Connection) -> Incoming:
        now = self._clock()
        with self._sessions() as session:
            note_arrival(session, livestream_id=owner.livestream_id, now=now)
            ingest = open_ingest(session, owner.lease, kind=IngestKind.RTMP, now=now)
            owner.opened(ingest.id)  # before the row is seen: an ingest nobody fills is over
            session.commit()
        folder = self._settings.journal / owner.lease.broadcast_id / ingest.id

        async def ended(incoming: Incoming, reason: CloseReason) -> None:
            await asyncio.to_thread(self._closed, owner, incoming, reason)

        return Incoming(
            ingest_id=ingest.id,
            connection=connection,
            journal=Journal(folder, prefix=flv.header()),
            wake=owner.wake,
            ended=ended,
        )

    def _closed(self, owner: Owner, incoming: Incoming, reason: CloseReason) -> None:
        broadcast_id = owner.lease.broadcast_id
        log.info("encoder_left", broadcast=broadcast_id, reason=reason)
        if self._incoming.get(broadcast_id) is incoming:
            del self._incoming[broadcast_id]
        with self._sessions() as session:
            close_ingest(session, ingest_id=incoming.ingest_id, now=self._clock())
            if not incoming.replaced and reason is not CloseReason.STOPPED:
                note_departure(session, livestream_id=owner.livestream_id, now=self._clock())
            session.commit()
        owner.closed(incoming.ingest_id)

    @asynccontextmanager
    async def _owned(self, invitation: Invitation) -> AsyncIterator[Owner | None]:
        """Hold a broadcast's lock and keep its owner from giving it back; None: not ours."""
        broadcast_id = invitation.broadcast_id
        async with self._lock(broadcast_id):
            owner = self._owners.get(broadcast_id)
            if owner is None or not owner.is_alive() or not owner.expect():
                owner = await self._adopt(invitation.livestream_id, broadcast_id, expecting=True)
            try:
                yield owner
            finally:
                if owner is not None:
                    owner.arrived()

    async def _adopt(
        self, livestream_id: str, broadcast_id: str, *, expecting: bool = False
    ) -> Owner | None:
        """Take a broadcast, under its lock; ``_owners`` changes in the event loop only."""
        lease = await asyncio.to_thread(self._acquire, broadcast_id)
        if lease is None:
            return None
        owner = Owner(
            lease=lease,
            livestream_id=livestream_id,
            settings=self._settings,
            sessions=self._sessions,
            clock=self._clock,
        )
        if expecting:
            owner.expect()
        await asyncio.to_thread(self._recordings.adopt, owner)
        self._owners[broadcast_id] = owner
        owner.start()
        return owner

    def _acquire(self, broadcast_id: str) -> Lease | None:
        with self._sessions() as session:
            lease = acquire_lease(session, broadcast_id=broadcast_id, node=self._settings.node_name)
            session.commit()
            return lease

    async def _look(self) -> None:
        """Adopt what nobody owns, and end what is to end."""
        await self._part_with_dead_owners()
        for livestream_id, broadcast_id in await asyncio.to_thread(self._orphans):
            async with self._lock(broadcast_id):
                await self._adopt_orphan(livestream_id, broadcast_id)
        for broadcast_id, incoming in list(self._incoming.items()):
            if await asyncio.to_thread(self._is_to_end, broadcast_id):
                await incoming.connection.close(CloseReason.ENDED)
        for broadcast_id in self._recordings.watched():
            async with self._lock(broadcast_id):
                await asyncio.to_thread(self._recordings.look, broadcast_id)

    async def _part_with_dead_owners(self) -> None:
        """Forget owners that ended; an encoder that still sends must knock again."""
        for broadcast_id in [key for key, one in self._owners.items() if not one.is_alive()]:
            del self._owners[broadcast_id]
            incoming = self._incoming.get(broadcast_id)
            if incoming is not None:
                await incoming.connection.close(CloseReason.FAILED)

    def _orphans(self) -> list[tuple[str, str]]:
        found = []
        with read_only(self._sessions) as session:
            for broadcast_id in claimable_broadcasts(session, node=self._settings.node_name):
                livestream_id = livestream_of_broadcast(session, broadcast_id=broadcast_id)
                if broadcast_id not in self._owners and livestream_id is not None:
                    found.append((livestream_id, broadcast_id))
        return found

    async def _adopt_orphan(self, livestream_id: str, broadcast_id: str) -> None:
        """Take a broadcast whose node is gone: its encoder is, too, until it comes back."""
        if broadcast_id in self._owners:
            return  # an encoder was faster
        await asyncio.to_thread(self._depart, livestream_id)
        await self._adopt(livestream_id, broadcast_id)

    def _depart(self, livestream_id: str) -> None:
        with self._sessions() as session:
            note_departure(session, livestream_id=livestream_id, now=self._clock())
            session.commit()

    def _lock(self, broadcast_id: str) -> asyncio.Lock:
        return self._admitting.setdefault(broadcast_id, asyncio.Lock())

    def _is_to_end(self, broadcast_id: str) -> bool:
        with read_only(self._sessions) as session:
            return end_is_requested(session, broadcast_id=broadcast_id)

    async def _renew(self) -> None:
        leases = [owner.lease for owner in self._owners.values() if owner.is_alive()]
        lost = await asyncio.to_thread(self._renew_rows, leases)
        for broadcast_id in lost:
            self._owners.pop(broadcast_id).stop()
            incoming = self._incoming.get(broadcast_id)
            if incoming is not None:
                incoming.replaced = True  # the new owner speaks for the broadcast now
                await incoming.connection.close(CloseReason.REPLACED)

    def _renew_rows(self, leases: list[Lease]) -> set[str]:
        with self._sessions() as session:
            lost = renew_leases(session, leases)
            session.commit()
            return lost

    async def _beat(self) -> None:
        def write() -> None:
            with self._sessions() as session:
                beat(session, role=ROLE, node=self._settings.node_name, now=self._clock())
                session.commit()

        await asyncio.to_thread(write)

    def _stop_owners(self) -> None:
        for owner in self._owners.values():
            owner.stop()
        for owner in self._owners.values():
            owner.join(timeout=3)
