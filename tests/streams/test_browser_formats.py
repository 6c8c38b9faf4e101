"""Recordings as each browser makes them, through the chunk door to playlists that ffprobe reads."""

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from sqlalchemy import select

from core.database import Sessions, read_only
from core.settings import Settings
from media import hls, webm
from media.binaries import ffprobe_path
from media.models import Ingest
from media.paths import key_of_url, playlist_url
from media.playlists import forget_listings, media_playlist
from media.process import run_checked
from tests.fakes.browsers import pieces
from tests.fakes.formats import FORMATS, recorded
from tests.fakes.nodes import wait_until
from tests.fakes.studios import Studio, open_studio

pytestmark = pytest.mark.integration

SECONDS = 6.0
SLICES = 24
SEGMENT = 1.0
FRAME = 1 / 30


@pytest.fixture
def studio(sessions: Sessions, settings: Settings, now: datetime) -> Iterator[Studio]:
    with open_studio(sessions, settings, now) as opened:
        yield opened


def send(studio: Studio, name: str, first: int = 0) -> None:
    """Send a whole recording, cut wherever a quarter of a second may fall."""
    parts = pieces(recorded(name, SECONDS), SLICES)
    assert studio.send(parts, first) == [201] * SLICES


def listed(studio: Studio, rendition: str) -> hls.MediaPlaylist:
    forget_listings()
    with read_only(studio.sessions) as session:
        whole = media_playlist(session, broadcast_id=studio.broadcast_id, rendition=rendition)
    return hls.parse_media_playlist(whole.text)


def key_of(studio: Studio, rendition: str, uri: str) -> str:
    return key_of_url(urljoin(playlist_url(studio.broadcast_id, rendition), uri))


def runs_of(studio: Studio, rendition: str, folder: Path) -> list[Path]:
    """Write what each run of a rendition is made of into a file: its map, then its segments."""
    files: dict[str, Path] = {}
    for segment in listed(studio, rendition).segments:
        key = key_of(studio, rendition, segment.init_uri)
        path = files.setdefault(key, folder / f"{rendition}{len(files)}.mp4")
        with path.open("ab") as file:
            if file.tell() == 0:
                file.write(stored(studio, key))
            file.write(stored(studio, key_of(studio, rendition, segment.uri)))
    return list(files.values())


def stored(studio: Studio, key: str) -> bytes:
    """Return an object; what is listed may still be on its way from the node's spool."""
    objects = studio.storage.objects
    wait_until(lambda: key in objects, key)
    return objects[key][0]


def probed(path: Path) -> dict[str, Any]:
    """Return codec, size and seconds of the picture or sound in a file, by its packets."""
    words = ("-v", "error", "-of", "json", "-show_streams", "-show_packets")
    done = run_checked([ffprobe_path(), *words, path], timeout=60)
    assert done.stderr == b""
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def picture_of(path: Path) -> tuple[str, int, int]:
    streams = probed(path)["streams"]
    assert [one["codec_type"] for one in streams] == ["video", "audio"]
    assert streams[1]["codec_name"] == "aac"
    return streams[0]["codec_name"], streams[0]["width"], streams[0]["height"]


def seconds_of(path: Path, kind: str) -> float:
    packets = [one for one in probed(path)["packets"] if one["codec_type"] == kind]
    times = [float(one["pts_time"]) for one in packets]
    assert times == sorted(times)
    return times[-1] - times[0] + float(packets[-1].get("duration_time", 0))


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        ("firefox", "encode"),
        ("chromium_vp9", "encode"),
        ("chromium_h264", "copy"),
        ("safari", "encode"),
        ("safari_portrait", "encode"),
    ],
)
def test_every_browser_is_played_whole(
    studio: Studio, tmp_path: Path, name: str, mode: str
) -> None:
    send(studio, name)
    studio.end()
    assert studio.runs() == [mode]
    assert studio.check_playlists() == 0
    wait_until(lambda: studio.stored_us() >= (SECONDS - SEGMENT) * 1e6, "the objects")
    (source,), (sound,) = (runs_of(studio, one, tmp_path) for one in ("source", "sound"))
    assert picture_of(source) == ("h264", *FORMATS[name].size)
    lengths = {
        "listed": studio.seconds(),
        "picture": seconds_of(source, "video"),
        "sound": seconds_of(source, "audio"),
        "sound alone": seconds_of(sound, "audio"),
    }
    assert lengths == pytest.approx(dict.fromkeys(lengths, SECONDS), abs=SEGMENT)
    assert lengths["listed"] == pytest.approx(lengths["picture"], abs=2 * FRAME)


