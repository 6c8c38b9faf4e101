"""The feed of an RTMP ingest: what it carries, whether it may be copied, where it begins again."""

from pathlib import Path

import pytest

from media import flv
from media.feeds import flv as feeds_flv
from media.feeds.flv import HEAD, FlvFeed
from media.feeds.ports import Fitness, Shape
from media.journal import part_numbers, part_path
from tests.fakes.feeds import (
    AAC,
    CLOSED,
    PICTURE,
    SOUND,
    X264,
    encoded,
    feed_of,
    fill,
    fit_feed,
    long_feed,
    media_tags,
)

pytestmark = pytest.mark.integration

SMALL = 30_000  # bytes of a part: several for a feed of three seconds


def read_all(feed: FlvFeed) -> list[flv.Tag]:
    data = b""
    while piece := feed.read():
        data += piece
    return list(flv.iter_tags(data))


def test_shape_of_a_fit_feed(tmp_path: Path) -> None:
    feed = feed_of(tmp_path, fit_feed())
    assert feed.shape() == Shape("avc", 320, 180, 25.0, "aac", 48_000, 1)
    assert feed.fitness() is Fitness.FIT


def test_shape_waits_for_both_tracks(tmp_path: Path) -> None:
    tags = media_tags(fit_feed())
    sound = [tag for tag in tags if tag.kind == flv.AUDIO and tag.timestamp_ms < 900]
    fill(tmp_path, sound)
    feed = FlvFeed(tmp_path, closed=lambda: False)
    assert feed.shape() is None
    fill(tmp_path, [tag for tag in tags if tag.kind == flv.VIDEO][:2])
    shape = feed.shape()
    assert shape is not None
    assert (shape.video, shape.audio) == ("avc", "aac")


@pytest.mark.parametrize(
    ("arguments", "video", "audio", "fitness"),
    [
        ((*PICTURE, *X264, *CLOSED), "avc", "", Fitness.FIT),
        ((*SOUND, *AAC), "", "aac", Fitness.OTHER_CODEC),
        ((*PICTURE, "-c:v", "flv1"), "sorenson-h263", "", Fitness.OTHER_CODEC),
    ],
    ids=["no-sound", "no-picture", "other-codec"],
)
def test_a_track_that_does_not_come_is_missing(
    tmp_path: Path, arguments: tuple[str, ...], video: str, audio: str, fitness: Fitness
) -> None:
    fill(tmp_path, media_tags(encoded(*arguments)))
    feed = FlvFeed(tmp_path, closed=lambda: False)
    shape = feed.shape()
    assert shape is not None
    assert (shape.video, shape.audio, feed.fitness()) == (video, audio, fitness)


def test_nothing_has_no_shape(tmp_path: Path) -> None:
    feed = FlvFeed(tmp_path / "none", closed=lambda: True)
    assert feed.shape() is None
    assert feed.begin(0, encode=True) == 0
    assert list(flv.iter_tags(feed.read() or b"")) == []
    assert feed.read() is None


def test_a_long_gop_is_noticed_before_it_is_over(tmp_path: Path) -> None:
    early = [tag for tag in media_tags(long_feed()) if tag.timestamp_ms < 1_400]
    fill(tmp_path, early)
    feed = FlvFeed(tmp_path, closed=lambda: False)
    assert feed.shape() is not None
    assert feed.fitness() is Fitness.LONG_GOP


@pytest.mark.parametrize(
    ("options", "fitness"),
    [
        (("-bf", "2"), Fitness.FIT),
        (("-bf", "2", "-x264-params", "open-gop=1"), Fitness.OPEN_GOP),
    ],
    ids=["closed", "open"],
)
def test_gops_with_reordered_pictures(
    tmp_path: Path, options: tuple[str, ...], fitness: Fitness
) -> None:
    x264 = ("-c:v", "libx264", "-preset", "veryfast", "-g", "25", "-sc_threshold", "0", *options)
    feed = feed_of(tmp_path, encoded(*PICTURE, *SOUND, *x264, *AAC))
    assert feed.shape() is not None
    assert feed.fitness() is fitness


def test_the_end_of_a_sequence_is_no_open_gop(tmp_path: Path) -> None:
    tags = media_tags(fit_feed())
    tags.append(flv.Tag(flv.VIDEO, 3_000, bytes([0x17, 2, 0, 0, 0]), 0, 0))
    fill(tmp_path, tags)
    feed = FlvFeed(tmp_path, closed=lambda: True)
    assert feed.shape() is not None
    assert feed.fitness() is Fitness.FIT


