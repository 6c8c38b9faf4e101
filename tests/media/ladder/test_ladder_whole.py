import json
import re
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from core.clock import utc_now
from media import hls, paths
from media.assets import find_asset
from media.binaries import ffmpeg_path, ffprobe_path
from media.enums import BroadcastState
from media.errors import NoSuchMedia
from media.feeds.ports import Shape
from media.models import Broadcast, Ingest
from media.mp4 import Fragment, FragmentReader
from media.playlists import sound_rendition
from media.process import run_checked
from tests.media.ladder.conftest import House

pytestmark = pytest.mark.integration
once = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""For what does not depend on the kind of database."""

LADDER = {"g1v360": "video", "g1v240": "video", "g1audio": "audio"}


def probed(file: Path, *entries: str) -> dict[str, Any]:
    words: list[str | Path] = ["-v", "error", *any_names(file), "-of", "json"]
    done = run_checked([ffprobe_path(), *words, *entries, file], timeout=60)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def any_names(file: Path) -> list[str | Path]:
    """Return the option by which a playlist may name segments of any ending."""
    return ["-allowed_extensions", "ALL"] if file.suffix == ".m3u8" else []


def starts_of(house: House, name: str) -> list[int]:
    """Return where the fragments of each segment begin, by what its bytes say."""
    starts, reader, run = [], FragmentReader(), -1
    for row in house.segments(name):
        if row.run_number != run:
            reader, run = FragmentReader(), row.run_number
            key = paths.init_key(house.id, name, run)
            assert len(list(reader.feed(house.storage.objects[key][0]))) == 1
        data = house.storage.objects[row.object_key][0]
        fragments = [one for one in reader.feed(data) if isinstance(one, Fragment)]
        starts.append(fragments[0].starts_us)
    return starts


@pytest.fixture
def ladder(made: Callable[..., House]) -> House:
    return made(runs=2)


def test_ladder_takes_the_place_of_the_live_renditions(ladder: House) -> None:
    assert set(ladder.states().values()) == {"done"}
    broadcast = ladder.broadcast()
    assert broadcast.generation == 1
    assert broadcast.generation_at is not None
    rows = ladder.renditions(1)
    assert {name: row.kind for name, row in rows.items()} == LADDER
    assert [(row.width, row.height) for row in rows.values()] == [(640, 360), (426, 240), (0, 0)]
    assert [row.target_duration for row in rows.values()] == [4, 4, 4]
    master = hls.parse_master(ladder.master())
    assert master.uris() == [f"{name}/index.m3u8" for name in LADDER]
    assert [one["CODECS"].partition(".")[0] for one in master.variants] == ["avc1", "avc1", "mp4a"]
    assert ladder.listed() <= ladder.storage.objects.keys()


def test_renditions_have_the_same_segments_runs_and_times(ladder: House) -> None:
    picture, low, sound = (ladder.segments(name) for name in LADDER)
    facts = [(row.sequence, row.run_number, row.starts_us, row.program_at) for row in picture]
    assert [one[:2] for one in facts] == [(0, 0), (1, 0), (2, 0), (3, 1), (4, 1), (5, 1)]
    assert [(r.sequence, r.run_number, r.starts_us, r.program_at) for r in low] == facts
    assert [(row.sequence, row.run_number) for row in sound] == [one[:2] for one in facts]
    for row, other in zip(picture, sound, strict=True):
        assert abs(row.starts_us - other.starts_us) <= 21_334
        assert abs(row.program_at - other.program_at) <= timedelta(microseconds=21_334)
    for name in LADDER:
        rows = ladder.segments(name)
        apart = [abs(a - b.starts_us) for a, b in zip(starts_of(ladder, name), rows, strict=True)]
        assert max(apart) <= 1
        for one, following in pairwise(rows):
            if one.run_number == following.run_number:
                assert abs(one.starts_us + one.duration_us - following.starts_us) <= 1
        assert sum(row.duration_us for row in rows) == pytest.approx(18_000_000, abs=42_667)


def test_source_that_fits_is_copied_and_the_others_are_encoded(
    ladder: House, tmp_path: Path
) -> None:
    reader, copied = FragmentReader(), FragmentReader()
    for name, into in (("source", reader), ("g1v360", copied)):
        data = [ladder.storage.objects[paths.init_key(ladder.id, name, 0)][0]]
        data += [
            ladder.storage.objects[row.object_key][0]
            for row in ladder.segments(name)
            if row.run_number == 0
        ]
        file = tmp_path / f"{name}.mp4"
        file.write_bytes(b"".join(data))
        assert list(into.feed(file.read_bytes()))
    hashes = [
        run_checked(
            [
                *(ffmpeg_path(), "-v", "error", "-i", tmp_path / name),
                *("-map", "0:v", "-c", "copy", "-f", "hash", "-"),
            ],
            timeout=60,
        ).stdout
        for name in ("source.mp4", "g1v360.mp4")
    ]
    assert hashes[0] == hashes[1]


def test_another_program_plays_the_ladder(ladder: House, tmp_path: Path) -> None:
    master = ladder.write(tmp_path / "objects")
    found = probed(
        master, "-count_packets", "-show_entries", "stream=codec_type,width,nb_read_packets"
    )
    pictures = [one for one in found["streams"] if one["codec_type"] == "video"]
    assert {int(one["width"]) for one in pictures} == {640, 426}
    assert {int(one["nb_read_packets"]) for one in pictures} == {180}
    for name in LADDER:
        index = paths.spool_path(tmp_path / "objects", paths.playlist_key(ladder.id, name))
        length = probed(index, "-show_entries", "format=duration")["format"]["duration"]
        assert float(length) == pytest.approx(18, abs=0.05)


def test_sound_is_as_loud_as_speech_and_can_be_downloaded(ladder: House, tmp_path: Path) -> None:
    with ladder.sessions() as session:
        asset = find_asset(session, broadcast_id=ladder.id, kind="sound")
    assert asset is not None
    assert re.fullmatch(r".*/assets/sound-[0-9a-f]{8}\.m4a", asset.object_key)
    data, content_type = ladder.storage.objects[asset.object_key]
    assert (content_type, asset.size) == ("audio/mp4", len(data))
    assert data.index(b"moov") < data.index(b"mdat")
    file = tmp_path / "sound.m4a"
    file.write_bytes(data)
    assert loudness(file) == pytest.approx(-16, abs=0.5)
    ladder.write(tmp_path / "objects")
    index = paths.spool_path(tmp_path / "objects", paths.playlist_key(ladder.id, "g1audio"))
    assert loudness(index) == pytest.approx(-16, abs=0.5)


def loudness(file: Path) -> float:
    words = ["-hide_banner", "-nostdin", *any_names(file), "-i", file]
    rest = ["-map", "0:a", "-af", "ebur128=framelog=quiet", "-f", "null", "-"]
    done = run_checked([ffmpeg_path(), *words, *rest], timeout=60)
    return float(re.findall(r"I:\s+(-?[0-9.]+) LUFS", done.stderr.decode())[-1])


def test_storyboard_has_a_picture_for_every_moment(ladder: House, tmp_path: Path) -> None:
    with ladder.sessions() as session:
        sheet = find_asset(session, broadcast_id=ladder.id, kind="storyboard")
        track = find_asset(session, broadcast_id=ladder.id, kind="storyvtt")
    assert sheet is not None
    assert track is not None
    image = tmp_path / "sheet.jpg"
    image.write_bytes(ladder.storage.objects[sheet.object_key][0])
    stream = probed(image, "-show_entries", "stream=codec_name,width,height")["streams"]
    assert stream == [{"codec_name": "mjpeg", "width": 1600, "height": 90}]
    text = ladder.storage.objects[track.object_key][0].decode()
    name = sheet.object_key.rpartition("/")[2]
    assert text.startswith("WEBVTT\n\n00:00:00.000 --> 00:00:04.000\n" + name + "#xywh=0,0,160,90")
    assert text.count(" --> ") == sheet.details["count"] == 6
    assert "00:00:16.000 --> 00:00:18.000\n" in text


def test_broadcast_without_sound_has_a_silent_ladder(made: Callable[..., House]) -> None:
    silent = made(renditions=("source",))
    assert set(silent.renditions(1)) == {"g1v360", "g1v240"}
    master = silent.master()
    assert "EXT-X-MEDIA" not in master
    assert "mp4a" not in master
    assert silent.listed()


def test_broadcast_without_a_picture_has_a_ladder_of_sound(made: Callable[..., House]) -> None:
    heard = made(renditions=("sound",))
    assert set(heard.renditions(1)) == {"g1audio"}
    assert [one.get("RESOLUTION") for one in hls.parse_master(heard.master()).variants] == [None]
    assert heard.listed()
    assert set(heard.states()) == {"ladder_plan 1", "sound 1", "ladder_publish 1"}


@once
def test_track_that_was_made_up_is_in_no_ladder(house: House) -> None:
    house.record()
    with house.sessions.begin() as session:
        session.execute(update(Ingest).values(shape=Shape(video="h264").as_row()))
    house.ask()
    house.work()
    assert set(house.renditions(1)) == {"g1v360", "g1v240"}


@once
def test_rehearsal_is_in_no_ladder(made: Callable[..., House]) -> None:
    opened = made(opened_after=4.5)
    rows = opened.segments("g1v240")
    assert [row.starts_us for row in rows] == [4_000_000, 7_000_000]
    assert sum(row.duration_us for row in rows) == 5_000_000


@once
def test_broadcast_that_showed_nothing_gets_no_ladder(house: House) -> None:
    house.record(seconds=2)
    with house.sessions.begin() as session:
        session.execute(update(Broadcast).values(opened_at=utc_now() + timedelta(days=1)))
    house.ask()
    house.work()
    assert house.states() == {"ladder_plan 1": "done"}
    assert house.renditions(1) == {}


@once
def test_ladder_of_what_has_not_ended_waits(house: House) -> None:
    house.record(seconds=2)
    with house.sessions.begin() as session:
        session.execute(update(Broadcast).values(state=BroadcastState.RECEIVING))
    house.ask()
    house.work()
    assert house.states() == {"ladder_plan 1": "queued"}


@once
def test_next_ladder_takes_the_place_of_the_one_before(ladder: House) -> None:
    ladder.ask()
    ladder.work()
    assert ladder.broadcast().generation == 2
    assert all("/g2" in key for key in ladder.listed())
    with pytest.raises(NoSuchMedia):
        ladder.playlist("g1v240")
    with ladder.sessions() as session:
        assert sound_rendition(session, broadcast_id=ladder.id) == "g2audio"
