"""A replay for browsers: its rows in a real application, the bytes of its media from a folder."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Route
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from catalog.enums import LivestreamState, Visibility
from catalog.models import Livestream
from core.clock import utc_now
from core.orm import Base
from core.settings import read_settings
from media.binaries import ffmpeg_path
from media.enums import BroadcastState, RenditionKind, TrackKind, TrackSource
from media.models import Asset, Broadcast, Rendition
from media.paths import asset_key, key_of_url
from media.process import run_checked
from media.tracks import keep_track
from media.webvtt import webvtt
from tests.fakes.storage import MemoryStorage
from web import assets
from web.app import create_app
from web.database import db
from web.demo import load_demo

SECONDS = 60
PICTURES = {"v180": "320x180", "v90": "160x90"}
M3U8 = "application/vnd.apple.mpegurl"


@dataclass
class Theatre:
    """The media of a replay; ``prefix`` stands before the names in its master playlist now."""

    folder: Path
    storage: MemoryStorage
    prefix: str = "g1"
    asked: list[str] = field(default_factory=list)
    is_cut: bool = False
    """Whether the new ladder lacks the first segment, and the old one goes when it is told to."""
    waiting: list[Route] = field(default_factory=list)

    def answer(self, route: Route) -> None:
        """Answer a media request; of an older ladder only what is fetched already is left."""
        path = route.request.url.partition("/media/")[2].partition("?")[0]
        self.asked.append(path.partition("/")[2])
        _, folder, *name = path.split("/")
        if folder == "master.m3u8":
            route.fulfill(body=self.master(), content_type=M3U8)
        elif folder == "assets":
            data, kind = self.storage.objects[key_of_url(f"/media/{path}")]
            route.fulfill(body=data, content_type=kind)
        elif self.is_cut and self.prefix == "old" and "-3." in name[0]:
            self.waiting.append(route)
        elif self.is_cut and folder.startswith(self.prefix) and name[0] == "index.m3u8":
            route.fulfill(body=self.timed(folder.removeprefix(self.prefix)), content_type=M3U8)
        elif folder.startswith(self.prefix) and not self._retires(name[0]):
            kind = M3U8 if name[0] == "index.m3u8" else "video/mp4"
            rung = folder.removeprefix(self.prefix)
            file = f"{rung}.m3u8" if kind == M3U8 else name[0]
            route.fulfill(path=self.folder / file, content_type=kind)
        else:
            route.fulfill(status=404)

    def _retires(self, name: str) -> bool:
        """Let the old ladder go when its fourth segment is asked for: a new one is there."""
        if self.prefix != "old" or "-3." not in name:
            return False
        self.prefix = "g1"
        return True

    def retire(self) -> None:
        """Let the old ladder go: what waits for an answer of it gets none."""
        self.prefix = "g1"
        for route in self.waiting:
            route.fulfill(status=404)

    def timed(self, rung: str) -> str:
        """Return a playlist with the times of its segments; the new one begins with the second."""
        number, lines = 0, []
        for line in (self.folder / f"{rung}.m3u8").read_text().splitlines():
            if line.startswith("#EXTINF"):
                lines.append(f"#EXT-X-PROGRAM-DATE-TIME:2026-03-10T18:00:{4 * number:02}.000Z")
                number += 1
            lines.append(line)
        if self.prefix != "old":
            first = next(at for at, line in enumerate(lines) if "DATE-TIME" in line)
            del lines[first : first + 3]
        return "\n".join(lines)

    def master(self) -> str:
        """Return the master playlist, sound apart."""
        sound = (
            f'TYPE=AUDIO,GROUP-ID="s",NAME="Sound",DEFAULT=YES,URI="{self.prefix}audio/index.m3u8"'
        )
        lines = ["#EXTM3U", "#EXT-X-INDEPENDENT-SEGMENTS", f"#EXT-X-MEDIA:{sound}"]
        for number, (name, size) in enumerate(PICTURES.items()):
            rate = 900_000 - 500_000 * number
            codecs = f'CODECS="avc1.42c01e,mp4a.40.2",RESOLUTION={size},AUDIO="s"'
            lines += [f"#EXT-X-STREAM-INF:BANDWIDTH={rate},{codecs}"]
            lines += [f"{self.prefix}{name}/index.m3u8"]
        return "\n".join([*lines, ""])


def encode(made: Path) -> None:
    """Encode two pictures and a sound in segments of 4 s."""
    command: list[str | Path] = [ffmpeg_path(), "-loglevel", "error", "-nostdin"]
    command += ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=10"]
    command += ["-f", "lavfi", "-i", "sine=frequency=220:sample_rate=48000"]
    coded = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "40", "-pix_fmt", "yuv420p"]
    for name, size in PICTURES.items():
        command += ["-map", "0:v", "-s", size, *coded, *_listed(name)]
    command += ["-map", "1:a", "-c:a", "aac", "-b:a", "48k", *_listed("audio")]
    run_checked(command, cwd=made, timeout=60)


def _listed(name: str) -> list[str]:
    files = ["-hls_fmp4_init_filename", f"{name}-init.mp4", "-hls_segment_filename"]
    hls = ["-f", "hls", "-hls_time", "4", "-hls_list_size", "0", "-hls_segment_type", "fmp4"]
    return ["-t", str(SECONDS), *hls, *files, f"{name}-%d.m4s", f"{name}.m3u8"]


@contextmanager
def served_replay(home: Path, folder: Path, storage: MemoryStorage) -> Iterator[str]:
    """Serve the pages; give the address of a replay that has everything."""
    assets.build()
    environment = {
        "MINDCAST_HOME": str(home),
        "DATABASE_URL": f"sqlite:///{home / 'pages.sqlite3'}",
        "SECRET_KEY": "a key for tests",
        "DATA_KEY": "a data key for tests",
        "EMBED_SITES": "http://localhost",
    }
    app = create_app(read_settings(environment))
    with app.app_context():
        Base.metadata.create_all(db.engine)
        load_demo(db.session, now=utc_now())
        shown = _publish(db.session, storage, folder)
        db.session.commit()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}/livestreams/{shown}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _publish(session: Session, storage: MemoryStorage, folder: Path) -> str:
    """Make a replay of one of the demo's livestreams to come."""
    public = Livestream.visibility == Visibility.PUBLIC
    announced = Livestream.state == LivestreamState.SCHEDULED
    livestream = session.scalars(select(Livestream).where(public, announced)).first()
    assert livestream is not None
    now = utc_now()
    livestream.state = LivestreamState.PUBLISHED
    livestream.started_at, livestream.ended_at = now - timedelta(minutes=5), now
    broadcast = session.get_one(Broadcast, livestream.broadcast_id)
    broadcast.state, broadcast.generation = BroadcastState.ENDED, 1
    broadcast.opened_at = broadcast.ended_at = now
    sound = RenditionKind.AUDIO
    session.add(Rendition(broadcast_id=broadcast.id, name="g1audio", kind=sound, generation=1))
    spoken = [(n * 4000, n * 4000 + 4000, f"These words begin at {n * 4}.") for n in range(15)]
    parts = [(n * 20_000, (n + 1) * 20_000, f"Part {n + 1}") for n in range(3)]
    for kind, cues in ((TrackKind.CAPTIONS, spoken), (TrackKind.CHAPTERS, parts)):
        keep_track(
            session, storage, broadcast_id=broadcast.id, kind=kind, language="en",
            source=TrackSource.HUMAN, cues=cues, now=now,
        )  # fmt: skip
    key = asset_key(broadcast.id, "storyvtt-1a2b3c4d.vtt")
    tiles = [
        (n * 10_000, n * 10_000 + 9_999, f"sheet.jpg#xywh={n * 160},0,160,90") for n in range(6)
    ]
    storage.put_bytes(key, webvtt(tiles).encode(), content_type="text/vtt")
    sheet = asset_key(broadcast.id, "sheet.jpg")
    storage.put_bytes(sheet, _sheet(folder), content_type="image/jpeg")
    row = Asset(broadcast_id=broadcast.id, kind="storyvtt", object_key=key, created_at=now)
    row.content_type, row.size, row.sha256 = "text/vtt", 1, ""
    session.add(row)
    return livestream.id


def _sheet(folder: Path) -> bytes:
    source = ["-f", "lavfi", "-i", "testsrc2=size=960x90:rate=1", "-frames:v", "1", "sheet.jpg"]
    run_checked([ffmpeg_path(), "-loglevel", "error", "-y", *source], cwd=folder, timeout=30)
    return (folder / "sheet.jpg").read_bytes()
