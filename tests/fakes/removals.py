"""A livestream with media of every kind there is: rows, objects, files of a node, steps, grants."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models import Livestream
from core.clock import utc_now
from core.database import Sessions, reading
from core.ids import new_id
from core.settings import Settings
from core.work.models import Work
from core.work.services import enqueue
from media import paths
from media.enums import IngestKind, PackagerMode, RenditionKind, TrackKind, TrackSource
from media.models import (
    Asset,
    Broadcast,
    Ingest,
    InitSegment,
    Rendition,
    Run,
    Segment,
    TextTrack,
    Upload,
    UploadPart,
)
from media.ports import ObjectStorage
from media.steps import Step
from streams.playback.models import Grant
from streams.removal.jobs import STEPS
from streams.removal.models import Removal
from tests.fakes.programme import World
from tests.fakes.storage import MemoryStorage
from web.worker.main import Worker, run_next

OF_BROADCAST = (Segment, Ingest, Rendition, Run, Asset, TextTrack, Upload)
ROWS = {
    "media_asset": 1,
    "media_ingest": 1,
    "media_init": 1,
    "media_rendition": 1,
    "media_run": 1,
    "media_segment": 3,
    "media_text_track": 1,
    "media_upload": 1,
    "media_upload_part": 2,
}
"""What :func:`record` makes, by table."""
OBJECTS = 10
BYTES = 10 * 100


@dataclass
class Archive:
    """A home with a storage, a worker for its steps, and livestreams whose media can be counted."""

    sessions: Sessions
    settings: Settings
    storage: ObjectStorage = field(default_factory=MemoryStorage)
    livestream_id: str = ""
    broadcast_id: str = ""
    upload_id: str = ""

    def record(self, *, state: str = "ended", broadcast: str = "ended", **facts: object) -> None:
        """Make the people and one livestream of the host, with media of every kind."""
        now = utc_now().replace(minute=0, second=0, microsecond=0)
        with self.sessions.begin() as session:
            world = World(session, now).build()
            made = world.livestream(state=state, broadcast=broadcast)
            for name, value in facts.items():
                setattr(made, name, value)
            self.livestream_id, self.broadcast_id = made.id, made.broadcast_id
            row = session.get_one(Broadcast, made.broadcast_id)
            row.opened_at, row.ended_at = now - timedelta(minutes=2), now - timedelta(minutes=1)
            made.started_at, made.ended_at = row.opened_at, row.ended_at
            self._add_rows(session, now)
        self.store()

    def store(self) -> None:
        """Put an object of every row into storage, playlists too, and files on the node's disk."""
        with reading(), self.sessions() as session:
            keys = [
                *session.scalars(select(InitSegment.object_key)),
                *session.scalars(select(Segment.object_key)),
                *session.scalars(select(Asset.object_key)),
                *session.scalars(select(TextTrack.object_key)),
                *session.scalars(select(UploadPart.object_key)),
            ]
        keys += [paths.master_key(self.broadcast_id)]
        keys += [paths.playlist_key(self.broadcast_id, "source")]
        for key in keys:
            self.storage.put_bytes(key, b"." * 100, content_type="text/plain")
        for root in (self.settings.spool, self.settings.journal):
            folder = root / self.broadcast_id / "source"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "0-0.m4s").write_bytes(b"picture")

    def work(self, steps: dict[str, Step] | None = None, *, most: int = 20) -> int:
        """Run what is due; return how many steps were run."""
        worker = Worker(self.sessions, self.storage, self.settings, Event(), steps or dict(STEPS))
        return next((done for done in range(most) if not run_next(worker)), most)

    def make_due(self) -> None:
        """Let everything that waits be due."""
        with self.sessions.begin() as session:
            for row in session.scalars(select(Work)):
                row.due_at = utc_now() - timedelta(seconds=1)
            for removal in session.scalars(select(Removal).where(Removal.done_at.is_(None))):
                removal.due_at = utc_now() - timedelta(seconds=1)

    def receipt(self) -> Removal:
        with reading(), self.sessions() as session:
            return session.scalars(select(Removal)).one()

    def livestream(self) -> Livestream:
        with reading(), self.sessions() as session:
            return session.get_one(Livestream, self.livestream_id)

    def broadcast(self) -> Broadcast:
        with reading(), self.sessions() as session:
            return session.get_one(Broadcast, self.broadcast_id)

    def rows(self) -> dict[str, int]:
        """Return how many rows of media there are, by table, without tables that have none."""
        with reading(), self.sessions() as session:
            found = {
                table.__tablename__: session.scalar(
                    select(func.count()).where(table.broadcast_id == self.broadcast_id)
                )
                for table in OF_BROADCAST
            }
            for table in (InitSegment, UploadPart):  # of the one broadcast there is
                found[table.__tablename__] = session.scalar(select(func.count(table.object_key)))
        return {name: number for name, number in sorted(found.items()) if number}

    def objects(self) -> list[str]:
        """Return every object of the broadcast and its upload."""
        prefixes = (paths.broadcast_prefix(self.broadcast_id), f"uploads/{self.upload_id}/")
        return [key for prefix in prefixes for key in self.storage.list_keys(prefix)]

    def files(self) -> list[Path]:
        """Return every file that the node has of the broadcast."""
        roots = (self.settings.spool, self.settings.journal)
        return [path for root in roots for path in (root / self.broadcast_id).rglob("*")]

    def grants(self) -> int:
        with reading(), self.sessions() as session:
            return session.scalar(select(func.count(Grant.id))) or 0

    def kinds(self) -> list[str]:
        """Return the kinds of all work there is."""
        with reading(), self.sessions() as session:
            return sorted(session.scalars(select(Work.kind)))

    def _add_rows(self, session: Session, now: datetime) -> None:
        mine = self.broadcast_id
        ingest = Ingest(
            id=new_id(),
            broadcast_id=mine,
            number=0,
            kind=IngestKind.RTMP,
            epoch=1,
            started_at=now,
            packaged_at=now,
        )
        rendition = Rendition(
            id=new_id(), broadcast_id=mine, name="source", kind=RenditionKind.MUXED
        )
        upload = Upload(
            id=new_id(),
            broadcast_id=mine,
            owner_id="host",
            name="talk.mp4",
            size=200,
            part_size=100,
            state="done",
            created_at=now,
        )
        session.add_all([ingest, rendition, upload])
        session.flush()
        self.upload_id = upload.id
        run = Run(
            id=new_id(),
            broadcast_id=mine,
            ingest_id=ingest.id,
            number=0,
            mode=PackagerMode.COPY,
            program_at=now,
        )
        session.add(run)
        session.flush()
        init = paths.init_key(mine, "source", 0)
        session.add(
            InitSegment(
                run_id=run.id, rendition_id=rendition.id, object_key=init, size=100, sha256=""
            )
        )
        session.add_all(self._segment(rendition, run, number, now) for number in range(3))
        poster = paths.asset_key(mine, "poster-12345678.jpg")
        session.add(_asset(mine, poster, now))
        session.add(_track(mine, paths.asset_key(mine, "captions-en-12345678.vtt"), now))
        session.add_all(_part(upload.id, number) for number in range(2))
        session.add(_grant(mine, now))
        enqueue(session, kind="poster", subject=mine, now=now)
        enqueue(session, kind="clear_upload", subject=upload.id, now=now)

    def _segment(self, rendition: Rendition, run: Run, number: int, now: datetime) -> Segment:
        return Segment(
            rendition_id=rendition.id,
            sequence=number,
            broadcast_id=self.broadcast_id,
            run_id=run.id,
            run_number=0,
            epoch=1,
            starts_us=number * 1_000_000,
            duration_us=1_000_000,
            program_at=now + timedelta(seconds=number),
            object_key=paths.segment_key(self.broadcast_id, "source", 0, number),
            size=100,
            sha256="",
            uploaded_at=now,
        )


def _asset(broadcast_id: str, key: str, now: datetime) -> Asset:
    return Asset(
        broadcast_id=broadcast_id,
        kind="poster",
        object_key=key,
        content_type="image/jpeg",
        size=100,
        sha256="",
        created_at=now,
    )


def _track(broadcast_id: str, key: str, now: datetime) -> TextTrack:
    return TextTrack(
        broadcast_id=broadcast_id,
        kind=TrackKind.CAPTIONS,
        language="en",
        source=TrackSource.HUMAN,
        cues=[[0, 1000, "Hello"]],
        object_key=key,
        size=100,
        sha256="",
        created_at=now,
    )


def _part(upload_id: str, number: int) -> UploadPart:
    return UploadPart(
        upload_id=upload_id,
        number=number,
        size=100,
        sha256="",
        object_key=f"uploads/{upload_id}/{number}",
    )


def _grant(broadcast_id: str, now: datetime) -> Grant:
    return Grant(
        fingerprint="f" * 64,
        broadcast_id=broadcast_id,
        user_id="viewer",
        device="d",
        place=0,
        created_at=now,
        expires_at=now + timedelta(hours=1),
    )
