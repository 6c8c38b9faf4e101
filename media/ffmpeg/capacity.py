"""Arguments that measure: a sample, decoding it, and encoding it as live does."""

from pathlib import Path
from typing import Any

import ffmpeg

from media.ffmpeg import ffmpeg_path
from media.ffmpeg.live import X264, rung_options
from media.rungs import RUNGS

SAMPLE_SECONDS = 2
MEASURING = ("-hide_banner", "-nostdin", "-nostats", "-loglevel", "info", "-benchmark")


def sample_arguments(target: Path, *, size: tuple[int, int], rate: int) -> list[str]:
    """Return what makes the sample: a picture that moves everywhere, harder than a face."""
    width, height = size
    moving = f"testsrc2=size={width}x{height}:rate={rate}:duration={SAMPLE_SECONDS}"
    picture = ffmpeg.input(moving, f="lavfi")
    options = {"c:v": "libx264", "preset": "ultrafast", "pix_fmt": "yuv420p", "b:v": "2800k"}
    return _compiled(ffmpeg.output(picture, str(target), g=rate, **options))


def decode_arguments(sample: Path) -> list[str]:
    """Return what decodes the sample and throws it away."""
    return _compiled(ffmpeg.output(ffmpeg.input(str(sample))["v:0"], "-", f="null"))


def rungs_arguments(sample: Path) -> list[str]:
    """Return what decodes the sample once and encodes every rung."""
    picture = ffmpeg.input(str(sample))["v:0"]
    options: dict[str, Any] = {}
    for number, rung in enumerate(RUNGS):
        options |= {f"{name}:v:{number}": value for name, value in rung_options(rung).items()}
    return _compiled(ffmpeg.output(*[picture] * len(RUNGS), "-", f="null", **options))


def source_arguments(sample: Path) -> list[str]:
    """Return what decodes the sample and encodes it in its own size."""
    limits = {"maxrate": "3000k", "bufsize": "3000k"}
    options = {f"{name}:v": value for name, value in (X264 | limits).items()}
    picture = ffmpeg.input(str(sample))["v:0"]
    return _compiled(ffmpeg.output(picture, "-", f="null", **options))


def _compiled(output: Any) -> list[str]:  # noqa: ANN401 -- a node of an untyped library
    arguments: list[str] = output.compile(cmd=[ffmpeg_path(), *MEASURING])
    return arguments
