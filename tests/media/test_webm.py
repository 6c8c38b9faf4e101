"""The scanner of WebM against ffprobe, cut anywhere, resumed anywhere, and fed with garbage."""

import json
from contextlib import suppress
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media import webm
from media.ebml import EbmlError, read_element
from media.ffmpeg import ffprobe_path
from media.process import run_checked
from media.webm import Block, Scanner, cluster_head
from tests.fakes.browsers import recording

pytestmark = pytest.mark.integration


def scan(*parts: bytes) -> list[Block]:
    scanner = Scanner()
    return [block for part in parts for block in scanner.feed(part)]


@cache
def probed(data: bytes) -> list[tuple[int, bool]]:
    """Return (milliseconds, keyframe) of every picture, by ffprobe."""
    command = [ffprobe_path(), "-v", "error", "-f", "matroska", "-show_packets", "-of", "json"]
    answer = run_checked([*command, "pipe:0"], timeout=30, stdin=data).stdout
    return [
        (round(float(one["pts_time"]) * 1000), "K" in one["flags"])
        for one in json.loads(answer)["packets"]
        if one["codec_type"] == "video"  # the sound is moved by the decoder's delay
    ]


def pictures(blocks: list[Block]) -> list[tuple[int, bool]]:
    return [(one.time_us // 1000, one.keyframe) for one in blocks if one.track == 1]


@pytest.mark.parametrize("codec", ["vp8", "h264"])
def test_pictures_are_those_that_ffprobe_sees(codec: str) -> None:
    assert pictures(scan(recording(codec, 2.0))) == probed(recording(codec, 2.0))


def test_tracks_are_described() -> None:
    scanner = Scanner()
    list(scanner.feed(recording("h264", 2.0)))
    picture, sound = scanner.track(webm.VIDEO_TRACK), scanner.track(webm.AUDIO_TRACK)
    assert picture is not None
    assert sound is not None
    assert (picture.codec, picture.width, picture.height) == ("V_MPEG4/ISO/AVC", 320, 180)
    assert picture.private[:1] == b"\x01"  # avcC
    assert (sound.codec, sound.sample_rate, sound.channels) == ("A_OPUS", 48_000, 1)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, len(recording("vp8", 2.0))), max_size=12))
def test_blocks_are_the_same_however_the_stream_is_cut(cuts: list[int]) -> None:
    data = recording("vp8", 2.0)
    edges = [0, *sorted(cuts), len(data)]
    parts = [data[a:b] for a, b in pairwise(edges)]
    assert scan(*parts) == scan(data)


@settings(deadline=None, max_examples=20)
@given(st.data())
def test_stream_that_is_resumed_at_a_block_has_the_same_rest(data: st.DataObject) -> None:
    stream = recording("h264", 2.0)
    blocks = scan(stream)
    at = data.draw(st.integers(0, len(blocks) - 1))
    first = Scanner()
    list(first.feed(stream))
    second = Scanner()
    second.resume(first.header, position=blocks[at].offset, cluster_ticks=blocks[at].cluster_ticks)
    assert list(second.feed(stream[blocks[at].offset :])) == blocks[at:]


def test_ffprobe_reads_a_stream_that_begins_at_a_keyframe_in_the_middle() -> None:
    stream = recording("h264", 2.0)
    scanner = Scanner()
    blocks = list(scanner.feed(stream))
    keyframe = [block for block in blocks if block.keyframe and block.track == 1][1]
    rest = scanner.header + cluster_head(keyframe.cluster_ticks) + stream[keyframe.offset :]
    assert probed(rest) == pictures(blocks[blocks.index(keyframe) :])


def test_block_of_a_group_is_a_keyframe_when_it_refers_to_nothing() -> None:
    header = webm.MAGIC + b"\x80" + webm.SEGMENT_OPEN + cluster_head(1000)
    alone = bytes.fromhex("a0 87 a1 85 81 0005 00 aa")
    referring = bytes.fromhex("a0 8a a1 85 81 0006 00 aa fb 81 ff")
    found = scan(header + alone + referring)
    assert [(one.time_us, one.keyframe) for one in found] == [(1_005_000, True), (1_006_000, False)]


@given(st.binary(max_size=300))
def test_garbage_is_refused_or_ignored(data: bytes) -> None:
    with suppress(EbmlError):
        assert scan(webm.MAGIC + b"\x80" + data) is not None


def test_element_of_an_absurd_size_is_refused() -> None:
    header = webm.MAGIC + b"\x80" + webm.SEGMENT_OPEN
    with pytest.raises(EbmlError):
        scan(header + bytes.fromhex("1654ae6b 0100000040000000"))


@pytest.mark.parametrize("size", range(1, 12))
def test_half_an_element_header_waits_for_the_rest(size: int) -> None:
    assert read_element(webm.SEGMENT_OPEN[:size]) is None
