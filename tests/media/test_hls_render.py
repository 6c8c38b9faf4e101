from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media import hls
from media.errors import NotYetPlayable
from media.hls import SegmentRow, VariantRow

pytestmark = pytest.mark.unit

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def some_rows(*runs: int, first: int = 0, duration_us: int = 1_000_000) -> list[SegmentRow]:
    """Rows of runs with the given numbers of segments, ten seconds apart."""
    rows: list[SegmentRow] = []
    at = START
    for run, length in enumerate(runs):
        for _ in range(length):
            sequence = first + len(rows)
            uri, init = f"{run}-{sequence}.m4s", f"{run}-init.mp4"
            rows.append(SegmentRow(sequence, run, duration_us, at, uri, init))
            at = rows[-1].ends_at
        at += timedelta(seconds=10)
    return rows


@st.composite
def random_rows(draw: st.DrawFn) -> list[SegmentRow]:
    rows: list[SegmentRow] = []
    sequence = draw(st.integers(0, 100_000))
    run = draw(st.integers(0, 9))
    at = START + timedelta(milliseconds=draw(st.integers(0, 10**9)))
    for length in draw(st.lists(st.integers(1, 12), min_size=1, max_size=5)):
        for _ in range(length):
            duration_us = draw(st.integers(10_000, 1_499_999))
            uri, init = f"{run}-{sequence}.m4s", f"{run}-init.mp4"
            rows.append(SegmentRow(sequence, run, duration_us, at, uri, init))
            sequence += 1
            at = rows[-1].ends_at
        run += 1
        at += timedelta(seconds=draw(st.integers(0, 90)), microseconds=-at.microsecond % 1000)
    return rows


def render(rows: list[SegmentRow], *, ended: bool = False, skip: bool = False) -> str:
    return hls.render_media_playlist(rows, target_duration=1, ended=ended, skip=skip)


def test_live_playlist_in_full() -> None:
    assert render(some_rows(2, 1, first=5)) == (
        "#EXTM3U\n"
        "#EXT-X-VERSION:9\n"
        "#EXT-X-INDEPENDENT-SEGMENTS\n"
        "#EXT-X-TARGETDURATION:1\n"
        "#EXT-X-PLAYLIST-TYPE:EVENT\n"
        "#EXT-X-SERVER-CONTROL:CAN-SKIP-UNTIL=12.0\n"
        "#EXT-X-MEDIA-SEQUENCE:5\n"
        "#EXT-X-DISCONTINUITY-SEQUENCE:0\n"
        '#EXT-X-MAP:URI="0-init.mp4"\n'
        "#EXT-X-PROGRAM-DATE-TIME:2026-11-22T09:00:00.000Z\n"
        "#EXTINF:1.000000,\n0-5.m4s\n"
        "#EXTINF:1.000000,\n0-6.m4s\n"
        "#EXT-X-DISCONTINUITY\n"
        '#EXT-X-MAP:URI="1-init.mp4"\n'
        "#EXT-X-PROGRAM-DATE-TIME:2026-11-22T09:00:12.000Z\n"
        "#EXTINF:1.000000,\n1-7.m4s\n"
    )


def test_ended_playlist_in_full() -> None:
    assert render(some_rows(1, duration_us=987_654), ended=True) == (
        "#EXTM3U\n"
        "#EXT-X-VERSION:7\n"
        "#EXT-X-INDEPENDENT-SEGMENTS\n"
        "#EXT-X-TARGETDURATION:1\n"
        "#EXT-X-PLAYLIST-TYPE:VOD\n"
        "#EXT-X-MEDIA-SEQUENCE:0\n"
        "#EXT-X-DISCONTINUITY-SEQUENCE:0\n"
        '#EXT-X-MAP:URI="0-init.mp4"\n'
        "#EXT-X-PROGRAM-DATE-TIME:2026-11-22T09:00:00.000Z\n"
        "#EXTINF:0.987654,\n0-0.m4s\n"
        "#EXT-X-ENDLIST\n"
    )


