"""The ladder of a replay against one plain ffmpeg command that makes the same renditions.

Promise 1: at most 1.05 times its CPU time and 1.1 times its wall time. The plain command decodes
once, encodes the same rungs with the same options, copies what is copied, and encodes the sound;
it does not measure loudness, checks nothing, and stores nothing but files. Poster and storyboard
are other steps and not counted. Both run in turn; the median of three.
"""

import os
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from threading import Event, Thread

from sqlalchemy import update
from sqlalchemy.orm import Session

from bench.figures import Figure, at_most
from bench.plain_ladder import plain_arguments
from core.clock import utc_now
from core.database import Sessions, make_engine, make_sessions, reading
from core.ids import new_id
from core.orm import Base
from core.settings import Settings
from media import paths
from media.binaries import ffmpeg_path
from media.enums import BroadcastState, IngestKind, PackagerMode, RenditionKind
from media.errors import StorageUnavailable
from media.jobs import STEPS
from media.ladder import kinds
from media.ladder.planning import enqueue_ladder
from media.ladder.rows import plan_of
from media.ladder.rungs import Rung
from media.models import Broadcast, Ingest, InitSegment, Rendition, Run, Segment
from media.mp4 import FragmentReader, Init
from media.process import run_checked
from media.segmenter import Segmenter
from media.storage import S3Storage
from web.steps import LONG
from web.supervisor.choices import make_choices
from web.supervisor.storage import storage_child
from web.worker.main import Worker, run_until_stopped

QUICK = os.environ.get("BENCH_QUICK") == "1"
SECONDS = 20 if QUICK else 60
ROUNDS = 1 if QUICK else 3
LADDER = (kinds.PLAN, kinds.SOUND, kinds.PART, kinds.PUBLISH)
PICTURE = "testsrc2=s=1280x720:r=30,noise=alls=5:allf=t,format=yuv420p"
SPEECH = (
    "aevalsrc='0.3*(0.5+0.5*sin(2*PI*2.7*t))*(sin(2*PI*(140+20*sin(3*t))*t)"
    "+0.4*sin(2*PI*560*t)+0.2*(random(0)-0.5))':s=48000:c=mono"
)


@dataclass(frozen=True)
class Cost:
    """Seconds of processor time and of waiting."""

    cpu: float
    wall: float


@contextmanager
def measured() -> Iterator[list[Cost]]:
    """Measure what this process and its children take."""
    found: list[Cost] = []
    before, began = _cpu(), time.monotonic()
    yield found
    found.append(Cost(_cpu() - before, time.monotonic() - began))


