"""A recording with a ladder, captions, chapters and a storyboard, made at once for benchmarks.

The site's own ladder is measured elsewhere; here only its shape matters: pictures and sound apart,
segments of four seconds, rates as the rungs have them.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from bench.broadcast import Crew, database
from bench.house import House
from catalog.enums import LivestreamState
from catalog.models import Livestream
from core.clock import utc_now
from core.ids import new_id
from media import paths
from media.binaries import ffmpeg_path
from media.enums import (
    BroadcastState,
    IngestKind,
    PackagerMode,
    RenditionKind,
    TrackKind,
    TrackSource,
)
from media.models import Asset, Broadcast, Ingest, InitSegment, Rendition, Run, Segment
from media.process import run_checked
from media.storage import S3Storage
from media.tracks import keep_track
from media.webvtt import webvtt
from web.home import load_settings

SEGMENT_SECONDS: Final = 4
FRAMES: Final = 25
TILE: Final = (160, 90)
TILE_SECONDS: Final = 10
ENCODING_SECONDS: Final = 600.0


@dataclass(frozen=True)
class Rung:
    """One rendition; ``rate`` in kilobits per second, no height for the sound."""

    name: str
    width: int
    height: int
    rate: int
    codecs: str


RUNGS: Final = (
    Rung("g1v720", 1280, 720, 2600, "avc1.64001f"),
    Rung("g1v480", 854, 480, 1150, "avc1.64001e"),
    Rung("g1v360", 640, 360, 650, "avc1.64001e"),
    Rung("g1v240", 426, 240, 230, "avc1.640015"),
    Rung("g1audio", 0, 0, 64, "mp4a.40.2"),
)


def make_replay(site: House, crew: Crew, *, seconds: int) -> str:
    """Make a public replay of that length on ``site``; return the address of its page."""
    livestream_id = str(site.livestream(crew.token, crew.host_id, auto_start=False)["id"])
    settings = load_settings({"MINDCAST_HOME": str(site.home)})
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(S3Storage.from_settings(settings)) as storage,
        database(site) as session,
    ):
        Maker(session, storage, Path(folder), livestream_id, seconds).make()
    return f"{site.url}/livestreams/{livestream_id}"


@dataclass
class Maker:
    """The rows and objects of one recording."""

    session: Session
    storage: S3Storage
    folder: Path
    livestream_id: str
    seconds: int

    def make(self) -> None:
        """Encode, store and publish."""
        livestream = self.session.get_one(Livestream, self.livestream_id)
        self.id = livestream.broadcast_id
        self.now = utc_now()
        self.began = self.now - timedelta(seconds=self.seconds + 60)
        encode(self.folder, self.seconds)
        self._end(self.session.get_one(Broadcast, self.id))
        run = self._run()
        for place, rung in enumerate(RUNGS):
            self._rendition(run, place, rung)
        self._texts()
        self._storyboard()
        livestream.state = LivestreamState.PUBLISHED
        livestream.started_at = livestream.starts_at = self.began
        livestream.ended_at = livestream.ends_at = livestream.published_at = self.now

    def _end(self, broadcast: Broadcast) -> None:
        broadcast.state = BroadcastState.ENDED
        broadcast.opened_at, broadcast.ended_at = self.began, self.now
        broadcast.generation, broadcast.generation_at = 1, self.now

    def _run(self) -> Run:
        ingest = Ingest(
            id=new_id(), broadcast_id=self.id, number=0, kind=IngestKind.UPLOAD, epoch=0,
            started_at=self.began, closed_at=self.now, packaged_at=self.now,
        )  # fmt: skip
        run = Run(
            id=new_id(), broadcast_id=self.id, ingest_id=ingest.id, number=0,
            mode=PackagerMode.ENCODE, program_at=self.began,
        )  # fmt: skip
        self.session.add(ingest)
        self.session.flush()
        self.session.add(run)
        self.session.flush()
        return run

    def _rendition(self, run: Run, place: int, rung: Rung) -> None:
        kind = RenditionKind.VIDEO if rung.height else RenditionKind.AUDIO
        row = Rendition(
            id=new_id(), broadcast_id=self.id, name=rung.name, kind=kind, position=place,
            target_duration=SEGMENT_SECONDS, width=rung.width, height=rung.height,
            frame_rate=FRAMES if rung.height else 0, codecs=rung.codecs, generation=1,
        )  # fmt: skip
        self.session.add(row)
        self.session.flush()
        init = paths.init_key(self.id, rung.name, 0)
        size, digest = self._store(init, self.folder / f"{rung.name}-init.mp4")
        self.session.add(
            InitSegment(
                run_id=run.id, rendition_id=row.id, object_key=init, size=size, sha256=digest,
                uploaded_at=self.now,
            )
        )  # fmt: skip
        at_us = 0
        for sequence, duration_us in enumerate(durations(self.folder / f"{rung.name}.m3u8")):
            key = paths.segment_key(self.id, rung.name, 0, sequence)
            size, digest = self._store(key, self.folder / f"{rung.name}-{sequence}.m4s")
            self.session.add(
                Segment(
                    rendition_id=row.id, sequence=sequence, broadcast_id=self.id, run_id=run.id,
                    run_number=0, epoch=0, starts_us=at_us, duration_us=duration_us,
                    program_at=self.began + timedelta(microseconds=at_us), object_key=key,
                    size=size, sha256=digest, uploaded_at=self.now,
                )
            )  # fmt: skip
            at_us += duration_us
        self.session.flush()

    def _texts(self) -> None:
        spoken = [
            (second * 1000, second * 1000 + 3800, f"At second {second} this is said.")
            for second in range(0, self.seconds, 4)
        ]
        third = self.seconds * 1000 // 3
        parts = [(n * third, (n + 1) * third, f"Part {n + 1}") for n in range(3)]
        for kind, cues in ((TrackKind.CAPTIONS, spoken), (TrackKind.CHAPTERS, parts)):
            keep_track(
                self.session, self.storage, broadcast_id=self.id, kind=kind, language="en",
                source=TrackSource.HUMAN, cues=cues, now=self.now,
            )  # fmt: skip

    def _storyboard(self) -> None:
        sheet = self._asset("storyboard", "jpg", (self.folder / "sheet.jpg").read_bytes())
        width, height = TILE
        cues = [
            (
                number * TILE_SECONDS * 1000,
                (number + 1) * TILE_SECONDS * 1000,
                f"{sheet}#xywh={number * width},0,{width},{height}",
            )
            for number in range(self.seconds // TILE_SECONDS)
        ]
        self._asset("storyvtt", "vtt", webvtt(cues).encode())
        self._asset("poster", "jpg", (self.folder / "poster.jpg").read_bytes())
        self._asset("sound", "m4a", (self.folder / "sound.m4a").read_bytes())

    def _asset(self, kind: str, ending: str, data: bytes) -> str:
        digest = hashlib.sha256(data).hexdigest()
        key = paths.asset_key(self.id, f"{kind}-{digest[:8]}.{ending}")
        self.storage.put_bytes(key, data, content_type=paths.content_type(key))
        self.session.add(
            Asset(
                broadcast_id=self.id, kind=kind, object_key=key, size=len(data), sha256=digest,
                content_type=paths.content_type(key), created_at=self.now,
            )
        )  # fmt: skip
        return key.rpartition("/")[2]

    def _store(self, key: str, file: Path) -> tuple[int, str]:
        data = file.read_bytes()
        self.storage.put_bytes(key, data, content_type=paths.content_type(key))
        return len(data), hashlib.sha256(data).hexdigest()


def encode(folder: Path, seconds: int) -> None:
    """Make every rendition and picture; noise makes the encoder use the rate it is given."""
    picture = f"testsrc2=size=1280x720:rate={FRAMES},noise=alls=14:allf=t"
    sources = ["-f", "lavfi", "-i", picture]
    sources += ["-f", "lavfi", "-i", "sine=frequency=330:sample_rate=48000"]
    pictures = [rung for rung in RUNGS if rung.height]
    split = f"[0:v]split={len(pictures)}" + "".join(f"[s{n}]" for n in range(len(pictures)))
    scaled = [f"[s{n}]scale={r.width}:{r.height}[v{n}]" for n, r in enumerate(pictures)]
    outputs = [
        part for n, rung in enumerate(RUNGS) for part in (*_coded(n, rung), *_listed(rung.name))
    ]
    ffmpeg(folder, [*sources, "-filter_complex", ";".join([split, *scaled]), *outputs], seconds)
    tiles = f"fps=1/{TILE_SECONDS},scale={TILE[0]}:{TILE[1]},tile={seconds // TILE_SECONDS}x1"
    first = ["-f", "lavfi", "-i", f"testsrc2=size=640x360:rate={FRAMES}"]
    ffmpeg(folder, [*first, "-vf", tiles, "-frames:v", "1", "sheet.jpg"], seconds)
    ffmpeg(folder, [*first, "-frames:v", "1", "poster.jpg"], 1)
    ffmpeg(folder, [*sources[4:], "-c:a", "aac", "-b:a", "64k", "sound.m4a"], seconds)


def ffmpeg(folder: Path, arguments: list[str], seconds: int) -> None:
    """Run ffmpeg in ``folder``; every output lasts ``seconds``."""
    timed = list(_timed(arguments, seconds))
    command = [ffmpeg_path(), "-loglevel", "error", "-nostdin", *timed]
    run_checked(command, cwd=folder, timeout=ENCODING_SECONDS)


def durations(playlist: Path) -> Iterator[int]:
    """Yield the microseconds of each segment that ffmpeg listed."""
    for line in playlist.read_text().splitlines():
        if line.startswith("#EXTINF:"):
            yield round(float(line.removeprefix("#EXTINF:").partition(",")[0]) * 1_000_000)


def _coded(number: int, rung: Rung) -> list[str]:
    if not rung.height:
        return ["-map", "1:a", "-c:a", "aac", "-b:a", f"{rung.rate}k"]
    rate, gop = f"{rung.rate}k", str(SEGMENT_SECONDS * FRAMES)
    x264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", gop]
    steady = ["-b:v", rate, "-maxrate", rate, "-bufsize", rate, "-sc_threshold", "0"]
    return ["-map", f"[v{number}]", *x264, *steady]


def _listed(name: str) -> list[str]:
    hls = ["-f", "hls", "-hls_time", str(SEGMENT_SECONDS), "-hls_list_size", "0"]
    files = ["-hls_segment_type", "fmp4", "-hls_fmp4_init_filename", f"{name}-init.mp4"]
    return [*hls, *files, "-hls_segment_filename", f"{name}-%d.m4s", f"{name}.m3u8"]


def _timed(arguments: list[str], seconds: int) -> Iterator[str]:
    """Put the length before every output: a file name that no option takes."""
    endings = (".m3u8", ".jpg", "sound.m4a")
    for argument in arguments:
        if argument.endswith(endings):
            yield from ("-t", str(seconds))
        yield argument
