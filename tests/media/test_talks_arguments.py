"""The command lines that make a talk, option by option."""

from pathlib import Path

import pytest

from media.ffmpeg.talks import FRAMES, STEP_MS, Still, loudness_arguments, talk_arguments

pytestmark = pytest.mark.unit

STILLS = [
    Still(Path("a.ppm"), Path("dark.ppm"), 45, 0.0, 0.5),
    Still(Path("b.ppm"), Path("light.ppm"), 30, 0.5, 0.75),
    Still(Path("c.ppm"), Path("light.ppm"), 30, 0.75, 1.0),
]


def value(arguments: list[str], name: str) -> str:
    return arguments[arguments.index(name) + 1]


def command() -> list[str]:
    return talk_arguments(STILLS, Path("speech.wav"), Path("talk.mp4"), gain_db=4.256, width=1280)


def test_groups_of_pictures_are_a_second_and_closed() -> None:
    arguments = command()
    assert value(arguments, "-g") == value(arguments, "-keyint_min") == str(FRAMES)
    assert value(arguments, "-sc_threshold") == "0"
    assert value(arguments, "-bf") == "0"
    assert "open-gop" not in value(arguments, "-x264-params")
    assert STEP_MS * FRAMES % 1000 == 0


def test_each_picture_is_read_once_and_held() -> None:
    arguments = command()
    inputs = [arguments[at + 1] for at, word in enumerate(arguments) if word == "-i"]
    assert sorted(inputs) == ["a.ppm", "b.ppm", "c.ppm", "dark.ppm", "light.ppm", "speech.wav"]
    graph = value(arguments, "-filter_complex")
    assert [f"loop=loop={still.frames - 1}:size=1" in graph for still in STILLS] == [True] * 3


def test_the_line_of_progress_goes_on_where_it_was() -> None:
    graph = value(command(), "-filter_complex").replace("\\", "")
    for reach in (
        "1280*(0.00000+0.50000*t/3.000)-1280",
        "1280*(0.50000+0.25000*t/2.000)-1280",
        "1280*(0.75000+0.25000*t/2.000)-1280",
    ):
        assert reach in graph


def test_speech_is_measured_as_it_will_sound() -> None:
    measured = value(loudness_arguments(Path("speech.wav")), "-filter_complex")
    made = value(command(), "-filter_complex")
    for part in ("highpass", "equalizer", "lowpass", "acompressor", "channel_layouts=stereo"):
        assert part in measured
        assert part in made
    assert "volume=4.26dB" in made
    assert "alimiter" not in measured


def test_sound_is_encoded_without_the_long_search() -> None:
    assert value(command(), "-aac_coder") == "fast"


def test_nothing_is_read_but_files() -> None:
    for arguments in (command(), loudness_arguments(Path("speech.wav"))):
        whitelists = [
            arguments[at + 1] for at, word in enumerate(arguments) if word == "-protocol_whitelist"
        ]
        assert whitelists == ["file"] * arguments.count("-i")