def test_every_segment_begins_with_a_keyframe(studio: Studio, tmp_path: Path) -> None:
    send(studio, "firefox")  # its own keyframes are 0.4, 2.7, 0.4 and 2.4 s apart
    studio.end()
    wait_until(lambda: studio.stored_us() >= (SECONDS - SEGMENT) * 1e6, "the objects")
    (source,) = runs_of(studio, "source", tmp_path)
    pictures = [one for one in probed(source)["packets"] if one["codec_type"] == "video"]
    keyframes = [float(one["pts_time"]) for one in pictures if one["flags"].startswith("K")]
    starts, at = [], keyframes[0]
    for segment in listed(studio, "source").segments:
        starts.append(at)
        at += segment.duration_us / 1e6
    nearest = [min(abs(start - keyframe) for keyframe in keyframes) for start in starts]
    assert max(nearest) < FRAME / 2


def test_a_shared_screen_of_another_size_goes_on_in_the_same_broadcast(
    studio: Studio, tmp_path: Path
) -> None:
    send(studio, "chromium_h264")
    send(studio, "chromium_screen", SLICES)
    send(studio, "chromium_h264", 2 * SLICES)
    studio.end()
    assert studio.check_playlists() == 2
    wait_until(lambda: studio.stored_us() >= (3 * SECONDS - SEGMENT) * 1e6, "the objects")
    files = runs_of(studio, "source", tmp_path)
    camera, screen = (("h264", *FORMATS[f"chromium_{one}"].size) for one in ("h264", "screen"))
    assert [picture_of(path) for path in files] == [camera, screen, camera]
    assert [seconds_of(path, "video") for path in files] == pytest.approx(
        [SECONDS] * 3, abs=SEGMENT
    )
    assert studio.seconds() == pytest.approx(3 * SECONDS, abs=SEGMENT)
    with read_only(studio.sessions) as session:
        shapes = session.scalars(select(Ingest.shape).order_by(Ingest.number)).all()
    assert [(shape["width"], shape["height"]) for shape in shapes] == [
        FORMATS[f"chromium_{one}"].size for one in ("h264", "screen", "h264")
    ]


def test_a_picture_that_is_turned_begins_anew(studio: Studio, tmp_path: Path) -> None:
    send(studio, "safari")
    send(studio, "safari_portrait", SLICES)
    studio.end()
    assert (studio.runs(), studio.check_playlists()) == (["encode", "encode"], 1)
    wait_until(lambda: studio.stored_us() >= (2 * SECONDS - SEGMENT) * 1e6, "the objects")
    files = runs_of(studio, "source", tmp_path)
    assert [picture_of(path)[1:] for path in files] == [(640, 360), (360, 640)]


@pytest.mark.parametrize("name", ["firefox", "chromium_vp9", "chromium_h264"])
def test_samples_are_written_as_a_recorder_writes(name: str) -> None:
    data = recorded(name, SECONDS)
    assert data.startswith(webm.MAGIC)
    assert b"\x1f\x43\xb6\x75\x01\xff\xff\xff\xff\xff\xff\xff" in data  # a cluster of no size
    assert b"\x1c\x53\xbb\x6b" not in data  # no cues
    blocks = list(webm.Scanner().feed(data))
    keyframes = [block.time_us for block in blocks if block.track == 1 and block.keyframe]
    gaps = {after - before for before, after in pairwise(keyframes)}
    assert len(gaps) > 1 or name != "firefox"


def test_fragments_of_safari_do_not_begin_with_keyframes() -> None:
    data = recorded("safari", SECONDS)
    assert data[4:8] == b"ftyp"
    assert data.count(b"moof") > 2 * SECONDS  # keyframes come every 2.5 s
