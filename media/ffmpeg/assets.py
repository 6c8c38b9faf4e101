"""Arguments of the programs that make assets from a recording: poster and sound download."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import ffmpeg

from media.ffmpeg import ffmpeg_path

POSTER_WIDTH: Final = 1280
SOUND_RATE: Final = 48_000
SOUND_BITS: Final = 96_000
_QUIET: Final = (
    "-hide_banner",
    "-nostdin",  # a step has no terminal; without this ffmpeg reads one
    "-loglevel",
    "error",
    "-y",  # a step that was killed has left a part of its output
    "-max_alloc",
    str(512 * 1024 * 1024),  # no frame of ours needs more; a broken one may claim to
)
_PROGRESS: Final = ("-progress", "pipe:1", "-stats_period", "0.5")
_OURS: Final = {"protocol_whitelist": "file"}  # nothing that was recorded can name another place


def poster_arguments(segment: Path, poster: Path) -> list[str]:
    """Return the command that makes a JPEG of a segment's first frame.

    Its average luma goes to stdout as one byte, so that a black frame can be told.
    """
    frame = ffmpeg.input(str(segment), f="mp4", threads=1, **_OURS).video.filter(
        "trim",
        end_frame=1,  # the IDR; what follows need not be decoded
    )
    both = frame.filter("setsar", 1).filter_multi_output("split")
    # Never enlarged; even sizes, because colour has half the resolution.
    picture = both[0].filter("scale", f"min({POSTER_WIDTH},iw)", -2)
    gray = both[1].filter("scale", 1, 1, flags="area").filter("format", "gray")
    outputs = ffmpeg.merge_outputs(
        ffmpeg.output(
            picture,
            str(poster),
            f="image2",
            update=1,  # one picture, not a numbered series
            vcodec="mjpeg",
            pix_fmt="yuvj420p",
            **{"q:v": 3, "frames:v": 1},
        ),
        ffmpeg.output(gray, "pipe:1", f="rawvideo", **{"frames:v": 1}),
    )
    return _compiled(outputs)


def joined_sound_arguments(parts: Path, target: Path) -> list[str]:
    """Return the command that joins runs of the same codec, as ``parts`` lists them, by copying."""
    source = ffmpeg.input(str(parts), f="concat", safe=0, **_OURS)
    return _compiled(_sound_file(source.audio, target, acodec="copy"), *_PROGRESS)


def encoded_sound_arguments(runs: Sequence[Path], target: Path) -> list[str]:
    """Return the command that joins runs whose parameters differ, by encoding them anew."""
    inputs = [ffmpeg.input(str(run), f="mp4", **_OURS).audio for run in runs]
    alike = [
        one.filter("aresample", SOUND_RATE).filter("aformat", channel_layouts="stereo")
        for one in inputs
    ]
    joined = ffmpeg.concat(*alike, v=0, a=1)
    sound = _sound_file(joined, target, acodec="aac", audio_bitrate=SOUND_BITS)
    return _compiled(sound, *_PROGRESS)


def parts_list(parts: Sequence[tuple[Path, int]]) -> str:
    """Return the text of a concat list of (file, microseconds).

    The length is stated because a file of fragments does not say how long it is.
    """
    lines = ["ffconcat version 1.0"]
    for path, duration_us in parts:
        lines += [f"file '{path}'", f"duration {duration_us / 1_000_000:.6f}"]
    return "\n".join(lines) + "\n"


def _sound_file(sound: Any, target: Path, **options: Any) -> Any:  # noqa: ANN401 -- untyped library
    return ffmpeg.output(
        sound,
        str(target),
        f="ipod",  # the m4a flavour of MP4
        movflags="+faststart",  # players begin before the whole file is there
        avoid_negative_ts="make_zero",  # a recording opened in the middle of a run starts late
        map_metadata=-1,
        **options,
    )


def _compiled(output: Any, *extra: str) -> list[str]:  # noqa: ANN401 -- untyped library
    arguments: list[str] = output.compile(cmd=[ffmpeg_path(), *_QUIET, *extra])
    return arguments
