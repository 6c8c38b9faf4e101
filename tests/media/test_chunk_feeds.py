"""Feeds over chunk files: shapes, keyframes, restarts after dropping, and what is claimed."""

from pathlib import Path

import pytest

from media.feeds.opening import open_chunk_feed
from media.feeds.ports import Fitness, Shape
from media.feeds.webm import WebmFeed, usual_rate
from media.journal import part_numbers, part_path, write_durably
from media.mp4 import Fragment, FragmentReader, read_spans
from media.webm import Block, Scanner
from tests.fakes.browsers import mp4_recording, pieces, recording

pytestmark = pytest.mark.integration

FIRST = 7  # an ingest's numbers go on after those of the one before
SECOND = 1_000_000


def put(folder: Path, parts: list[bytes], first: int = FIRST) -> None:
    for number, part in enumerate(parts, first):
        write_durably(part_path(folder, number), part)


def feed_of(folder: Path, *, closed: bool = True) -> WebmFeed:
    return WebmFeed(folder, closed=lambda: closed)


def whole(feed: WebmFeed) -> bytes:
    out = b""
    while data := feed.read():
        out += data
    return out


def test_shape_of_h264_names_the_usual_frame_rate(tmp_path: Path) -> None:
    put(tmp_path, pieces(recording("h264"), 40))
    feed = feed_of(tmp_path)
    assert feed.shape() == Shape("avc", 320, 180, 30.0, "opus", 48_000, 1)
    assert feed.fitness() is Fitness.FIT


@pytest.mark.parametrize(
    ("codec", "fitness"), [("vp8", Fitness.OTHER_CODEC), ("long", Fitness.LONG_GOP)]
)
def test_feed_that_cannot_be_copied_is_told_apart(
    tmp_path: Path, codec: str, fitness: Fitness
) -> None:
    put(tmp_path, pieces(recording(codec), 40))
    feed = feed_of(tmp_path)
    assert feed.shape() is not None
    assert feed.fitness() is fitness


def test_nothing_is_known_before_the_first_blocks(tmp_path: Path) -> None:
    put(tmp_path, [recording("h264")[:200]])
    feed = feed_of(tmp_path, closed=False)
    assert feed.shape() is None
    assert feed.read() == recording("h264")[:200]
    assert feed.read() == b""


def test_bytes_from_the_start_are_those_that_came(tmp_path: Path) -> None:
    put(tmp_path, pieces(recording("vp8"), 40))
    feed = feed_of(tmp_path)
    feed.begin(0, encode=True)
    assert whole(feed).endswith(recording("vp8")[-1000:])
    assert feed.read() is None


@pytest.mark.parametrize(
    ("at_us", "encode", "begun", "skip"),
    [
        (1_600_000, True, 1_000_000, 600_000),
        (1_600_000, False, 2_000_000, 0),
        (2_000_000, True, 2_000_000, 0),
    ],
)
def test_run_begins_at_the_right_keyframe(
    tmp_path: Path, at_us: int, *, encode: bool, begun: int, skip: int
) -> None:
    put(tmp_path, pieces(recording("h264"), 40))
    feed = feed_of(tmp_path)
    assert feed.shape() is not None
    skipped = feed.begin(at_us, encode=encode)
    assert (round(feed.begun_at_us(), -5), round(skipped, -5)) == (begun, skip)


def test_restart_after_dropping_reads_the_rest(tmp_path: Path) -> None:
    put(tmp_path, pieces(recording("h264"), 40))
    first = feed_of(tmp_path)
    assert first.shape() is not None
    first.packaged(3 * SECOND)
    kept = part_numbers(tmp_path)
    assert 0 < len(kept) < 40
    second = feed_of(tmp_path)
    assert second.shape() is not None
    first.begin(3 * SECOND, encode=False)
    second.begin(3 * SECOND, encode=False)
    assert second.begun_at_us() == first.begun_at_us()
    assert whole(second) == whole(first)
    assert times(whole_of(second)) == times(whole_of(first))


def whole_of(feed: WebmFeed) -> bytes:
    feed.begin(3 * SECOND, encode=False)
    return whole(feed)


def times(data: bytes) -> list[int]:
    return [block.time_us for block in Scanner().feed(data)]