def _cpu() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def measure() -> list[Figure]:
    """Run both in turn and compare."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings, choices = make_choices(
            {"MINDCAST_HOME": str(folder / "home"), "SECRET_KEY": "bench", "DATA_KEY": "bench"}
        )
        (settings.home / "objects").mkdir(parents=True, exist_ok=True)
        with storage_child(settings, choices, folder / "storage.log"):
            return _compare(settings, folder)


def _compare(settings: Settings, folder: Path) -> list[Figure]:
    engine = make_engine(f"sqlite:///{folder / 'bench.sqlite3'}")
    Base.metadata.create_all(engine)
    bench = _Bench(make_sessions(engine), S3Storage.from_settings(settings), settings, folder)
    _wait_for_bucket(bench.storage)
    bench.record_source()
    ours, plain = [], []
    rungs: tuple[Rung, ...] = ()
    for _ in range(ROUNDS):
        cost, rungs = bench.ladder()
        ours.append(cost)
        plain.append(bench.plain(rungs))
    cpu = median(one.cpu / other.cpu for one, other in zip(ours, plain, strict=True))
    wall = median(one.wall / other.wall for one, other in zip(ours, plain, strict=True))
    made = f"{SECONDS} s of 720p: {', '.join(_say(rung) for rung in rungs)} and sound"
    engine.dispose()
    return [
        at_most(1, "ladder, CPU against one plain ffmpeg", cpu, "x", 1.05, made),
        at_most(1, "ladder, wall against one plain ffmpeg", wall, "x", 1.1),
        Figure(1, "ladder, CPU", median(one.cpu for one in ours), "s"),
        Figure(1, "ladder, wall", median(one.wall for one in ours), "s"),
        Figure(1, "plain ffmpeg, CPU", median(one.cpu for one in plain), "s"),
        Figure(1, "plain ffmpeg, wall", median(one.wall for one in plain), "s"),
    ]


def _wait_for_bucket(storage: S3Storage) -> None:
    for _ in range(60):
        try:
            storage.ensure_bucket()
        except StorageUnavailable:
            time.sleep(0.25)
        else:
            return
    message = "the storage does not answer"
    raise SystemExit(message)


def _say(rung: Rung) -> str:
    return f"{rung.height}p {'copied' if rung.copied else 'encoded'}"


@dataclass
class _Bench:
    """A database, a storage and a source to make ladders of."""

    sessions: Sessions
    storage: S3Storage
    settings: Settings
    folder: Path

    def record_source(self) -> None:
        """Make the source: one second per keyframe, as an encoder sends it."""
        plain = "f=mp4:use_editlist=0:movflags=+delay_moov+default_base_moof"
        picture = f"[{plain}+frag_keyframe:video_track_timescale=90000]"
        sound = f"[{plain}:select=a:frag_duration=1000000]"
        run_checked(
            [
                *(ffmpeg_path(), "-loglevel", "error", "-nostdin", "-y"),
                *("-f", "lavfi", "-i", PICTURE, "-f", "lavfi", "-i", SPEECH),
                *("-t", str(SECONDS), "-c:v", "libx264", "-preset", "veryfast", "-b:v", "2200k"),
                *("-maxrate", "2600k", "-bufsize", "2600k", "-g", "30", "-sc_threshold", "0"),
                *("-c:a", "aac", "-b:a", "96k", "-f", "tee", "-map", "0:v", "-map", "1:a"),
                *("-flags", "+global_header+cgop"),
                f"{picture}source.mp4|{sound}sound.mp4",
            ],
            timeout=600,
            cwd=self.folder,
        )

    def ladder(self) -> tuple[Cost, tuple[Rung, ...]]:
        """Make the ladder of a fresh broadcast with a worker; return what it took."""
        broadcast_id = self.broadcast()
        steps = {kind: step for kind, step in STEPS.items() if kind in LADDER}
        short = {kind: step for kind, step in steps.items() if kind not in LONG}
        stop = Event()
        given = (self.sessions, self.storage, self.settings, stop)
        lanes = [
            Thread(target=run_until_stopped, args=(Worker(*given, steps=its),))
            for its in (steps, short)
        ]
        with measured() as found:
            for lane in lanes:
                lane.start()
            self.wait_for_ladder(broadcast_id)
            stop.set()
            for lane in lanes:
                lane.join()
        with reading(), self.sessions() as session:
            broadcast = session.get_one(Broadcast, broadcast_id)
            plan = plan_of(session, broadcast_id=broadcast_id, generation=1)
        if broadcast.generation != 1 or plan is None:
            message = "the ladder was not finished"
            raise SystemExit(message)
        return found[0], plan.rungs

    def wait_for_ladder(self, broadcast_id: str) -> None:
        """Wait until it is shown; the worker of a site has the same two lanes."""
        ends = time.monotonic() + 600
        while time.monotonic() < ends:
            with reading(), self.sessions() as session:
                if session.get_one(Broadcast, broadcast_id).generation:
                    return
            time.sleep(0.05)

    def plain(self, rungs: tuple[Rung, ...]) -> Cost:
        """Make the same renditions with one command."""
        target = self.folder / "plain"
        target.mkdir(exist_ok=True)
        with measured() as found:
            run_checked(plain_arguments(self.folder / "source.mp4", rungs), timeout=600, cwd=target)
        return found[0]

    def broadcast(self) -> str:
        """Put the source into storage as an ended broadcast; return its id."""
        now = utc_now() - timedelta(minutes=5)
        broadcast_id = new_id()
        with self.sessions.begin() as session:
            session.add(Broadcast(id=broadcast_id, created_at=now, opened_at=now, ended_at=now))
            session.flush()
            ingest = Ingest(
                broadcast_id=broadcast_id, number=0, kind=IngestKind.RTMP, epoch=0, started_at=now
            )
            session.add(ingest)
            session.flush()
            run = Run(
                broadcast_id=broadcast_id,
                ingest_id=ingest.id,
                number=0,
                mode=PackagerMode.COPY,
                program_at=now,
            )
            session.add(run)
            session.flush()
            self._add(session, run, "source", RenditionKind.MUXED, 0)
            self._add(session, run, "sound", RenditionKind.AUDIO, 1)
            enqueue_ladder(session, broadcast_id=broadcast_id, now=now)
            session.execute(
                update(Broadcast)
                .where(Broadcast.id == broadcast_id)
                .values(state=BroadcastState.ENDED)
            )
        return broadcast_id

    def _add(
        self, session: Session, run: Run, name: str, kind: RenditionKind, position: int
    ) -> None:
        rendition = Rendition(
            id=new_id(), broadcast_id=run.broadcast_id, name=name, kind=kind, position=position
        )
        reader, segmenter, cuts = FragmentReader(), Segmenter(), []
        for found in reader.feed((self.folder / f"{name}.mp4").read_bytes()):
            if not isinstance(found, Init):
                cuts += segmenter.take(found)
        cuts += segmenter.finish()
        init = reader.init
        if init is None:
            raise SystemExit(name)
        if kind is RenditionKind.MUXED:
            rendition.frame_rate = 30.0
        rendition.codecs = ",".join(track.codec for track in init.tracks)
        rendition.bandwidth = max(len(cut.data) * 8_000_000 // cut.duration_us for cut in cuts)
        session.add(rendition)
        session.flush()
        key = paths.init_key(run.broadcast_id, name, 0)
        self.storage.put_bytes(key, init.data, content_type="video/mp4")
        session.add(
            InitSegment(run_id=run.id, rendition_id=rendition.id, object_key=key, size=1, sha256="")
        )
        for sequence, cut in enumerate(cuts):
            key = paths.segment_key(run.broadcast_id, name, 0, sequence)
            self.storage.put_bytes(key, cut.data, content_type="video/mp4")
            row = Segment(
                rendition_id=rendition.id,
                sequence=sequence,
                broadcast_id=run.broadcast_id,
                run_id=run.id,
                run_number=0,
                epoch=0,
                starts_us=cut.starts_us,
                duration_us=cut.duration_us,
                program_at=run.program_at + timedelta(microseconds=cut.starts_us),
                object_key=key,
                size=len(cut.data),
                sha256="",
            )
            session.add(row)


if __name__ == "__main__":
    for figure in measure():
        print(figure.line())
