"""The rungs below the source with the real ffmpeg: cut where the source is cut, never too fat."""

import os
from pathlib import Path
from typing import Any

import pytest

from media.enums import PackagerMode
from media.feeds.ports import Feed
from media.hls import check_playlist, check_renditions
from media.packager import SOUND as SOUND_ONLY
from media.packager import SOURCE, Outcome
from media.rungs import RUNGS, Ladder, Rung
from tests.fakes.feeds import AAC, CLOSED, SOUND, X264, encoded, feed_of
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

FRAME_US = 45_000  # one frame at 25 fps and what milliseconds round away
V480, V360, V240 = RUNGS
NOISE = "noise=alls=20:allf=t"  # nothing is harder to encode: the bounds of a rung are reached
BOUNDS = {"v480": 1_500_000, "v360": 900_000, "v240": 300_000}  # of any second, sound and all


def picture_of(size: str, rate: int = 25, more: str = "null") -> tuple[str, ...]:
    return ("-f", "lavfi", "-i", f"testsrc2=size={size}:rate={rate},{more}")


def feed(size: str, *options: str, more: str = "null", seconds: float = 3) -> bytes:
    gop = options or CLOSED
    return encoded(*picture_of(size, more=more), *SOUND, *X264, *gop, *AAC, seconds=seconds)


def packaged(feed: Feed, **wishes: Any) -> Taken:  # noqa: ANN401 -- as run_once takes them
    """Package on a clock that stands still: a busy machine is no reason to give rungs up here."""
    return run_once(feed, monotonic=lambda: 0.0, **wishes)


def check(taken: Taken, folder: Path, rungs: tuple[Rung, ...], *, apart: int = FRAME_US) -> None:
    """Check what holds for the rungs of every run that came to its end."""
    assert taken.outcome is Outcome.FINISHED
    assert set(taken.inits) == {SOURCE, SOUND_ONLY, *(rung.name for rung in rungs)}
    for rung in rungs:
        cuts = taken.cuts[rung.name]
        assert [cut.starts_us for cut in cuts] == pytest.approx(
            [cut.starts_us for cut in taken.cuts[SOURCE]], abs=apart
        )
        assert [cut.duration_us for cut in cuts] == pytest.approx(
            [cut.duration_us for cut in taken.cuts[SOURCE]], abs=apart
        )
        for index, cut in enumerate(cuts):
            assert 5 in first_picture(taken.inits[rung.name], cut)
            assert len(cut.data) * 8e6 / max(cut.duration_us, 5e5) <= BOUNDS[rung.name]
            pictures = packets_of(probe(taken.file(folder, rung.name, only=index)), "video")
            assert "K" in pictures[0]["flags"]
        assert packets_of(probe(taken.file(folder, rung.name)), "audio")
    check_playlists([taken], rungs)


def check_playlists(runs: list[Taken], rungs: tuple[Rung, ...]) -> None:
    names = (SOURCE, *(rung.name for rung in rungs), SOUND_ONLY)
    texts = {name: playlist(runs, name) for name in names}
    assert {name: check_playlist(text) for name, text in texts.items()} == {
        name: [] for name in names
    }
    assert check_renditions(texts) == []


def sizes(taken: Taken) -> dict[str, tuple[int, int]]:
    found = {}
    for name, init in taken.inits.items():
        track = init.track(b"vide")
        if track is not None:
            found[name] = (track.width, track.height)
    return found


def test_three_rungs_of_a_copy(tmp_path: Path) -> None:
    data = feed("960x540", more=NOISE)
    taken = packaged(feed_of(tmp_path / "journal", data), ladder=Ladder(RUNGS))
    check(taken, tmp_path, RUNGS, apart=1_000)
    assert taken.plan is not None
    assert taken.plan.mode is PackagerMode.COPY
    assert sizes(taken) == {
        "source": (960, 540),
        "v480": (854, 480),
        "v360": (640, 360),
        "v240": (426, 240),
    }
    for name in sizes(taken):  # every frame of the source is in every rung
        assert len(packets_of(probe(taken.file(tmp_path, name)), "video")) == 75


def test_rungs_of_a_feed_that_is_encoded(tmp_path: Path) -> None:
    data = feed("960x540", "-g", "250", "-bf", "0")
    taken = packaged(feed_of(tmp_path / "journal", data), ladder=Ladder(RUNGS))
    check(taken, tmp_path, RUNGS)
    assert taken.plan is not None
    assert taken.plan.mode is PackagerMode.ENCODE


def test_rungs_of_an_encode_that_begins_later(tmp_path: Path) -> None:
    data = feed("640x360", "-g", "250", "-bf", "0")
    taken = packaged(feed_of(tmp_path / "journal", data), at_us=1_000_000, ladder=Ladder((V240,)))
    check(taken, tmp_path, (V240,))
    assert taken.seconds("v240") == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize(
    ("size", "shown"),
    [("643x363", (426, 240)), ("270x480", (240, 426)), ("480x360", (320, 240))],
    ids=["odd", "portrait", "four-to-three"],
)
def test_rungs_of_other_sizes(tmp_path: Path, size: str, shown: tuple[int, int]) -> None:
    full = ("-pix_fmt", "yuv444p") if size == "643x363" else ()
    data = encoded(*picture_of(size), *SOUND, *X264, *full, *CLOSED, *AAC)
    taken = packaged(feed_of(tmp_path / "journal", data), ladder=Ladder((V240,)))
    check(taken, tmp_path, (V240,))
    assert sizes(taken)["v240"] == shown


