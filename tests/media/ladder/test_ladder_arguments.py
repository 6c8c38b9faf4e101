from pathlib import Path

import pytest

from media.ffmpeg.ladder import Clip, RungOutput, encoder_options, ladder_arguments
from media.ffmpeg.sound import Loudness, SoundClip, read_loudness, sound_arguments

pytestmark = pytest.mark.unit

SUMMARY = """
[Parsed_ebur128_6 @ 0x1] Summary:

  Integrated loudness:
    I:         -27.3 LUFS
    Threshold: -37.5 LUFS

  True peak:
    Peak:       -9.1 dBFS
"""


def after(arguments: list[str], option: str) -> list[str]:
    return [arguments[at + 1] for at, word in enumerate(arguments) if word == option]


def test_one_decode_feeds_every_rung_and_a_copy_needs_none() -> None:
    outputs = [RungOutput(5, 1280, 720, 0), RungOutput(6, 854, 480, 1_200_000)]
    found = ladder_arguments(Clip(Path("in.mp4")), outputs, keyframes_us=[66_666, 4_066_666])
    assert after(found, "-i") == ["in.mp4"]
    assert after(found, "-c:v") == ["copy", "libx264"]
    assert after(found, "-force_key_frames") == ["0.065666,4.065666"]
    assert [word for word in found if word.startswith("pipe:")] == ["pipe:5", "pipe:6"]
    assert "split" not in " ".join(after(found, "-filter_complex"))
    three = [*outputs, RungOutput(7, 426, 240, 163_000, framed=True)]
    graph = ladder_arguments(Clip(Path("in.mp4")), three, keyframes_us=[0])
    [filters] = after(graph, "-filter_complex")
    assert filters.count("split=2") == filters.count("pad=426:240") == 1
    assert "pad=854" not in filters


@pytest.mark.parametrize(
    ("rate", "level", "buffer"),
    [(163_000, "3.0", 81_500), (1_205_000, "3.2", 1_205_000), (4_977_000, "4.2", 4_977_000)],
)
def test_encoder_is_told_everything_that_it_would_guess(rate: int, level: str, buffer: int) -> None:
    options = encoder_options(rate)
    assert (options["level"], options["maxrate"], options["bufsize"]) == (level, rate, buffer)


def test_loudness_is_read_and_silence_is_left_alone() -> None:
    assert read_loudness(SUMMARY) == Loudness(-27.3, -9.1)
    for text in ("", SUMMARY.replace("-27.3", "-inf"), SUMMARY.replace("-27.3", "-70.0")):
        assert read_loudness(text).gain_db == 0.0


@pytest.mark.parametrize(
    ("integrated", "peak", "gain", "limited"),
    [
        (-16.0, -3.0, 0.0, False),
        (-20.0, -8.0, 4.0, False),
        (-20.0, -5.0, 4.0, True),
        (-10.0, 0.0, -6.0, False),
        (-55.0, -40.0, 24.0, False),
    ],
)
def test_gain_is_one_factor_and_peaks_are_limited_only_where_they_would_pass(
    integrated: float,
    peak: float,
    gain: float,
    limited: bool,  # noqa: FBT001 -- a parameter of the test
) -> None:
    loudness = Loudness(integrated, peak)
    assert (loudness.gain_db, loudness.needs_limiter) == (gain, limited)
    clips = [SoundClip(Path("a.mp4"), 500_000, 48_000), SoundClip(None, 0, 96_000)]
    found = sound_arguments(clips, Path("x.m4a"), channels=1, loudness=loudness, fd=9)
    [graph] = after(found, "-filter_complex")
    assert f"volume={gain:.2f}dB" in graph
    assert ("alimiter" in graph) is limited
    assert "first_pts=24000" in graph
    assert (after(found, "-c:a"), after(found, "-b:a")) == (["aac"], ["64000"])