def test_chunks_before_a_moment_hold_nothing_later(tmp_path: Path) -> None:
    parts = pieces(recording("vp8"), 40)
    put(tmp_path, parts)
    feed = feed_of(tmp_path)
    assert feed.shape() is not None
    stream = recording("vp8")
    for until in range(0, 4 * SECOND, 130_000):
        last = feed.chunk_before(until)
        end = sum(map(len, parts[: last + 1 - FIRST])) if last >= FIRST else 0
        begun = [one for one in blocks(stream) if one.offset < end]
        assert all(one.time_us <= until for one in begun)
    assert feed.chunk_before(10 * SECOND) == FIRST + 39


def blocks(stream: bytes) -> list[Block]:
    return list(Scanner().feed(stream))


def test_chunk_that_ends_in_a_block_header_is_not_claimed(tmp_path: Path) -> None:
    stream = recording("vp8")
    late = blocks(stream)[100]
    put(tmp_path, [stream[: late.offset + 1], stream[late.offset + 1 :]])
    feed = feed_of(tmp_path)
    assert feed.shape() is not None
    assert feed.chunk_before(late.time_us - 1) == -1
    assert feed.chunk_before(late.time_us + SECOND // 2) == FIRST


def test_dropped_chunks_stay_claimed_after_a_restart(tmp_path: Path) -> None:
    put(tmp_path, pieces(recording("h264"), 40))
    first = feed_of(tmp_path)
    assert first.shape() is not None
    first.packaged(3 * SECOND)
    dropped = part_numbers(tmp_path)[0] - 1
    second = feed_of(tmp_path)
    assert second.chunk_before(3 * SECOND) == dropped
    assert second.chunk_before(0) == -1


def test_damaged_stream_ends_what_is_known(tmp_path: Path) -> None:
    put(tmp_path, [recording("vp8")[:30_000], b"\x00" * 1000, recording("vp8")[30_000:]])
    feed = feed_of(tmp_path)
    feed.shape()
    assert feed.chunk_before(100 * SECOND) in {-1, FIRST}
    assert feed.read() is not None


def test_mp4_of_safari_is_read_from_its_start(tmp_path: Path) -> None:
    put(tmp_path, pieces(mp4_recording(), 20))
    feed = open_chunk_feed(tmp_path, closed=lambda: True)
    assert feed.container == "mp4"
    assert feed.shape() == Shape(video="avc", width=320, height=180, audio="aac")
    assert feed.fitness() is Fitness.LONG_GOP
    assert feed.begin(2 * SECOND, encode=True) == 2 * SECOND
    assert feed.chunk_before(100 * SECOND) == -1
    assert feed.read() == mp4_recording()
    assert feed.read() is None


def test_chunks_of_mp4_are_before_a_moment_when_their_fragments_are(tmp_path: Path) -> None:
    parts = pieces(mp4_recording(), 20)
    put(tmp_path, parts[:1])
    feed = open_chunk_feed(tmp_path, closed=lambda: False)
    for number, part in enumerate(parts):
        put(tmp_path, [part], FIRST + number)
        feed.read()
    claims = [feed.chunk_before(half * SECOND // 2) for half in range(9)]
    assert claims == sorted(claims)
    assert claims[0] == -1
    assert FIRST <= claims[4] < claims[7]
    for half, claim in enumerate(claims[1:], 1):
        assert claim == -1 or latest_in(parts, claim - FIRST) <= half * SECOND // 2
    assert feed.chunk_before(100 * SECOND) < FIRST + 19  # the last fragment may go on


def latest_in(parts: list[bytes], last: int) -> int:
    """Return the last moment of all fragments that have bytes in parts up to ``last``."""
    reader, begins, latest = FragmentReader(), 0, 0
    claimed = sum(len(part) for part in parts[: last + 1])
    for found in reader.feed(b"".join(parts)):
        if reader.init is not None and isinstance(found, Fragment) and begins < claimed:
            latest = max(latest, *(end for _begin, end in read_spans(reader.init, found.data)))
        begins += len(found.data)
    return latest


def test_damaged_mp4_claims_nothing_more(tmp_path: Path) -> None:
    parts = pieces(mp4_recording(), 20)
    put(tmp_path, [*parts[:10], b"\0" * 50, *parts[11:]])
    feed = open_chunk_feed(tmp_path, closed=lambda: True)
    assert feed.read() is not None
    assert feed.chunk_before(100 * SECOND) < FIRST + 10


@pytest.mark.parametrize(
    ("times_us", "rate"),
    [
        ([], 0.0),
        ([0, 33_000, 67_000, 100_000], 30.0),
        ([0, 40_000, 80_000], 25.0),
        ([0, SECOND], 24.0),
    ],
)
def test_frame_rate_is_the_usual_one(times_us: list[int], rate: float) -> None:
    assert usual_rate(times_us) == rate
