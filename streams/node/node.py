"""One media node: its doors, its owners, and the rounds it makes.

Rounds: renew leases (3 s), look for broadcasts to adopt and for ends that were asked for (0.25 s),
say that it is well (5 s). A round that fails is logged and made again; it does not stop the node.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from shutil import disk_usage

import structlog

from core.database import Sessions
from core.errors import Refusal
from core.settings import Settings
from media import flv
from media.journal import Journal
from media.rules import RENEW_SECONDS
from streams.doors.chunks.errors import NodeBusy
from streams.doors.chunks.ports import Receipt
from streams.doors.rtmp.connection import CloseReason, Connection
from streams.doors.rtmp.server import RtmpDoor
from streams.life.errors import GateShut
from streams.node.admission import Invitation
from streams.node.desk import Desk, open_chunk_door
from streams.node.incoming import Incoming
from streams.node.load import Load, load_of
from streams.node.owner import Owner
from streams.node.recordings import SILENCE_SECONDS, Recordings
from streams.node.rows import Rows

log = structlog.get_logger(__name__)

LEAST_ROOM = 256 * 2**20  # bytes; below this nobody new may send
LOOK_SECONDS = 0.25
BEAT_SECONDS = 5.0


class Node:
    """Owns broadcasts; ``serve`` runs until ``stop``."""

    def __init__(
        self,
        *,
        settings: Settings,
        sessions: Sessions,
        clock: Callable[[], datetime],
        silence_seconds: float = SILENCE_SECONDS,
        load: Load | None = None,
    ) -> None:
        self._settings = settings
        self._sessions = sessions
        self._clock = clock
        self._load = load or load_of(settings)
        self._owners: dict[str, Owner] = {}
        self._incoming: dict[str, Incoming] = {}
        self._admitting: dict[str, asyncio.Lock] = {}
        self._recordings = Recordings(
            settings=settings, sessions=sessions, clock=clock, silence_seconds=silence_seconds
        )
        self._rows = Rows(sessions=sessions, node=settings.node_name, clock=clock)
        self._departed: list[Owner] = []  # whose encoder's end could not be noted yet
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Ask ``serve`` to end; broadcasts go on on the next start."""
        self._stopping.set()

    async def serve(self, rtmp_socket: socket.socket, chunk_socket: socket.socket) -> None:
        """Open both doors and make the rounds."""
        door = RtmpDoor(authorise=self._authorise)
        receipt = self._recordings.receipt
        desk = Desk(self._sessions, take=self._take_chunk, receipt=receipt, clock=self._clock)
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
            log.exception("round_failed", round=getattr(work, "__name__", "adopt"))

    async def _authorise(self, key: str, connection: Connection) -> Incoming | None:
        invitation = await asyncio.to_thread(self._rows.invite, key)
        if invitation is None or not self._has_room():
            return None
        async with self._owned(invitation) as owner:
            if owner is None:
                return None
            return await self._admit(owner, connection, invitation)

    def _has_room(self) -> bool:
        """Tell whether the disk holds more: a full one would end every broadcast."""
        room = disk_usage(self._settings.home).free >= LEAST_ROOM
        if not room:
            log.error("disk_nearly_full", home=str(self._settings.home))
        return room

    async def _admit(
        self, owner: Owner, connection: Connection, invitation: Invitation
    ) -> Incoming | None:
        broadcast_id = owner.lease.broadcast_id
        await self._hang_up(broadcast_id, CloseReason.REPLACED)
        await asyncio.to_thread(self._recordings.replace, broadcast_id)
        try:
            incoming = await asyncio.to_thread(self._open, owner, connection, invitation)
        except GateShut:
            raise  # what it needs was there a moment ago
        except Refusal:
            return None  # it ended a moment ago
        except Exception:
            self._departed.append(owner)  # whom it was to replace is gone
            raise
        self._incoming[broadcast_id] = incoming
        return incoming

    async def _take_chunk(self, invitation: Invitation, number: int, body: bytes) -> Receipt:
        """Keep a browser's chunk; a recording that begins takes over from an encoder."""
        broadcast_id = invitation.broadcast_id
        async with self._owned(invitation) as owner:
            if owner is None or not self._has_room():
                raise NodeBusy
            if await asyncio.to_thread(self._recordings.would_begin, owner, number, body):
                await self._hang_up(broadcast_id, CloseReason.REPLACED)
            other = broadcast_id in self._incoming
            new = await asyncio.to_thread(self._recordings.take, owner, number, body, other=other)
        return await asyncio.to_thread(self._recordings.receipt, broadcast_id, duplicate=not new)

    def _open(self, owner: Owner, connection: Connection, invitation: Invitation) -> Incoming:
        ingest_id = self._rows.arrive(owner)
        folder = self._settings.journal / owner.lease.broadcast_id / ingest_id

        async def ended(incoming: Incoming, reason: CloseReason) -> None:
            if self._incoming.get(owner.lease.broadcast_id) is incoming:
                del self._incoming[owner.lease.broadcast_id]
            departed = not incoming.replaced and reason is not CloseReason.STOPPED
            await asyncio.to_thread(self._closed, owner, ingest_id, reason, departed=departed)

        return Incoming(
            ingest_id=ingest_id,
            invitation=invitation,
            connection=connection,
            journal=Journal(folder, prefix=flv.header()),
            wake=owner.wake,
            jumped=partial(self._rows.note_jump, ingest_id),
            ended=ended,
        )

    def _closed(self, owner: Owner, ingest_id: str, reason: str, *, departed: bool) -> None:
        log.info("encoder_left", broadcast=owner.lease.broadcast_id, reason=reason)
        try:
            self._rows.leave(owner, ingest_id, departed=departed)
        except Exception:
            log.exception("departure_not_noted", broadcast=owner.lease.broadcast_id)
            if departed:
                self._departed.append(owner)
        finally:
            owner.closed(ingest_id)

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
        self,
        livestream_id: str,
        broadcast_id: str,
        *,
        expecting: bool = False,
        orphan: bool = False,
    ) -> Owner | None:
        """Take a broadcast, under its lock; ``_owners`` changes in the event loop only."""
        departed = livestream_id if orphan else None
        lease = await asyncio.to_thread(self._rows.acquire, broadcast_id, orphan=departed)
        if lease is None:
            return None
        owner = Owner(
            lease=lease,
            livestream_id=livestream_id,
            settings=self._settings,
            sessions=self._sessions,
            clock=self._clock,
            load=self._load,
        )
        if expecting:
            owner.expect()
        await asyncio.to_thread(self._recordings.adopt, owner)
        self._owners[broadcast_id] = owner
        owner.start()
        return owner

    async def _look(self) -> None:
        """Adopt what nobody owns, and end what is to end."""
        await self._part_with_dead_owners()
        await self._attempt(self._note_departures)
        for livestream_id, broadcast_id in await asyncio.to_thread(self._rows.claimable):
            if broadcast_id not in self._owners:
                await self._attempt(partial(self._adopt_orphan, livestream_id, broadcast_id))
        for broadcast_id, incoming in list(self._incoming.items()):
            if await asyncio.to_thread(self._is_to_stop, broadcast_id, incoming.invitation):
                await incoming.connection.close(CloseReason.ENDED)
        for broadcast_id in self._recordings.watched():
            async with self._lock(broadcast_id):
                await asyncio.to_thread(self._recordings.look, broadcast_id)

    def _is_to_stop(self, broadcast_id: str, invitation: Invitation) -> bool:
        """Tell whether an encoder is not wanted any more: the end, or another host took over."""
        if self._rows.is_to_end(broadcast_id):
            return True
        return self._rows.host_of(invitation.livestream_id) != invitation.host_id

    async def _part_with_dead_owners(self) -> None:
        """Forget owners that ended; an encoder that still sends must knock again."""
        for broadcast_id, owner in list(self._owners.items()):
            if not owner.is_alive() and self._owners.get(broadcast_id) is owner:
                del self._owners[broadcast_id]
                await self._hang_up(broadcast_id, CloseReason.FAILED)

    async def _hang_up(self, broadcast_id: str, reason: CloseReason) -> None:
        incoming = self._incoming.get(broadcast_id)
        if incoming is not None:
            incoming.replaced = incoming.replaced or reason is CloseReason.REPLACED
            await incoming.connection.close(reason)

    async def _adopt_orphan(self, livestream_id: str, broadcast_id: str) -> None:
        """Take a broadcast whose node is gone: its encoder is, too, until it comes back."""
        async with self._lock(broadcast_id):
            if broadcast_id not in self._owners:  # else an encoder was faster
                await self._adopt(livestream_id, broadcast_id, orphan=True)

    async def _note_departures(self) -> None:
        """Tell the viewers what could not be told when it happened."""
        while self._departed:
            owner = self._departed[0]
            broadcast_id = owner.lease.broadcast_id
            async with self._lock(broadcast_id):
                came_back = broadcast_id in self._incoming or self._recordings.is_heard(
                    broadcast_id
                )
                if not came_back:
                    await asyncio.to_thread(self._rows.depart, owner)
            self._departed.remove(owner)

    def _lock(self, broadcast_id: str) -> asyncio.Lock:
        return self._admitting.setdefault(broadcast_id, asyncio.Lock())

    async def _renew(self) -> None:
        held = {key: owner for key, owner in self._owners.items() if owner.is_alive()}
        leases = [owner.lease for owner in held.values()]
        for broadcast_id in await asyncio.to_thread(self._rows.renew, leases):
            held[broadcast_id].stop()
            if self._owners.get(broadcast_id) is held[broadcast_id]:
                del self._owners[broadcast_id]
                await self._hang_up(broadcast_id, CloseReason.REPLACED)

    async def _beat(self) -> None:
        await asyncio.to_thread(self._rows.beat)

    def _stop_owners(self) -> None:
        for owner in self._owners.values():
            owner.stop()
        for owner in self._owners.values():
            owner.join(timeout=3)
