from datetime import UTC, datetime, timedelta

import pytest

from media import hls
from media.errors import MediaError
from media.hls import SegmentRow, SoundRow, VariantRow

pytestmark = pytest.mark.unit

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MAP = '#EXT-X-MAP:URI="0-init.mp4"\n'


def row(sequence: int, run: int = 0) -> SegmentRow:
    at = START + timedelta(seconds=sequence + 5 * run)
    return SegmentRow(sequence, run, 1_000_000, at, f"{run}-{sequence}.m4s", f"{run}-init.mp4")


def render(rows: list[SegmentRow], *, ended: bool = False, skip: bool = False) -> str:
    return hls.render_media_playlist(rows, target_duration=1, ended=ended, skip=skip)


LIVE = render([row(0), row(1), row(2, 1)])
ENDED = render([row(0), row(1), row(2, 1)], ended=True)
DELTA = render([row(n) for n in range(20)], skip=True)


def rules(findings: list[hls.Finding]) -> list[str]:
    return [finding.rule for finding in findings]


@pytest.mark.parametrize("text", [LIVE, ENDED, DELTA])
def test_sound_playlist_has_no_findings(text: str) -> None:
    assert hls.check_playlist(text) == []


@pytest.mark.parametrize(
    ("text", "old", "new", "rule"),
    [
        (LIVE, "#EXTM3U\n", "", "header"),
        (LIVE, "#EXT-X-VERSION:9\n", "", "version"),
        (LIVE, "#EXT-X-VERSION:9\n", "#EXT-X-VERSION:3\n", "version"),
        (DELTA, "#EXT-X-VERSION:9\n", "#EXT-X-VERSION:7\n", "version"),
        (LIVE, "#EXT-X-INDEPENDENT-SEGMENTS\n", "", "independent"),
        (ENDED, "#EXT-X-TARGETDURATION:1\n", "", "target"),
        (LIVE, "#EXT-X-MEDIA-SEQUENCE:0\n", "", "sequence"),
        (LIVE, "#EXT-X-DISCONTINUITY-SEQUENCE:0\n", "", "discontinuity-sequence"),
        (LIVE, "#EXT-X-PLAYLIST-TYPE:EVENT\n", "", "type"),
        (ENDED, "TYPE:VOD\n", "TYPE:EVENT\n", "type"),
        (ENDED, "#EXT-X-ENDLIST\n", "", "type"),
        (LIVE, "#EXTINF:1.000000,\n0-1", "#EXTINF:1.500000,\n0-1", "duration"),
        (LIVE, "#EXTINF:1.000000,\n1-2", "#EXTINF:0.000000,\n1-2", "duration"),
        (LIVE, '#EXT-X-MAP:URI="1-init.mp4"\n', "", "map"),
        (LIVE, "#EXT-X-PROGRAM-DATE-TIME:2026-11-22T09:00:07.000Z\n", "", "time"),
        (LIVE, "T09:00:07.000Z", "T08:59:59.000Z", "time"),
        (LIVE, "0-1.m4s", "0-0.m4s", "uri"),
        (LIVE, "UNTIL=12.0", "UNTIL=5.0", "skip"),
        (DELTA, "#EXTINF:1.000000,\n0-19.m4s\n", "", "skip"),
        (LIVE, "#EXTINF:1.000000,\n0-1", "#EXTINF:one,\n0-1", "unreadable"),
        (LIVE, "#EXTINF:1.000000,\n0-1", "0-1", "unreadable"),
    ],
)
def test_each_broken_rule_is_found_alone(text: str, old: str, new: str, rule: str) -> None:
    broken = text.replace(old, new, 1)
    assert broken != text
    assert rules(hls.check_playlist(broken)) == [rule]


def test_missing_first_map_is_found_for_each_segment_of_the_run() -> None:
    assert rules(hls.check_playlist(LIVE.replace(MAP, ""))) == ["map", "map"]


def test_playlist_without_segments_is_found() -> None:
    assert rules(hls.check_playlist(LIVE[: LIVE.index(MAP)])) == ["empty"]


def test_ended_delta_is_found() -> None:
    broken = DELTA.replace("EVENT", "VOD") + "#EXT-X-ENDLIST\n"
    assert rules(hls.check_playlist(broken)) == ["skip"]


def test_growing_and_ending_is_sound() -> None:
    rows = [row(n) for n in range(30)]
    polls = [render(rows[:count], skip=count > 1) for count in range(1, 31)]
    assert hls.check_polls([*polls, render(rows, ended=True), render(rows, ended=True)]) == []


@pytest.mark.parametrize(
    ("second", "found"),
    [
        (LIVE.replace("TARGETDURATION:1", "TARGETDURATION:2"), ["target-changed"]),
        (render([row(0), row(1)]), ["removed"]),
        (LIVE.replace("0-1.m4s", "0-9.m4s"), ["changed"]),
        (LIVE.replace("#EXTINF:1.000000,\n0-1", "#EXTINF:1.100000,\n0-1"), ["changed"]),
        (LIVE.replace("09:00:07.000", "09:00:07.500"), ["changed"]),
        (
            LIVE.replace("DISCONTINUITY-SEQUENCE:0", "DISCONTINUITY-SEQUENCE:1"),
            ["run-changed", "changed", "changed", "changed"],
        ),
        (DELTA, ["delta"]),
    ],
)
def test_each_forbidden_step_is_found_alone(second: str, found: list[str]) -> None:
    assert rules(hls.check_polls([LIVE, second])) == found


