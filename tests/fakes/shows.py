"""Broadcasts as rows, for tests of what is made from them."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.ids import new_id
from media import paths
from media.enums import BroadcastState, IngestKind, PackagerMode, RenditionKind
from media.models import Broadcast, Ingest, InitSegment, Rendition, Run, Segment


class Show:
    """A broadcast that a test adds runs and segments to."""

    def __init__(self, session: Session, now: datetime, *renditions: str) -> None:
        self.session = session
        self.now = now
        self.clock = now
        self.broadcast = Broadcast(
            id=new_id(), state=BroadcastState.RECEIVING, created_at=now, opened_at=now
        )
        session.add(self.broadcast)
        session.flush()
        self.ingest = Ingest(
            id=new_id(),
            broadcast_id=self.id,
            number=0,
            kind=IngestKind.RTMP,
            epoch=1,
            started_at=now,
        )
        self.renditions = {
            name: self.rendition(name, place) for place, name in enumerate(renditions)
        }
        session.add_all([self.ingest, *self.renditions.values()])
        session.flush()
        self.lengths = dict.fromkeys(renditions, 0)
        self.run: Run | None = None

    @property
    def id(self) -> str:
        return self.broadcast.id

    def rendition(self, name: str, position: int) -> Rendition:
        sound = name == "sound"
        return Rendition(
            id=new_id(),
            broadcast_id=self.id,
            name=name,
            kind=RenditionKind.AUDIO if sound else RenditionKind.MUXED,
            position=position,
            width=0 if sound else 1280,
            height=0 if sound else 720,
            frame_rate=0 if sound else 30,
            codecs="mp4a.40.2" if sound else "avc1.64001f,mp4a.40.2",
        )

    def begin_run(self, number: int) -> Run:
        self.run = Run(
            id=new_id(),
            broadcast_id=self.id,
            ingest_id=self.ingest.id,
            number=number,
            mode=PackagerMode.COPY,
            program_at=self.clock,
        )
        self.session.add(self.run)
        self.session.flush()
        for name, rendition in self.renditions.items():
            key = paths.init_key(self.id, name, number)
            self.session.add(
                InitSegment(
                    run_id=self.run.id, rendition_id=rendition.id, object_key=key, size=1, sha256=""
                )
            )
        return self.run

    def add(
        self,
        *names: str,
        size: int = 100_000,
        duration_us: int = 1_000_000,
        flush: bool = True,
    ) -> None:
        """Add one segment to the named renditions and move the clock on."""
        assert self.run is not None
        for name in names or tuple(self.renditions):
            sequence = self.lengths[name]
            self.lengths[name] += 1
            self.session.add(
                Segment(
                    rendition_id=self.renditions[name].id,
                    sequence=sequence,
                    broadcast_id=self.id,
                    run_id=self.run.id,
                    run_number=self.run.number,
                    epoch=1,
                    starts_us=(self.clock - self.run.program_at) // timedelta(microseconds=1),
                    duration_us=duration_us,
                    program_at=self.clock,
                    object_key=paths.segment_key(self.id, name, self.run.number, sequence),
                    size=size,
                    sha256="",
                )
            )
        self.clock += timedelta(microseconds=duration_us)
        if flush:
            self.session.flush()

    def end(self) -> None:
        self.broadcast.state = BroadcastState.ENDED
        self.broadcast.ended_at = self.clock
        self.session.flush()
