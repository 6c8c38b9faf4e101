"""Bringing segments to object storage: behind the live path, catching up by itself.

A segment is listed when its row is there, from this node's spool; an object store that is away
for ten minutes delays uploads and loses nothing.
"""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from shutil import rmtree

import structlog
from sqlalchemy import select

from core.database import Sessions, read_only
from core.settings import Settings
from media.enums import BroadcastState
from media.errors import StorageUnavailable
from media.models import Broadcast, InitSegment, Segment
from media.paths import content_type, spool_path
from media.ports import ObjectStorage
from media.queries import pending_inits, pending_segments
from media.removal import forget_files, kept_files
from media.services import mark_uploaded
from media.storage import S3Storage

log = structlog.get_logger(__name__)

AT_ONCE = 32
IDLE_SECONDS = 0.5
STORAGE_AWAY_SECONDS = 2.0
SPOOL_STAYS = timedelta(minutes=10)  # players and edges that are still reading


class Uploader(threading.Thread):
    """Uploads what is pending, oldest first, until ``stop``."""

    def __init__(
        self,
        *,
        settings: Settings,
        sessions: Sessions,
        clock: Callable[[], datetime],
        storage: ObjectStorage | None = None,
    ) -> None:
        super().__init__(name="uploads", daemon=True)
        self._settings = settings
        self._sessions = sessions
        self._clock = clock
        self._storage = storage
        self._missing: set[str] = set()
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Finish the object in hand and end."""
        self._stopping.set()
        self.join(timeout=3)

    def run(self) -> None:
        """Upload, wait, tidy."""
        while not self._stopping.is_set():
            try:
                pause = 0.0 if self.upload_some() else IDLE_SECONDS
                if pause:
                    self.tidy()
            except StorageUnavailable as error:
                log.warning("storage_away", error=str(error))
                pause = STORAGE_AWAY_SECONDS
            except Exception:
                log.exception("upload_failed")
                pause = STORAGE_AWAY_SECONDS
            self._stopping.wait(pause)

    def upload_some(self) -> bool:
        """Upload up to :data:`AT_ONCE` objects; tell whether there was anything."""
        node, limit = self._settings.node_name, AT_ONCE + len(self._missing)
        with read_only(self._sessions) as session:
            rows: Sequence[InitSegment | Segment] = [
                *pending_inits(session, node=node, limit=limit),
                *pending_segments(session, node=node, limit=limit),
            ]
        waiting = [row for row in rows if row.object_key not in self._missing]
        for row in waiting:
            if self._stopping.is_set():
                return False
            self._upload(row)
        return bool(waiting)

    def tidy(self) -> None:
        """Drop the spool of broadcasts that ended a while ago and are wholly in object storage.

        Of those whose media were removed, what this node still has goes at once, journals too.
        """
        for broadcast_id in set(kept_files(self._settings)):
            if self._is_emptied(broadcast_id):
                forget_files(self._settings, broadcast_id)
        root = self._settings.spool
        if not root.is_dir():
            return
        for folder in root.iterdir():
            if self._is_settled(folder.name):
                rmtree(folder, ignore_errors=True)

    def _upload(self, row: InitSegment | Segment) -> None:
        path = spool_path(self._settings.spool, row.object_key)
        if not path.is_file():  # it is on the disk of a node that is gone; the others must not wait
            log.warning("segment_missing", key=row.object_key)
            self._missing.add(row.object_key)
            return
        self._store().put_file(row.object_key, path, content_type=content_type(row.object_key))
        with self._sessions() as session:
            known = mark_uploaded(session, [row], now=self._clock())
            session.commit()
        if not known:  # its media were removed meanwhile: nobody else would find this one
            self._store().delete(row.object_key)

    def _store(self) -> ObjectStorage:
        if self._storage is None:
            self._storage = S3Storage.from_settings(self._settings)
        return self._storage

    def _is_emptied(self, broadcast_id: str) -> bool:
        with read_only(self._sessions) as session:
            row = session.get(Broadcast, broadcast_id)
            return row is not None and row.emptied_at is not None

    def _is_settled(self, broadcast_id: str) -> bool:
        with read_only(self._sessions) as session:
            row = session.get(Broadcast, broadcast_id)
            if row is None:
                return True
            if row.state != BroadcastState.ENDED or row.ended_at is None:
                return False
            waiting = session.scalar(
                select(Segment.sequence)
                .where(Segment.broadcast_id == broadcast_id, Segment.uploaded_at.is_(None))
                .limit(1)
            )
            return waiting is None and row.ended_at + SPOOL_STAYS <= self._clock()
