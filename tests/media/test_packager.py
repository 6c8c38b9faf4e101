"""The packager with the real ffmpeg: every feed becomes segments that players can begin with."""

from pathlib import Path

import pytest

from media import flv, packager
from media.feeds.flv import FlvFeed
from media.feeds.ports import Fitness
from media.ffmpeg import live
from media.hls import check_playlist, check_renditions
from media.packager import SOUND as SOUND_ONLY
from media.packager import SOURCE, Outcome
from media.process import ProcessFailed
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
from tests.fakes.packaging import (
    Taken,
    first_picture,
    packets_of,
    playlist,
    probe,
    run_once,
    stream_of,
)

pytestmark = pytest.mark.integration

LARGE = ("-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25")
FRAME = 0.045  # one frame at 25 fps and what milliseconds round away
SOUND_FRAME = 0.13  # of 8 kHz, 1,024 samples


def check(taken: Taken, folder: Path, *, seconds: float = 3, frame: float = FRAME) -> None:
    """Check what must hold for every run that came to its end."""
    assert taken.outcome is Outcome.FINISHED
    assert set(taken.inits) == {SOURCE, SOUND_ONLY}
    for index, cut in enumerate(taken.cuts[SOURCE]):
        assert 5 in first_picture(taken.inits[SOURCE], cut)
        found = probe(taken.file(folder, only=index))
        pictures = packets_of(found, "video")
        assert "K" in pictures[0]["flags"]
        length = float(pictures[-1]["dts_time"]) - float(pictures[0]["dts_time"])
        assert length + float(pictures[-1]["duration_time"]) == pytest.approx(
            cut.duration_us / 1e6, abs=frame
        )
    assert packets_of(probe(taken.file(folder, SOUND_ONLY)), "audio")
    assert taken.seconds() == pytest.approx(seconds, abs=2 * frame)
    assert taken.seconds(SOUND_ONLY) == pytest.approx(taken.seconds(), abs=0.25)
    check_playlists([taken])


def check_playlists(runs: list[Taken]) -> None:
    texts = {name: playlist(runs, name) for name in (SOURCE, SOUND_ONLY)}
    assert [check_playlist(text) for text in texts.values()] == [[], []]
    assert check_renditions(texts) == []


def test_a_fit_feed_is_copied(tmp_path: Path) -> None:
    data = fit_feed()
    taken = run_once(feed_of(tmp_path / "journal", data))
    assert taken.plan is not None
    assert (taken.plan.video, taken.plan.audio) == ("copy", "copy")
    check(taken, tmp_path)
    assert [cut.starts_us for cut in taken.cuts[SOURCE]] == [0, 1_000_000, 2_000_000]
    found = probe(taken.file(tmp_path))
    sent = [tag for tag in media_tags(data) if tag.kind == flv.VIDEO]
    pictures = [tag for tag in sent if flv.read_video(tag.payload).kind == "frame"]
    assert len(packets_of(found, "video")) == len(pictures) == 75
    assert taken.inits[SOURCE].tracks[0].codec.startswith("avc1.")
    assert [track.codec for track in taken.inits[SOUND_ONLY].tracks] == ["mp4a.40.2"]


