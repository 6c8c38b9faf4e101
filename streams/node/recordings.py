"""Recordings that browsers send now: their chunks go to the journal, their silence is noticed.

One per broadcast. Numbers run through the whole life of a livestream, also over reloads of the
page, so that a chunk is known by its number alone. A chunk's file is durable before its row says
so, and its row before the sender is told. The caller holds the broadcast's lock.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from core.database import Sessions, database_now, read_only
from core.settings import Settings
from media.enums import IngestKind
from media.feeds.chunks import begins_recording
from media.journal import part_numbers, part_path, write_durably
from media.models import Broadcast, Ingest
from media.queries import chunk_ingests, end_is_requested, newest_ingest
from media.rules import window_is_over
from media.services import close_ingest, note_next_chunk, open_ingest
from streams.doors.chunks.errors import ChunkGap, NotARecording
from streams.doors.chunks.ports import Receipt
from streams.node.admission import note_arrival, note_departure
from streams.node.durability import durable_through
from streams.node.owner import Owner

# After this the viewers are told. Their page asks every two seconds for what the edge keeps for
# one, so that they know within five what happened to the picture that stands still.
SILENCE_SECONDS = 3.0
RECKON_SECONDS = 1.0  # how often it is reckoned what is durable


@dataclass(slots=True)
class Recording:
    """Where a broadcast's chunks stand; ``heard_at`` and ``reckoned_at`` are monotonic."""

    owner: Owner
    next: int
    ingest_id: str | None
    heard_at: float
    silent: bool = True
    durable: int = -1
    reckoned_at: float = float("-inf")


