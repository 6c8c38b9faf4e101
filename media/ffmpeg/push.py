"""Arguments of encoders that push to the RTMP door: the demo's picture, or a file."""

from pathlib import Path
from typing import Any

import ffmpeg

from media.ffmpeg import ffmpeg_path
from media.test_picture import FRAMES, HEIGHT, WIDTH

QUIET = ("-hide_banner", "-loglevel", "error", "-nostats")
ENCODER = {
    "c:v": "libx264",
    "preset": "veryfast",
    "tune": "zerolatency",  # no look-ahead: the clock in the picture is to be late by little
    "pix_fmt": "yuv420p",
    "c:a": "aac",
    "b:a": "96k",
    "ar": 48_000,
}
KEYFRAMES = "expr:gte(t,n_forced)"  # one a second: the feed can be copied


def picture_arguments(url: str) -> list[str]:
    """Return the command line that pushes raw frames from stdin with a quiet tone."""
    frames = ffmpeg.input(
        "pipe:0", f="rawvideo", pix_fmt="yuv420p", s=f"{WIDTH}x{HEIGHT}", r=FRAMES
    )
    tone = ffmpeg.input("sine=frequency=196:beep_factor=2:sample_rate=48000", f="lavfi")
    quiet = tone["a:0"].filter("volume", 0.04)
    options: dict[str, Any] = {
        **ENCODER,
        "b:v": "900k",
        "g": FRAMES,
        "sc_threshold": 0,
        "shortest": None,
        "f": "flv",
    }
    return _compiled(ffmpeg.output(frames["v:0"], quiet, url, **options))


def file_arguments(url: str, path: Path, *, seconds: float | None = None) -> list[str]:
    """Return the command line that pushes a file at its own pace, encoded for live."""
    source = ffmpeg.input(str(path), re=None, **({"t": seconds} if seconds else {}))
    options: dict[str, Any] = {
        **ENCODER,
        "force_key_frames": KEYFRAMES,
        "f": "flv",
    }
    both = (source["v:0?"], source["a:0?"])  # either may be missing
    return _compiled(ffmpeg.output(*both, url, **options))


def talks_arguments(url: str, playlist: Path) -> list[str]:
    """Return the command line that pushes the files of a concat list for ever, at their own pace.

    They are made for live, with a keyframe a second: nothing is encoded again.
    """
    source = ffmpeg.input(
        str(playlist),
        f="concat",
        safe=0,  # the list names files by their whole path
        re=None,
        stream_loop=-1,
        protocol_whitelist="file",
    )
    return _compiled(ffmpeg.output(source["v:0"], source["a:0"], url, c="copy", f="flv"))


def _compiled(output: Any) -> list[str]:  # noqa: ANN401 -- a node of an untyped library
    arguments: list[str] = output.compile(cmd=[ffmpeg_path(), *QUIET])
    return arguments