def test_a_feed_that_turns_unfit_goes_on_encoded_from_the_same_place(tmp_path: Path) -> None:
    tags = media_tags(fit_feed(seconds=2))
    later = tags[-1].timestamp_ms + 23
    for tag in media_tags(long_feed()):
        tags.append(flv.Tag(tag.kind, tag.timestamp_ms + later, tag.payload, 0, 0))
    folder = tmp_path / "journal"
    growing = list(tags)
    fill(folder, growing[: len(growing) * 2 // 5])
    sent = {"all": False}

    class Growing(FlvFeed):
        """Grows by the rest of the tags once the first have been read."""

        def read(self) -> bytes | None:
            data = super().read()
            if not data and not sent["all"]:
                sent["all"] = True
                fill(folder, growing[len(growing) * 2 // 5 :])
            return data

    feed = Growing(folder, closed=lambda: sent["all"])
    assert feed.shape() is not None
    assert feed.fitness() is Fitness.FIT
    first = run_once(feed)
    assert first.outcome is Outcome.UNFIT
    done_us = first.ends_us() if first.cuts.get(SOURCE) else 0
    assert feed.fitness() is Fitness.LONG_GOP
    second = run_once(feed, at_us=done_us)
    assert second.outcome is Outcome.FINISHED
    assert second.base_us == done_us
    total = (first.seconds() if first.cuts.get(SOURCE) else 0) + second.seconds()
    assert total == pytest.approx(5, abs=0.1)
    check_playlists([second])
    assert second.plan is not None
    assert second.plan.mode == "encode"


def test_a_long_gop_is_encoded_with_nothing_lost_or_doubled(tmp_path: Path) -> None:
    taken = run_once(feed_of(tmp_path / "journal", long_feed()))
    assert taken.plan is not None
    assert taken.plan.mode == "encode"
    check(taken, tmp_path)
    assert len(packets_of(probe(taken.file(tmp_path)), "video")) == pytest.approx(75, abs=1)


def test_an_encode_begins_in_the_middle_of_a_gop_where_the_last_run_ended(tmp_path: Path) -> None:
    feed = feed_of(tmp_path / "journal", long_feed())
    taken = run_once(feed, at_us=1_000_000)
    assert (feed.begun_at_us(), taken.base_us) == (21_000, 1_000_000)  # sound came first
    check(taken, tmp_path, seconds=2)


@pytest.mark.parametrize(
    ("size", "shown"),
    [("641x361", (640, 360)), ("180x320", (180, 320)), ("240x180", (240, 180))],
    ids=["odd", "portrait", "four-to-three"],
)
def test_pictures_of_other_sizes(tmp_path: Path, size: str, shown: tuple[int, int]) -> None:
    picture = ("-f", "lavfi", "-i", f"testsrc2=size={size}:rate=25")
    full = tuple(part.replace("yuv420p", "yuv444p") for part in X264) if size == "641x361" else X264
    data = encoded(*picture, *SOUND, *full, "-g", "250", "-bf", "0", *AAC)
    taken = run_once(feed_of(tmp_path / "journal", data))
    check(taken, tmp_path)
    stream = stream_of(probe(taken.file(tmp_path)), "video")
    assert (stream["width"], stream["height"]) == shown


@pytest.mark.parametrize("gop", ["120", "1200"], ids=["copied", "encoded"])
def test_120_frames_per_second(tmp_path: Path, gop: str) -> None:
    picture = ("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=120")
    data = encoded(*picture, *SOUND, *X264, "-g", gop, "-bf", "0", *AAC, seconds=2)
    taken = run_once(feed_of(tmp_path / "journal", data))
    check(taken, tmp_path, seconds=2)
    frames = len(packets_of(probe(taken.file(tmp_path)), "video"))
    assert frames == pytest.approx(240 if gop == "120" else 60, abs=2)


def test_8_khz_mono(tmp_path: Path) -> None:
    sound = ("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=8000")
    data = encoded(*PICTURE, *sound, *X264, *CLOSED, "-c:a", "aac", "-ar", "8000", "-ac", "1")
    feed = feed_of(tmp_path / "journal", data)
    taken = run_once(feed)
    check(taken, tmp_path, frame=SOUND_FRAME)
    stream = stream_of(probe(taken.file(tmp_path, SOUND_ONLY)), "audio")
    assert (stream["sample_rate"], stream["channels"]) == ("8000", 1)


def test_a_variable_frame_rate(tmp_path: Path) -> None:
    picture = (*PICTURE, *SOUND, "-vf", "select='lt(mod(n\\,10)\\,4)'", "-fps_mode", "vfr")
    data = encoded(*picture, *X264, "-force_key_frames", "expr:gte(t,n_forced)", "-bf", "0", *AAC)
    taken = run_once(feed_of(tmp_path / "journal", data))
    check(taken, tmp_path, frame=0.3)


def test_mp3_sound_is_encoded(tmp_path: Path) -> None:
    sound = ("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100")
    data = encoded(*PICTURE, *sound, *X264, *CLOSED, "-c:a", "libmp3lame")
    taken = run_once(feed_of(tmp_path / "journal", data))
    assert taken.plan is not None
    assert (taken.plan.video, taken.plan.audio) == ("copy", "encode")
    check(taken, tmp_path)
    assert stream_of(probe(taken.file(tmp_path)), "audio")["codec_name"] == "aac"


def test_a_picture_of_sorenson_h263_is_encoded(tmp_path: Path) -> None:
    data = encoded(*PICTURE, *SOUND, "-c:v", "flv1", "-g", "25", *AAC)
    taken = run_once(feed_of(tmp_path / "journal", data))
    check(taken, tmp_path)
    assert stream_of(probe(taken.file(tmp_path)), "video")["codec_name"] == "h264"


def test_hevc_in_enhanced_flv_is_encoded(tmp_path: Path) -> None:
    hevc = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error")
    data = encoded(*PICTURE, *SOUND, *hevc, *AAC, seconds=2)
    taken = run_once(feed_of(tmp_path / "journal", data))
    check(taken, tmp_path, seconds=2)
    assert stream_of(probe(taken.file(tmp_path)), "video")["codec_name"] == "h264"


def test_a_feed_without_sound_gets_silence(tmp_path: Path) -> None:
    taken = run_once(feed_of(tmp_path / "journal", encoded(*PICTURE, *X264, *CLOSED)))
    assert taken.plan is not None
    assert (taken.plan.video, taken.plan.audio) == ("copy", "made")
    check(taken, tmp_path)
    assert stream_of(probe(taken.file(tmp_path)), "audio")["codec_name"] == "aac"


def test_a_feed_without_a_picture_gets_a_card(tmp_path: Path) -> None:
    taken = run_once(feed_of(tmp_path / "journal", encoded(*SOUND, *AAC)))
    assert taken.plan is not None
    assert (taken.plan.video, taken.plan.audio) == ("made", "copy")
    check(taken, tmp_path, frame=0.11)
    stream = stream_of(probe(taken.file(tmp_path)), "video")
    assert (stream["width"], stream["height"]) == (640, 360)


def test_an_encoder_killed_in_the_middle_of_a_tag(tmp_path: Path) -> None:
    folder = tmp_path / "journal"
    fill(folder, media_tags(fit_feed()))
    part = folder / "000000.part"
    part.write_bytes(part.read_bytes()[:-7])
    taken = run_once(FlvFeed(folder, closed=lambda: True))
    check(taken, tmp_path)


@pytest.mark.parametrize("hours", [1, -1])
def test_an_encoder_whose_clock_jumps(tmp_path: Path, hours: int) -> None:
    jump = hours * 3_600_000
    tags = [
        flv.Tag(
            tag.kind,
            (tag.timestamp_ms + 10_000_000 + (jump if tag.timestamp_ms > 1_500 else 0)),
            tag.payload,
            0,
            0,
        )
        for tag in media_tags(fit_feed())
    ]
    fill(tmp_path / "journal", tags)
    taken = run_once(FlvFeed(tmp_path / "journal", closed=lambda: True))
    check(taken, tmp_path, frame=0.1)


def test_garbage_crashes_the_run_and_makes_no_segment(tmp_path: Path) -> None:
    tags = [
        flv.Tag(flv.VIDEO, at * 40, bytes([0x12]) + b"no picture at all" * 20, 0, 0)
        for at in range(75)
    ]
    fill(tmp_path / "journal", tags)
    taken = run_once(FlvFeed(tmp_path / "journal", closed=lambda: True))
    assert (taken.outcome, taken.cuts) == (Outcome.CRASHED, {})


def test_a_run_that_is_stopped_leaves_the_rest_for_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "journal"
    fill(folder, media_tags(fit_feed()))
    open_feed = FlvFeed(folder, closed=lambda: False)
    looked = iter([False] * 4)
    first = run_once(open_feed, stopping=lambda: next(looked, True))
    assert first.outcome is Outcome.STOPPED
    done_us = first.ends_us() if first.cuts.get(SOURCE) else 0
    rest = run_once(FlvFeed(folder, closed=lambda: True), at_us=done_us)
    check(rest, tmp_path, seconds=3 - done_us / 1e6)


class Silent:
    """A program that takes nothing and says nothing, or takes all and never ends."""

    def __init__(self, folder: Path, script: str) -> None:
        self.path = folder / "ffmpeg"
        self.path.write_text(f"#!/bin/sh\n{script}\n")
        self.path.chmod(0o700)


@pytest.mark.parametrize("script", ["exec sleep 60", "cat > /dev/null; exec sleep 60"])
def test_a_program_that_hangs_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    monkeypatch.setattr(live, "ffmpeg_path", lambda: Silent(tmp_path, script).path)
    monkeypatch.setattr(packager, "SILENT_SECONDS", 0.5)
    taken = run_once(feed_of(tmp_path / "journal", long_feed()))
    assert (taken.outcome, taken.cuts) == (Outcome.CRASHED, {})


def test_an_encoder_that_pauses_for_long_is_no_hang(tmp_path: Path) -> None:
    """Nothing came for longer than a program may be silent; then more than a pipe holds."""
    folder = tmp_path / "journal"
    tags = media_tags(encoded(*LARGE, *X264, "-qp", "1", *CLOSED))
    fill(folder, tags[:30])
    state = {"now": 0.0, "sent": 0.0, "idle": 0.0}

    class Pausing(FlvFeed):
        """Sends the first tags, then nothing for a thousand seconds, then the rest."""

        def read(self) -> bytes | None:
            data = super().read()
            if data or state["sent"]:
                return data
            state["idle"] += 1
            if state["idle"] < 4:
                return data
            fill(folder, tags[30:])
            state.update(now=1_000.0, sent=1.0)
            return super().read()

    feed = Pausing(folder, closed=lambda: bool(state["sent"]))
    check(run_once(feed, monotonic=lambda: state["now"]), tmp_path)


def test_a_program_that_is_missing_leaves_no_descriptor_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "ffmpeg_path", lambda: tmp_path / "none")
    feed = feed_of(tmp_path / "journal", fit_feed())
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        with pytest.raises(ProcessFailed):
            run_once(feed)
    assert len(list(Path("/proc/self/fd").iterdir())) == before
