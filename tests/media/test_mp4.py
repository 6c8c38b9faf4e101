"""Fragmented MP4 from the real ffmpeg in pieces of any size, and boxes that are broken."""

import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from media.mp4 import (
    AUDIO,
    MAX_BOX,
    VIDEO,
    Fragment,
    FragmentReader,
    Init,
    Mp4Error,
    boxes,
)
from tests.fakes.feeds import AAC, CLOSED, PICTURE, SOUND, X264, encoded

pytestmark = pytest.mark.integration


def movie() -> bytes:
    return encoded(*PICTURE, *SOUND, *X264, *CLOSED, *AAC, container="mp4")


def read_all(pieces: list[bytes]) -> list[Init | Fragment]:
    reader = FragmentReader()
    return [found for piece in pieces for found in reader.feed(piece)]


def box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def test_an_init_segment_says_what_the_tracks_are() -> None:
    init, *fragments = read_all([movie()])
    assert isinstance(init, Init)
    assert init.data.startswith(movie()[:8])
    assert [kind for kind, _box in boxes(init.data)] == [b"ftyp", b"moov"]
    picture, sound = init.tracks
    assert (picture.kind, picture.width, picture.height) == (VIDEO, 320, 180)
    assert (picture.codec[:5], len(picture.codec)) == ("avc1.", 11)
    assert (sound.kind, sound.codec, sound.timescale) == (AUDIO, "mp4a.40.2", 48_000)
    assert (init.track(VIDEO), init.track(AUDIO), init.track(b"text")) == (picture, sound, None)
    assert len(fragments) == 3


def test_fragments_have_their_times() -> None:
    fragments = [found for found in read_all([movie()]) if isinstance(found, Fragment)]
    assert [(one.starts_us, one.duration_us) for one in fragments] == [
        (second * 1_000_000, 1_000_000) for second in range(3)
    ]
    kinds = [[kind for kind, _box in boxes(one.data)] for one in fragments]
    assert kinds == [[b"moof", b"mdat"]] * 3


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(1, 200_000), max_size=60))
def test_pieces_of_any_size_give_the_same(sizes: list[int]) -> None:
    data, pieces, at = movie(), [], 0
    for size in sizes:
        pieces.append(data[at : at + size])
        at += size
    pieces.append(data[at:])
    assert read_all(pieces) == read_all([data])


def test_a_stream_byte_by_byte_gives_the_same() -> None:
    data = movie()[:60_000]
    assert read_all([data[at : at + 1] for at in range(len(data))]) == read_all([data])


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damage_is_an_mp4_error_or_nothing(data: st.DataObject) -> None:
    damaged = bytearray(movie()[:20_000])
    for _ in range(data.draw(st.integers(1, 12))):
        damaged[data.draw(st.integers(0, 4_000))] = data.draw(st.integers(0, 255))
    reader = FragmentReader()
    try:
        list(reader.feed(bytes(damaged)))
    except Mp4Error:
        return


@pytest.mark.parametrize(
    "broken",
    [
        struct.pack(">I4s", MAX_BOX + 1, b"mdat"),
        struct.pack(">I4s", 1, b"mdat") + bytes(8),
        struct.pack(">I4s", 0, b"mdat"),
        box(b"moof") + box(b"mdat"),
        box(b"mdat"),
        box(b"moov", box(b"trak")),
        box(b"moov", box(b"trak", box(b"tkhd"))),
        box(b"moov", struct.pack(">I4s", 900, b"trak")),
    ],
    ids=["huge", "wide", "endless", "no-init", "lonely", "empty", "short", "overlong"],
)
def test_broken_boxes(broken: bytes) -> None:
    with pytest.raises(Mp4Error):
        list(FragmentReader().feed(broken))


def test_a_run_that_counts_more_samples_than_it_has() -> None:
    init = next(found for found in read_all([movie()]) if isinstance(found, Init))
    tfhd = box(b"tfhd", struct.pack(">II", 0, init.tracks[0].id))
    tfdt = box(b"tfdt", bytes(8))
    trun = box(b"trun", struct.pack(">II", 0x100, 0xFFFFFFFF))
    moof = box(b"moof", box(b"traf", tfhd, tfdt, trun))
    with pytest.raises(Mp4Error, match="longer than its box"):
        list(FragmentReader().feed(init.data + moof + box(b"mdat")))


def test_a_fragment_of_the_other_track_alone_has_no_duration() -> None:
    init = next(found for found in read_all([movie()]) if isinstance(found, Init))
    tfhd = box(b"tfhd", struct.pack(">II", 0, init.tracks[1].id))
    moof = box(b"moof", box(b"traf", tfhd, box(b"tfdt", bytes(8))))
    found = read_all([init.data + moof + box(b"mdat")])[-1]
    assert found == Fragment(moof + box(b"mdat"), 0, 0)


def test_what_players_of_hls_need_not_is_left_out() -> None:
    extra = box(b"styp", b"msdh") + box(b"free", bytes(64))
    data = movie()
    moof = data.index(b"moof") - 4
    assert read_all([data[:moof] + extra + data[moof:]]) == read_all([data])


def test_reading_keeps_no_more_than_the_box_in_hand() -> None:
    reader = FragmentReader()
    for _ in range(20):
        assert list(reader.feed(box(b"free", bytes(100_000)))) == []
    assert len(reader._buffer) == 0  # noqa: SLF001 -- memory has no public face