def test_sequence_that_goes_back_is_found() -> None:
    later = render([row(3), row(4)])
    assert rules(hls.check_polls([later, render([row(2), row(3), row(4)])])) == [
        "sequence-decreased"
    ]


def test_anything_after_the_end_is_found() -> None:
    longer = render([row(0), row(1), row(2, 1), row(3, 1)], ended=True)
    assert rules(hls.check_polls([ENDED, longer])) == ["after-end"]
    assert rules(hls.check_polls([ENDED, LIVE])) == ["after-end"]


def test_finding_reads_as_a_sentence() -> None:
    finding = hls.check_polls([LIVE, LIVE.replace("TARGETDURATION:1", "TARGETDURATION:2")])[0]
    assert str(finding) == "target-changed: EXT-X-TARGETDURATION went from 1 to 2"


def test_aligned_renditions_are_sound_even_one_run_behind_while_live() -> None:
    behind = render([row(0), row(1)])
    assert hls.check_renditions({"source": LIVE, "sound": LIVE}) == []
    assert hls.check_renditions({"source": LIVE, "sound": behind}) == []


def test_renditions_with_other_runs_are_found() -> None:
    short = render([row(0), row(1)], ended=True)
    assert rules(hls.check_renditions({"source": ENDED, "sound": short})) == ["runs"]
    apart = ENDED.replace("09:00:07.000", "09:00:09.000")
    assert rules(hls.check_renditions({"source": ENDED, "sound": apart})) == ["starts"]


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("#EXTM3U\n", "", "header"),
        ("#EXT-X-INDEPENDENT-SEGMENTS\n", "", "independent"),
        ("AVERAGE-BANDWIDTH=8,", "", "variant"),
        ("AVERAGE-BANDWIDTH=8,", "AVERAGE-BANDWIDTH=10,", "variant"),
        (',CODECS="avc1.64001f,mp4a.40.2"', "", "variant"),
        (",FRAME-RATE=30.000", "", "variant"),
    ],
)
def test_each_broken_rule_of_a_master_is_found_alone(old: str, new: str, rule: str) -> None:
    text = hls.render_master([hls.VariantRow("a", "avc1.64001f,mp4a.40.2", 9, 8, 16, 9, 30.0)])
    broken = text.replace(old, new)
    assert broken != text
    assert rules(hls.check_master(broken)) == [rule]


def test_master_with_nothing_or_in_the_wrong_order_is_found() -> None:
    assert rules(hls.check_master(hls.render_master([]))) == ["empty"]
    sound = "#EXT-X-STREAM-INF:BANDWIDTH=9,AVERAGE-BANDWIDTH=8,CODECS=x\nb\n"
    picture = sound.replace("=x\nb", "=x,RESOLUTION=16x9,FRAME-RATE=1\na")
    text = "#EXTM3U\n#EXT-X-INDEPENDENT-SEGMENTS\n"
    assert hls.check_master(text + picture + sound) == []
    assert rules(hls.check_master(text + sound + picture)) == ["order"]


def test_delta_of_an_unknown_playlist_is_refused() -> None:
    with pytest.raises(MediaError, match="skips 8 segments, but only 3 are known"):
        hls.merge_delta(hls.parse_media_playlist(LIVE), hls.parse_media_playlist(DELTA))


PICTURE = VariantRow("v/index.m3u8", "avc1.64001f,mp4a.40.2", 900, 800, 640, 360, 25.0, "sound")
ALONE = VariantRow("a/index.m3u8", "mp4a.40.2", 100, 90)
SHARED = hls.render_master([ALONE, PICTURE], [SoundRow("a/index.m3u8", language="en")])


def test_master_with_sound_of_its_own_is_sound_and_reads_back() -> None:
    assert hls.check_master(SHARED) == []
    master = hls.parse_master(SHARED)
    assert master.uris() == ["v/index.m3u8", "a/index.m3u8"]
    assert dict(master.sounds[0]) == {
        "TYPE": "AUDIO",
        "GROUP-ID": "sound",
        "NAME": "Sound",
        "LANGUAGE": "en",
        "DEFAULT": "YES",
        "AUTOSELECT": "YES",
        "URI": "a/index.m3u8",
    }


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ('GROUP-ID="sound"', 'GROUP-ID="other"', ["group"]),
        (",mp4a.40.2", "", ["group"]),
        ("BANDWIDTH=900,AVERAGE-BANDWIDTH=800", "BANDWIDTH=99,AVERAGE-BANDWIDTH=9", ["group"]),
        (',URI="a/index.m3u8"', "", ["sound"]),
        (",AUTOSELECT=YES", "", ["sound"]),
        ("v/index.m3u8\n", "", ["variant"]),
    ],
)
def test_each_broken_rule_of_shared_sound_is_found(old: str, new: str, found: list[str]) -> None:
    broken = SHARED.replace(old, new, 1)
    assert broken != SHARED
    assert rules(hls.check_master(broken)) == found
