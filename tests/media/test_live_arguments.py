"""The command lines of packagers and pushing encoders, option by option."""

from pathlib import Path

import pytest

from media.ffmpeg.live import packager_arguments
from media.ffmpeg.push import file_arguments, picture_arguments
from media.plans import Plan, Source
from media.rungs import RUNGS, Ladder, Rung

pytestmark = pytest.mark.unit


def value(arguments: list[str], name: str) -> str:
    return arguments[arguments.index(name) + 1]


def test_a_copy_encodes_nothing() -> None:
    arguments = packager_arguments(Plan("flv", Source.COPY, Source.COPY), sound_fd=9)
    assert value(arguments, "-c:v:0") == "copy"
    assert value(arguments, "-c:a:0") == "copy"
    assert [word for word in arguments if word.startswith("-c:")] == ["-c:a:0", "-c:v:0"]
    assert not {"-filter:v:0", "-r:v:0", "-ss", "-shortest", "lavfi", "-thread_type"} & set(
        arguments
    )
    assert value(arguments, "-i") == "pipe:0"
    assert arguments.index("-analyzeduration") < arguments.index("-i")


def test_both_renditions_come_out_of_one_tee() -> None:
    arguments = packager_arguments(Plan("flv", Source.COPY, Source.COPY), sound_fd=9)
    muxed, sound = arguments[-1].split("|")
    assert muxed.endswith("]pipe:1")
    assert sound.endswith("]pipe:9")
    assert selected(muxed) == "v:0,a:0"
    assert selected(sound) == "a:0"
    assert "frag_keyframe" in muxed
    assert "frag_keyframe" not in sound
    for slave in (muxed, sound):
        assert "onfail=abort" in slave
        assert "use_editlist=0" in slave
        assert "flush_packets=1" in slave


def selected(slave: str) -> str:
    return slave.partition("select=\\'")[2].partition("\\'")[0]


def test_an_encode_has_a_keyframe_a_second() -> None:
    plan = Plan("flv", Source.ENCODE, Source.ENCODE, frame_rate=29.97)
    arguments = packager_arguments(plan, sound_fd=9)
    names = ("-r:v:0", "-g:v:0", "-keyint_min:v:0", "-sc_threshold:v:0")
    assert [value(arguments, name) for name in names] == ["30", "30", "30", "0"]
    assert value(arguments, "-c:v:0") == "libx264"
    assert value(arguments, "-c:a:0") == "aac"
    assert value(arguments, "-pix_fmt:v:0") == "yuv420p"


ALL_RUNGS = Ladder(RUNGS)


def test_rungs_are_encoded_from_one_decode_and_the_source_waits_for_none() -> None:
    plan = Plan("flv", Source.COPY, Source.COPY, 1280, 720, 25.0).with_ladder(ALL_RUNGS)
    arguments = packager_arguments(plan, sound_fd=9, rung_fds=[11, 12, 13])
    tees = [word.split("|") for word in arguments if word.startswith("[")]
    assert [[(selected(one), one.rpartition("]")[2]) for one in tee] for tee in tees] == [
        [("v:0,a:0", "pipe:1"), ("a:0", "pipe:9")],
        [("v:0,a:0", "pipe:11"), ("v:1,a:0", "pipe:12"), ("v:2,a:1", "pipe:13")],
    ]
    assert arguments.count("-i") == 1
    assert [arguments[at + 1] for at, word in enumerate(arguments) if word == "-map"] == [
        *["0:v:0", "0:a:0"],
        *["0:v:0"] * 3,
        *["0:a:0"] * 2,
    ]
    assert value(arguments, "-thread_type") == "slice"
    assert arguments.index("-thread_type") < arguments.index("-i")


@pytest.mark.parametrize(("number", "rung"), list(enumerate(RUNGS)))
def test_a_rung_of_a_copy_has_the_keyframes_of_the_source(number: int, rung: Rung) -> None:
    plan = Plan("flv", Source.COPY, Source.COPY, 1280, 720, 25.0).with_ladder(ALL_RUNGS)
    arguments = packager_arguments(plan, sound_fd=9, rung_fds=[11, 12, 13])
    names = ("force_key_frames", "sc_threshold", "g", "fps_mode", "tune", "maxrate", "bufsize")
    arguments = arguments[arguments.index("-map", arguments.index("-c:v:0")) :]  # the second tee
    assert [value(arguments, f"-{name}:v:{number}") for name in names] == [
        "source",
        "0",
        "33",
        "passthrough",
        "zerolatency",
        f"{rung.video}k",
        f"{rung.buffer}k",
    ]
    assert f"min({rung.lines},ih)" in value(arguments, f"-filter:v:{number}")
    assert value(arguments, f"-filter:v:{number}").startswith("select='key+")


@pytest.mark.parametrize("source", [Source.ENCODE, Source.MADE])
def test_a_rung_of_an_encode_has_the_same_constant_rate(source: Source) -> None:
    plan = Plan("flv", source, Source.COPY, 1280, 720, 25.0).with_ladder(ALL_RUNGS)
    arguments = packager_arguments(plan, sound_fd=9, rung_fds=[11, 12, 13])
    names = ("r", "g", "keyint_min", "sc_threshold")
    for name, expected in zip(names, ("25", "25", "25", "0"), strict=True):
        found = [arguments[at + 1] for at, word in enumerate(arguments) if f"-{name}:v:" in word]
        assert found == [expected] * 4
    assert not {"-thread_type", "-skip_frame", "-force_key_frames:v:1"} & set(arguments)


def test_slides_decode_keyframes_alone() -> None:
    plan = Plan("flv", Source.COPY, Source.COPY, 1280, 720, 25.0)
    slides = plan.with_ladder(Ladder(RUNGS[-1:], (("v480", "v240"),), slides=True))
    arguments = packager_arguments(slides, sound_fd=9, rung_fds=[11])
    assert value(arguments, "-skip_frame") == "nokey"
    assert value(arguments, "-filter:v:0").startswith("scale=")
    assert arguments[-1].endswith("]pipe:11")


@pytest.mark.parametrize(
    ("audio", "options"),
    [
        (Source.COPY, {"c": "aac", "b": "48k", "bsf": r"noise=drop=lt(pts\,0)"}),
        (Source.ENCODE, {"c": "aac", "b": "48k", "ar": "48000"}),
        (Source.MADE, {"c": "aac", "b": "48k", "ar": "48000"}),
    ],
)
def test_the_smallest_rung_has_sound_of_its_own(audio: Source, options: dict[str, str]) -> None:
    plan = Plan("flv", Source.COPY, audio, 1280, 720, 25.0).with_ladder(ALL_RUNGS)
    arguments = packager_arguments(plan, sound_fd=9, rung_fds=[11, 12, 13])
    found = {
        word[1:].partition(":")[0]: arguments[at + 1]
        for at, word in enumerate(arguments)
        if word.endswith(":a:1")
    }
    assert found == options


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