class Recordings:
    """All recordings of one node.

    Args:
        settings: Of this home.
        sessions: Of its database.
        clock: The present moment, for rows.
        silence_seconds: How long a sender may say nothing.
        monotonic: The clock for silence.
    """

    def __init__(
        self,
        *,
        settings: Settings,
        sessions: Sessions,
        clock: Callable[[], datetime],
        silence_seconds: float = SILENCE_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._sessions = sessions
        self._clock = clock
        self._silence_seconds = silence_seconds
        self._monotonic = monotonic
        self._recordings: dict[str, Recording] = {}
        self._claimed: dict[str, int] = {}  # what is durable stays so, even if less is known later

    def adopt(self, owner: Owner) -> None:
        """Go on with what the rows and files of a broadcast say; called before its owner runs."""
        broadcast_id = owner.lease.broadcast_id
        with self._sessions() as session:
            rows = chunk_ingests(session, broadcast_id=broadcast_id)
            wanted = max((row.next_chunk for row in rows), default=0)
            present = self._present(session, broadcast_id)
            if present is not None:
                last = part_numbers(self._folder(owner, present.id))[-1]
                wanted = max(wanted, last + 1)  # killed between the file and the row
                note_next_chunk(session, owner.lease, ingest_id=present.id, next_chunk=wanted)
                owner.opened(present.id)
            session.commit()
        self._recordings[broadcast_id] = Recording(
            owner, wanted, None if present is None else present.id, self._monotonic()
        )

    def would_begin(self, owner: Owner, number: int, body: bytes) -> bool:
        """Tell whether this chunk is the first of a new recording."""
        return number == self._of(owner).next and begins_recording(body)

    def take(self, owner: Owner, number: int, body: bytes, *, other: bool = False) -> bool:
        """Keep a chunk; tell whether it is new. ``other`` tells whether an encoder sends.

        Raises:
            ChunkGap: Another number is wanted.
            NotARecording: A first chunk does not begin a recording.
        """
        recording = self._of(owner)
        if number != recording.next:
            if number > recording.next:
                raise ChunkGap(recording.next)
            return False
        if begins_recording(body):
            self._begin(recording, number, body)
        elif recording.ingest_id is None:
            raise NotARecording(another_sends=other)
        else:
            self._continue(recording, recording.ingest_id, number, body)
        recording.next = number + 1
        recording.heard_at = self._monotonic()
        recording.silent = False
        owner.wake.ring()
        return True

    def receipt(self, broadcast_id: str, *, duplicate: bool = False) -> Receipt:
        """Tell where a broadcast's chunks stand, also when nobody owns it any more."""
        recording = self._recordings.get(broadcast_id)
        if recording is None:
            with read_only(self._sessions) as session:
                rows = chunk_ingests(session, broadcast_id=broadcast_id)
                wanted = max((row.next_chunk for row in rows), default=0)
                return Receipt(wanted, self._reckon(session, broadcast_id, None))
        now = self._monotonic()
        if now - recording.reckoned_at >= RECKON_SECONDS:
            recording.reckoned_at = now
            with read_only(self._sessions) as session:
                recording.durable = self._reckon(session, broadcast_id, recording.owner)
        return Receipt(recording.next, recording.durable, duplicate)

    def replace(self, broadcast_id: str) -> None:
        """End the recording: another source has taken over."""
        recording = self._recordings.get(broadcast_id)
        if recording is not None:
            self._close(recording)

    def is_heard(self, broadcast_id: str) -> bool:
        """Tell whether a browser is sending."""
        recording = self._recordings.get(broadcast_id)
        return recording is not None and not recording.silent

    def watched(self) -> list[str]:
        """Return the broadcasts to :meth:`look` after; those whose owner has ended are let go."""
        known = list(self._recordings.items())
        for broadcast_id, recording in known:
            if recording.owner.ident is not None and not recording.owner.is_alive():
                del self._recordings[broadcast_id]
        return [key for key, one in known if one.ingest_id is not None]

    def look(self, broadcast_id: str) -> None:
        """Notice silence, and close the recording of a broadcast that is over."""
        recording = self._recordings.get(broadcast_id)
        if recording is None or recording.ingest_id is None:
            return
        silence = self._monotonic() - recording.heard_at
        if not recording.silent and silence > self._silence_seconds:
            self._depart(recording)
        if self._is_over(recording, silence):
            self._close(recording)

    def _of(self, owner: Owner) -> Recording:
        recording = self._recordings.get(owner.lease.broadcast_id)
        if recording is None or recording.owner is not owner:
            self.adopt(owner)
            recording = self._recordings[owner.lease.broadcast_id]
        return recording

    def _present(self, session: Session, broadcast_id: str) -> Ingest | None:
        """Return the ingest that goes on: the newest, open, with its beginning on this disk."""
        newest = newest_ingest(session, broadcast_id=broadcast_id)
        if newest is None or newest.kind != IngestKind.CHUNKS or newest.closed_at is not None:
            return None
        folder = self._settings.journal / broadcast_id / newest.id
        return newest if newest.packaged_at is None and part_numbers(folder) else None

    def _begin(self, recording: Recording, number: int, body: bytes) -> None:
        """Open an ingest with its first chunk; its row is seen when the chunk is there."""
        owner, former, now = recording.owner, recording.ingest_id, self._clock()
        with self._sessions() as session:
            note_arrival(session, livestream_id=owner.livestream_id, now=now)
            if former is not None:
                close_ingest(session, ingest_id=former, now=now)
            ingest = open_ingest(
                session, owner.lease, kind=IngestKind.CHUNKS, now=now, next_chunk=number + 1
            )
            owner.opened(ingest.id)  # before the row is seen: an ingest nobody fills is over
            try:
                write_durably(part_path(self._folder(owner, ingest.id), number), body)
                session.commit()
            except BaseException:
                owner.closed(ingest.id)
                raise
        recording.ingest_id = ingest.id
        if former is not None:
            owner.closed(former)

    def _continue(self, recording: Recording, ingest_id: str, number: int, body: bytes) -> None:
        owner = recording.owner
        if recording.silent:
            with self._sessions() as session:
                note_arrival(session, livestream_id=owner.livestream_id, now=self._clock())
                session.commit()
        write_durably(part_path(self._folder(owner, ingest_id), number), body)
        with self._sessions() as session:
            note_next_chunk(session, owner.lease, ingest_id=ingest_id, next_chunk=number + 1)
            session.commit()

    def _depart(self, recording: Recording) -> None:
        """Tell the viewers; the recorder may still be running, so its ingest stays open."""
        recording.silent = True
        with self._sessions() as session:
            note_departure(session, livestream_id=recording.owner.livestream_id, now=self._clock())
            session.commit()

    def _is_over(self, recording: Recording, silence: float) -> bool:
        broadcast_id = recording.owner.lease.broadcast_id
        with read_only(self._sessions) as session:
            row = session.get_one(Broadcast, broadcast_id)
            window_over = window_is_over(
                interrupted_at=row.interrupted_at,
                window_seconds=row.window_seconds,
                now=database_now(session),
            )
            ending = end_is_requested(session, broadcast_id=broadcast_id)
        return ending or (recording.silent and (window_over or silence > row.window_seconds))

    def _close(self, recording: Recording) -> None:
        ingest_id, recording.ingest_id = recording.ingest_id, None
        recording.silent = True
        if ingest_id is None:
            return
        with self._sessions() as session:
            close_ingest(session, ingest_id=ingest_id, now=self._clock())
            session.commit()
        recording.owner.closed(ingest_id)

    def _folder(self, owner: Owner, ingest_id: str) -> Path:
        return self._settings.journal / owner.lease.broadcast_id / ingest_id

    def _reckon(self, session: Session, broadcast_id: str, owner: Owner | None) -> int:
        def chunk_before(ingest_id: str, until_us: int) -> int:
            return -1 if owner is None else owner.chunk_before(ingest_id, until_us)

        known = durable_through(session, broadcast_id=broadcast_id, chunk_before=chunk_before)
        claimed = max(known, self._claimed.get(broadcast_id, -1))
        self._claimed[broadcast_id] = claimed
        return claimed