def test_a_rung_never_grows_above_its_source(tmp_path: Path) -> None:
    """The encoder came back with a smaller picture than that which the rungs were chosen for."""
    ladder = Ladder((V360, V240))
    taken = packaged(feed_of(tmp_path / "journal", feed("320x180")), ladder=ladder)
    check(taken, tmp_path, (V360, V240))
    assert sizes(taken) == dict.fromkeys(("source", "v360", "v240"), (320, 180))


@pytest.mark.parametrize(("rate", "frames"), [(50, 50), (60, 60), (120, 60)])
def test_more_than_30_frames_a_second_are_thinned(tmp_path: Path, rate: int, frames: int) -> None:
    gop = ("-g", str(rate), "-keyint_min", str(rate), "-bf", "0")
    data = encoded(*picture_of("426x320", rate), *SOUND, *X264, *gop, *AAC, seconds=2)
    taken = packaged(feed_of(tmp_path / "journal", data), ladder=Ladder((V240,)))
    check(taken, tmp_path, (V240,))
    assert len(packets_of(probe(taken.file(tmp_path, "v240")), "video")) == frames


def test_rungs_of_b_frames_and_short_gops(tmp_path: Path) -> None:
    gop = ("-g", "10", "-keyint_min", "10", "-bf", "2")
    taken = packaged(feed_of(tmp_path / "journal", feed("640x360", *gop)), ladder=Ladder((V240,)))
    check(taken, tmp_path, (V240,), apart=130_000)


def test_rungs_of_a_feed_without_sound(tmp_path: Path) -> None:
    data = encoded(*picture_of("854x480"), *X264, *CLOSED)
    taken = packaged(feed_of(tmp_path / "journal", data), ladder=Ladder((V360, V240)))
    check(taken, tmp_path, (V360, V240))
    assert stream_of(probe(taken.file(tmp_path, "v240")), "audio")["codec_name"] == "aac"


def test_rungs_of_a_feed_without_a_picture(tmp_path: Path) -> None:
    data = encoded(*SOUND, *AAC)
    taken = packaged(feed_of(tmp_path / "journal", data), ladder=Ladder((V240,)))
    check(taken, tmp_path, (V240,), apart=110_000)
    assert sizes(taken) == {"source": (640, 360), "v240": (426, 240)}


def test_the_smallest_rung_stays_thin_whatever_the_sound_is(tmp_path: Path) -> None:
    loud = ("-f", "lavfi", "-i", "anoisesrc=sample_rate=48000:color=brown:amplitude=0.2")
    data = encoded(
        *picture_of("640x360", more=NOISE), *loud, *X264, *CLOSED, "-c:a", "aac", "-b:a", "320k"
    )
    taken = packaged(feed_of(tmp_path / "journal", data), ladder=Ladder((V240,)))
    check(taken, tmp_path, (V240,))
    source = sum(len(cut.data) for cut in taken.cuts[SOURCE])
    rung = sum(len(cut.data) for cut in taken.cuts["v240"])
    assert rung < source / 4


def test_slides_have_a_picture_a_second_and_all_the_sound(tmp_path: Path) -> None:
    ladder = Ladder((V240,), (("v360", "v240"),), slides=True)
    taken = packaged(feed_of(tmp_path / "journal", feed("640x360")), ladder=ladder)
    check(taken, tmp_path, (V240,))
    found = probe(taken.file(tmp_path, "v240"))
    assert len(packets_of(found, "video")) == 3
    sound = packets_of(found, "audio")
    assert float(sound[-1]["pts_time"]) == pytest.approx(2.95, abs=0.1)


def test_rungs_that_are_too_much_end_the_run_and_what_was_cut_stays(tmp_path: Path) -> None:
    journal = feed_of(tmp_path / "journal", feed("640x360"))
    asked = iter([False] * 3)
    first = packaged(journal, ladder=Ladder((V240,)), too_much=lambda: next(asked, True))
    assert first.outcome is Outcome.BEHIND
    done_us = first.ends_us() if first.cuts.get(SOURCE) else 0
    slides = Ladder((V240,), slides=True)
    second = packaged(journal, at_us=done_us, ladder=slides, too_much=lambda: True)
    assert second.outcome is Outcome.FINISHED
    assert second.ends_us() == pytest.approx(3_000_000, abs=2 * FRAME_US)


@pytest.mark.parametrize("ladder", [Ladder(), Ladder((V240,), slides=True)])
def test_without_rungs_nothing_can_be_given_up(tmp_path: Path, ladder: Ladder) -> None:
    taken = packaged(
        feed_of(tmp_path / "journal", feed("640x360")), ladder=ladder, too_much=lambda: True
    )
    assert taken.outcome is Outcome.FINISHED


def test_no_descriptor_of_a_rung_stays_open(tmp_path: Path) -> None:
    journal = feed_of(tmp_path / "journal", feed("640x360", seconds=1))
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 -- numbers, not paths
    packaged(journal, ladder=Ladder((V240,)))
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208
