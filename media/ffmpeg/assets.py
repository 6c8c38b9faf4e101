"""Arguments of the programs that make pictures from a recording: poster and storyboard."""

from pathlib import Path
from typing import Any, Final

import ffmpeg

from media.ffmpeg import ffmpeg_path

POSTER_WIDTH: Final = 1280
_QUIET: Final = (
    "-hide_banner",
    "-nostdin",  # a step has no terminal; without this ffmpeg reads one
    "-loglevel",
    "error",
    "-y",  # a step that was killed has left a part of its output
    "-max_alloc",
    str(512 * 1024 * 1024),  # no frame of ours needs more; a broken one may claim to
)
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


def storyboard_arguments(
    pictures: Path, sheet: Path, *, columns: int, rows: int, size: tuple[int, int]
) -> list[str]:
    """Return the command that puts every keyframe of ``pictures`` on one sheet.

    Only keyframes are decoded (0.14 s for a minute of the lowest rung, everything takes 8 s).
    """
    width, height = size
    frames = ffmpeg.input(str(pictures), f="mp4", skip_frame="nokey", threads=1, **_OURS).video
    small = frames.filter("scale", width, height, flags="area").filter("setsar", 1)
    sheets = small.filter("tile", f"{columns}x{rows}", color="0x0b1d1c")
    output = ffmpeg.output(
        sheets,
        str(sheet),
        f="image2",
        update=1,
        vcodec="mjpeg",
        pix_fmt="yuvj420p",
        fps_mode="passthrough",  # the sheet comes when the last frame has been read
        **{"q:v": 5, "frames:v": 1},
    )
    return _compiled(output)


def _compiled(output: Any, *extra: str) -> list[str]:  # noqa: ANN401 -- untyped library
    arguments: list[str] = output.compile(cmd=[ffmpeg_path(), *_QUIET, *extra])
    return arguments
