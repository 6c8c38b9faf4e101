"""The command lines of packagers and pushing encoders, option by option."""

from pathlib import Path

import pytest

from media.ffmpeg.live import packager_arguments
from media.ffmpeg.push import file_arguments, picture_arguments
from media.plans import Plan, Source

pytestmark = pytest.mark.unit


def value(arguments: list[str], name: str) -> str:
    return arguments[arguments.index(name) + 1]


def test_a_copy_encodes_nothing() -> None:
    arguments = packager_arguments(Plan("flv", Source.COPY, Source.COPY), sound_fd=9)
    assert value(arguments, "-c:v") == "copy"
    assert value(arguments, "-c:a") == "copy"
    assert not {"-vf", "-r", "-ss", "-shortest", "lavfi"} & set(arguments)
    assert value(arguments, "-i") == "pipe:0"
    assert arguments.index("-analyzeduration") < arguments.index("-i")


def test_both_renditions_come_out_of_one_tee() -> None:
    arguments = packager_arguments(Plan("flv", Source.COPY, Source.COPY), sound_fd=9)
    muxed, sound = arguments[-1].split("|")
    assert muxed.endswith("]pipe:1")
    assert sound.endswith("]pipe:9")
    assert "select=a" in sound
    assert "frag_keyframe" in muxed
    assert "frag_keyframe" not in sound
    for slave in (muxed, sound):
        assert "onfail=abort" in slave
        assert "use_editlist=0" in slave


def test_an_encode_has_a_keyframe_a_second() -> None:
    plan = Plan("flv", Source.ENCODE, Source.ENCODE, frame_rate=29.97)
    arguments = packager_arguments(plan, sound_fd=9)
    rate = [value(arguments, name) for name in ("-r", "-g", "-keyint_min", "-sc_threshold")]
    assert rate == ["30", "30", "30", "0"]
    assert value(arguments, "-c:v") == "libx264"
    assert value(arguments, "-c:a") == "aac"
    assert value(arguments, "-pix_fmt") == "yuv420p"


def test_a_later_beginning_is_skipped_to() -> None:
    plan = Plan("flv", Source.ENCODE, Source.COPY).skipping(1_500_000)
    assert value(packager_arguments(plan, sound_fd=9), "-ss") == "1.5"


@pytest.mark.parametrize(
    ("plan", "made"),
    [
        (Plan("flv", Source.MADE, Source.COPY), "color="),
        (Plan("flv", Source.COPY, Source.MADE), "anullsrc="),
    ],
)
def test_what_is_made_up_ends_with_the_rest(plan: Plan, made: str) -> None:
    arguments = packager_arguments(plan, sound_fd=9)
    assert "-shortest" in arguments
    assert any(argument.startswith(made) for argument in arguments)


def test_the_demo_pushes_its_picture_with_a_keyframe_a_second() -> None:
    arguments = picture_arguments("rtmp://127.0.0.1:1935/live/key")
    assert value(arguments, "-g") == "25"
    assert value(arguments, "-f") == "rawvideo"
    assert arguments[-1] == "rtmp://127.0.0.1:1935/live/key"


@pytest.mark.parametrize(("seconds", "limited"), [(None, False), (4.0, True)])
def test_a_file_is_pushed_at_its_own_pace(seconds: float | None, *, limited: bool) -> None:
    arguments = file_arguments("rtmp://127.0.0.1/live/key", Path("a.mp4"), seconds=seconds)
    assert "-re" in arguments[: arguments.index("-i")]
    assert ("-t" in arguments) is limited
    maps = [arguments[at + 1] for at, word in enumerate(arguments) if word == "-map"]
    assert maps == ["0:v:0?", "0:a:0?"]