def test_a_copy_begins_at_the_nearest_keyframe(tmp_path: Path) -> None:
    feed = feed_of(tmp_path, fit_feed())
    sent = [tag for tag in media_tags(fit_feed()) if tag.kind == flv.VIDEO]
    assert feed.begin(1_050_000, encode=False) == 0
    at_us = feed.begun_at_us()
    assert at_us == pytest.approx(1_000_000, abs=45_000)
    tags = read_all(feed)
    pictures = [tag for tag in tags if tag.kind == flv.VIDEO]
    assert flv.is_avc_sequence_header(pictures[0].payload)
    assert flv.contains_idr(pictures[1].payload)
    assert [tag.payload for tag in pictures[1:]] == [
        tag.payload for tag in sent if tag.timestamp_ms * 1_000 >= 1_000_000
    ]
    sounds = [tag for tag in tags if tag.kind == flv.AUDIO]
    assert flv.is_aac_sequence_header(sounds[0].payload)


def test_an_encode_begins_at_the_keyframe_before_and_skips(tmp_path: Path) -> None:
    feed = feed_of(tmp_path, fit_feed())
    skip_us = feed.begin(1_700_000, encode=True)
    assert skip_us + feed.begun_at_us() == 1_700_000
    assert feed.begun_at_us() == pytest.approx(1_000_000, abs=45_000)


def test_begin_can_be_called_again(tmp_path: Path) -> None:
    feed = feed_of(tmp_path, fit_feed())
    feed.begin(0, encode=False)
    first = read_all(feed)
    feed.begin(0, encode=False)
    assert read_all(feed) == first


def test_a_restart_after_parts_were_dropped(tmp_path: Path) -> None:
    folder = tmp_path / "journal"
    feed = feed_of(folder, fit_feed(), part_bytes=SMALL)
    shape = feed.shape()
    feed.begin(0, encode=False)
    parts = part_numbers(folder)
    assert len(parts) > 3
    feed.packaged(2_100_000)
    assert part_numbers(folder)[0] > 0
    again = FlvFeed(folder, closed=lambda: True)
    assert again.shape() == shape
    assert again.fitness() is Fitness.FIT
    assert again.begin(2_000_000, encode=False) == 0
    assert again.begun_at_us() == pytest.approx(2_000_000, abs=45_000)
    tags = read_all(again)
    assert flv.is_avc_sequence_header(next(t for t in tags if t.kind == flv.VIDEO).payload)
    assert len([tag for tag in tags if tag.kind == flv.VIDEO]) == 1 + 25 + 1  # the end


def test_nothing_is_dropped_that_a_restart_could_begin_at(tmp_path: Path) -> None:
    feed = feed_of(tmp_path, fit_feed(), part_bytes=SMALL)
    feed.shape()
    before = part_numbers(tmp_path)
    feed.packaged(900_000)
    assert part_numbers(tmp_path) == before


def test_a_head_that_was_cut_off_is_not_left_behind(tmp_path: Path) -> None:
    feed = feed_of(tmp_path, fit_feed())
    assert feed.shape() is not None
    assert [tag.kind for tag in flv.iter_tags((tmp_path / HEAD).read_bytes())] == [18, 9, 8]
    assert not list(tmp_path.glob("*.partial")) + list(tmp_path.glob(".*"))


def test_one_read_of_a_long_journal_is_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds_flv, "READ_BYTES", 10_000)
    feed = feed_of(tmp_path, fit_feed())
    feed.begin(0, encode=True)
    sizes = []
    while piece := feed.read():
        sizes.append(len(piece))
    largest = max(tag.size for tag in media_tags(fit_feed()))
    assert len(sizes) > 3
    assert max(sizes) <= 10_000 + largest + 200


def test_a_part_that_the_disk_has_damaged(tmp_path: Path) -> None:
    folder = tmp_path / "journal"
    fill(folder, media_tags(fit_feed()), part_bytes=SMALL)
    part = part_path(folder, 1)
    data = bytearray(part.read_bytes())
    middle = next(tag for tag in flv.iter_tags(bytes(data)) if tag.offset > 15_000)
    lost = len([t for t in flv.iter_tags(bytes(data)) if t.offset >= middle.offset])
    data[middle.offset : middle.offset + 8] = bytes(8)
    part.write_bytes(data)
    feed = FlvFeed(folder, closed=lambda: True)
    assert feed.shape() is not None
    feed.begin(0, encode=True)
    headers = 2
    assert len(read_all(feed)) == len(media_tags(fit_feed())) - lost + headers
    assert feed.read() is None