def test_delta_keeps_the_skip_boundary_and_repeats_map_and_time() -> None:
    text = render(some_rows(20), skip=True)
    assert text.count("#EXTINF") == 12
    assert (
        "#EXT-X-SKIP:SKIPPED-SEGMENTS=8\n"
        '#EXT-X-MAP:URI="0-init.mp4"\n'
        "#EXT-X-PROGRAM-DATE-TIME:2026-11-22T09:00:08.000Z\n"
        "#EXTINF:1.000000,\n0-8.m4s\n"
    ) in text


def test_delta_that_begins_with_a_run_says_so_once() -> None:
    text = render(some_rows(8, 12), skip=True)
    assert "SKIPPED-SEGMENTS=8\n#EXT-X-DISCONTINUITY\n#EXT-X-MAP" in text
    assert text.count("#EXT-X-MAP") == 1


@pytest.mark.parametrize(("rows", "ended"), [(some_rows(12), False), (some_rows(40), True)])
def test_delta_that_saves_nothing_is_the_full_playlist(
    rows: list[SegmentRow],
    ended: bool,  # noqa: FBT001 -- a parameter of the test
) -> None:
    assert render(rows, ended=ended, skip=True) == render(rows, ended=ended)


def test_playlist_without_segments_is_refused() -> None:
    with pytest.raises(NotYetPlayable):
        render([])


def test_time_jump_within_a_run_is_stated() -> None:
    one, two = some_rows(2)
    late = SegmentRow(1, 0, 1_000_000, two.program_at + timedelta(seconds=3), two.uri, two.init_uri)
    assert render([one, late]).count("PROGRAM-DATE-TIME") == 2


@given(rows=random_rows(), ended=st.booleans())
def test_random_playlist_is_sound_and_comes_back(rows: list[SegmentRow], ended: bool) -> None:  # noqa: FBT001 -- drawn
    text = render(rows, ended=ended)
    assert hls.check_playlist(text) == []
    parsed = hls.parse_media_playlist(text)
    assert parsed.rows() == tuple(rows)
    assert parsed.ended == ended


@given(rows=random_rows(), data=st.data())
def test_delta_merged_with_an_older_playlist_is_the_new_one(
    rows: list[SegmentRow], data: st.DataObject
) -> None:
    full = hls.parse_media_playlist(render(rows))
    text = render(rows, skip=True)
    delta = hls.parse_media_playlist(text)
    known = data.draw(st.integers(max(delta.skipped, 1), len(rows)))
    older = render(rows[:known])
    merged = hls.merge_delta(hls.parse_media_playlist(older), delta)
    assert [(one.uri, one.sequence, one.run_number, one.init_uri) for one in merged.segments] == [
        (one.uri, one.sequence, one.run_number, one.init_uri) for one in full.segments
    ]
    assert hls.check_polls([older, text, render(rows), render(rows, ended=True)]) == []


def test_master_names_pictures_best_first_and_sound_last() -> None:
    text = hls.render_master(
        [
            VariantRow("sound/index.m3u8", "mp4a.40.2", 70_000, 64_000),
            VariantRow("low/index.m3u8", "avc1.64001e,mp4a.40.2", 800_000, 700_000, 640, 360, 30.0),
            VariantRow("source/index.m3u8", "avc1.64001f", 3_000_000, 2_500_000, 1280, 720, 29.97),
        ]
    )
    assert text == (
        "#EXTM3U\n"
        "#EXT-X-VERSION:7\n"
        "#EXT-X-INDEPENDENT-SEGMENTS\n"
        "#EXT-X-STREAM-INF:BANDWIDTH=3000000,AVERAGE-BANDWIDTH=2500000,"
        'CODECS="avc1.64001f",RESOLUTION=1280x720,FRAME-RATE=29.970\n'
        "source/index.m3u8\n"
        "#EXT-X-STREAM-INF:BANDWIDTH=800000,AVERAGE-BANDWIDTH=700000,"
        'CODECS="avc1.64001e,mp4a.40.2",RESOLUTION=640x360,FRAME-RATE=30.000\n'
        "low/index.m3u8\n"
        '#EXT-X-STREAM-INF:BANDWIDTH=70000,AVERAGE-BANDWIDTH=64000,CODECS="mp4a.40.2"\n'
        "sound/index.m3u8\n"
    )
    assert hls.check_master(text) == []
