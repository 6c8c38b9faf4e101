"""A recording with a ladder, captions, chapters and a storyboard, made at once for benchmarks.

The site's own ladder is measured elsewhere; here only its shape matters: pictures and sound apart,
segments of four seconds, rates as the rungs have them.
"""

import hashlib
import tempfile
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from bench.broadcast import Crew, database
from bench.house import House
from bench.replay_files import (
    FRAMES,
    RUNGS,
    SEGMENT_SECONDS,
    TILE,
    TILE_SECONDS,
    UNIT,
    Rung,
    encode,
    pieces,
)
from catalog.enums import LivestreamState
from catalog.models import Livestream
from core.clock import utc_now
from core.ids import new_id
from media import paths
from media.enums import (
    BroadcastState,
    IngestKind,
    PackagerMode,
    RenditionKind,
    TrackKind,
    TrackSource,
)
from media.models import Asset, Broadcast, Ingest, InitSegment, Rendition, Run, Segment
from media.storage import S3Storage
from media.tracks import keep_track
from media.webvtt import webvtt
from web.home import load_settings


def make_replay(site: House, crew: Crew, *, units: int) -> str:
    """Make a public replay of so many times 64 s on ``site``; return the address of its page."""
    livestream_id = str(site.livestream(crew.token, crew.host_id, auto_start=False)["id"])
    settings = load_settings({"MINDCAST_HOME": str(site.home)})
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(S3Storage.from_settings(settings)) as storage,
    ):
        encode(Path(folder))
        with database(site) as session:
            broadcast_id = session.get_one(Livestream, livestream_id).broadcast_id
        maker = Maker(storage, Path(folder), broadcast_id, units * UNIT)
        maker.store()
        with database(site) as session:  # kept short: on SQLite everybody else waits for it
            maker.publish(session, session.get_one(Livestream, livestream_id))
    return f"{site.url}/livestreams/{livestream_id}"


@dataclass
class Maker:
    """The objects and rows of one recording; objects first."""

    storage: S3Storage
    folder: Path
    id: str
    seconds: int
    now: datetime = field(default_factory=utc_now)
    sizes: dict[str, tuple[int, str]] = field(default_factory=dict)
    lengths: dict[str, list[int]] = field(default_factory=dict)

    def store(self) -> None:
        """Put every segment into the object storage."""
        for rung in RUNGS:
            init = (self.folder / f"{rung.name}-init.mp4").read_bytes()
            self._put(paths.init_key(self.id, rung.name, 0), init)
            lengths = self.lengths[rung.name] = []
            for sequence, piece in enumerate(pieces(self.folder, rung, self.seconds // UNIT)):
                self._put(paths.segment_key(self.id, rung.name, 0, sequence), piece.data)
                lengths.append(piece.duration_us)

    def publish(self, session: Session, livestream: Livestream) -> None:
        """Write the rows."""
        began = self.now - timedelta(seconds=self.seconds + 60)
        broadcast = session.get_one(Broadcast, self.id)
        broadcast.state = BroadcastState.ENDED
        broadcast.opened_at, broadcast.ended_at = began, self.now
        broadcast.generation, broadcast.generation_at = 1, self.now
        run = self._run(session, began)
        for place, rung in enumerate(RUNGS):
            self._rendition(session, run, place, rung)
        self._texts(session)
        self._pictures(session)
        livestream.state = LivestreamState.PUBLISHED
        livestream.started_at = livestream.starts_at = began
        livestream.ended_at = livestream.ends_at = livestream.published_at = self.now

    def _run(self, session: Session, began: datetime) -> Run:
        ingest = Ingest(
            id=new_id(), broadcast_id=self.id, number=0, kind=IngestKind.UPLOAD, epoch=0,
            started_at=began, closed_at=self.now, packaged_at=self.now,
        )  # fmt: skip
        run = Run(
            id=new_id(), broadcast_id=self.id, ingest_id=ingest.id, number=0,
            mode=PackagerMode.ENCODE, program_at=began,
        )  # fmt: skip
        session.add(ingest)
        session.flush()
        session.add(run)
        session.flush()
        return run

    def _rendition(self, session: Session, run: Run, place: int, rung: Rung) -> None:
        kind = RenditionKind.VIDEO if rung.height else RenditionKind.AUDIO
        row = Rendition(
            id=new_id(), broadcast_id=self.id, name=rung.name, kind=kind, position=place,
            target_duration=SEGMENT_SECONDS, width=rung.width, height=rung.height,
            frame_rate=FRAMES if rung.height else 0, codecs=rung.codecs, generation=1,
        )  # fmt: skip
        session.add(row)
        session.flush()
        init = paths.init_key(self.id, rung.name, 0)
        size, digest = self.sizes[init]
        session.add(
            InitSegment(
                run_id=run.id, rendition_id=row.id, object_key=init, size=size, sha256=digest,
                uploaded_at=self.now,
            )
        )  # fmt: skip
        at_us = 0
        for sequence, duration_us in enumerate(self.lengths[rung.name]):
            key = paths.segment_key(self.id, rung.name, 0, sequence)
            size, digest = self.sizes[key]
            session.add(
                Segment(
                    rendition_id=row.id, sequence=sequence, broadcast_id=self.id, run_id=run.id,
                    run_number=0, epoch=0, starts_us=at_us, duration_us=duration_us,
                    program_at=run.program_at + timedelta(microseconds=at_us), object_key=key,
                    size=size, sha256=digest, uploaded_at=self.now,
                )
            )  # fmt: skip
            at_us += duration_us
        session.flush()

    def _texts(self, session: Session) -> None:
        spoken = [
            (second * 1000, second * 1000 + 3800, f"At second {second} this is said.")
            for second in range(0, self.seconds, 4)
        ]
        third = self.seconds * 1000 // 3
        parts = [(n * third, (n + 1) * third, f"Part {n + 1}") for n in range(3)]
        for kind, cues in ((TrackKind.CAPTIONS, spoken), (TrackKind.CHAPTERS, parts)):
            keep_track(
                session, self.storage, broadcast_id=self.id, kind=kind, language="en",
                source=TrackSource.HUMAN, cues=cues, now=self.now,
            )  # fmt: skip

    def _pictures(self, session: Session) -> None:
        sheet = self._asset(session, "storyboard", "jpg", (self.folder / "sheet.jpg").read_bytes())
        width, height = TILE
        tiles = UNIT // TILE_SECONDS
        cues = [
            (
                number * TILE_SECONDS * 1000,
                (number + 1) * TILE_SECONDS * 1000,
                f"{sheet}#xywh={number % tiles * width},0,{width},{height}",
            )
            for number in range(self.seconds // TILE_SECONDS)
        ]
        self._asset(session, "storyvtt", "vtt", webvtt(cues).encode())
        self._asset(session, "poster", "jpg", (self.folder / "poster.jpg").read_bytes())
        self._asset(session, "sound", "m4a", (self.folder / "sound.m4a").read_bytes())

    def _asset(self, session: Session, kind: str, ending: str, data: bytes) -> str:
        name = f"{kind}-{hashlib.sha256(data).hexdigest()[:8]}.{ending}"
        key = paths.asset_key(self.id, name)
        size, digest = self._put(key, data)
        session.add(
            Asset(
                broadcast_id=self.id, kind=kind, object_key=key, size=size, sha256=digest,
                content_type=paths.content_type(key), created_at=self.now,
            )
        )  # fmt: skip
        return name

    def _put(self, key: str, data: bytes) -> tuple[int, str]:
        self.storage.put_bytes(key, data, content_type=paths.content_type(key))
        self.sizes[key] = len(data), hashlib.sha256(data).hexdigest()
        return self.sizes[key]
