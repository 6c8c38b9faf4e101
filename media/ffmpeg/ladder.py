"""Arguments of the encoders of a ladder: one decode, every rung of a part on a pipe of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import ffmpeg

from media.ffmpeg import ffmpeg_path

MICROSECONDS: Final = 1_000_000
LEVELS: Final = ((400_000, "3.0"), (1_500_000, "3.2"), (3_500_000, "4.0"), (10**9, "4.2"))
"""Levels of H.264 that carry 60 frames per second of the rungs below these bits per second."""
PRESET: Final = "faster"
QUALITY: Final = 23  # slides and a talking head stay far below the bound of their rung
EARLY_US: Final = 1_000  # times were cut to a microsecond; a frame is never this short
TIMESCALE: Final = 90_000
QUIET: Final = (
    "-hide_banner",
    "-nostdin",  # a step has no terminal; without this ffmpeg reads one
    "-nostats",
    "-loglevel",
    "error",
    "-y",
    "-max_alloc",
    str(512 * 1024 * 1024),  # no frame of ours needs more; a broken one may claim to
)
OURS: Final = {"protocol_whitelist": "file"}  # nothing that was recorded can name another place

FRAGMENTED: Final = {
    "f": "mp4",
    # A fragment per GOP; its decode time is that of its first frame as shown, on the timeline of
    # the source, so that parts that were encoded apart follow each other.
    "movflags": "+delay_moov+default_base_moof+frag_keyframe+frag_discont+negative_cts_offsets",
    "use_editlist": "0",  # HLS players place fragments by their decode time alone
    "avoid_negative_ts": "disabled",
    "write_btrt": "0",  # a measured rate would make the init segments of parts differ
    "video_track_timescale": TIMESCALE,
    "fflags": "+bitexact",  # and so would the version of the muxer
    "map_metadata": -1,
    "flush_packets": 1,
}


@dataclass(frozen=True, slots=True)
class RungOutput:
    """One rung as ffmpeg makes it: ``rate`` in bits per second, 0 copies the picture.

    ``framed`` keeps the shape of the source and adds bars.
    """

    fd: int
    width: int
    height: int
    rate: int
    framed: bool = False


@dataclass(frozen=True, slots=True)
class Clip:
    """The media of one part: a file, and where in it the part lies; None: all of it."""

    file: Path
    container: str | None = "mp4"
    starts_us: int | None = None
    ends_us: int | None = None


def ladder_arguments(
    clip: Clip, outputs: Sequence[RungOutput], *, keyframes_us: Sequence[int]
) -> list[str]:
    """Return the command that makes every rung of a part.

    Args:
        clip: What is decoded.
        outputs: The rungs and the descriptors that they are written to.
        keyframes_us: Where segments begin, on the timeline of ``clip``; keyframes nowhere else.
    """
    source = ffmpeg.input(str(clip.file), **_input_options(clip))
    encoded = [one for one in outputs if one.rate]
    pictures = iter(_split(source["v:0"], encoded))
    made = [
        _encoded(next(pictures), one, keyframes_us) if one.rate else _copied(source, one)
        for one in outputs
    ]
    whole = made[0] if len(made) == 1 else ffmpeg.merge_outputs(*made)
    arguments: list[str] = whole.compile(
        cmd=[ffmpeg_path(), *QUIET, "-copyts"]  # parts keep their place on the run's timeline
    )
    return arguments


def encoder_options(rate: int) -> dict[str, Any]:
    """Return how a rung of ``rate`` bits per second is encoded."""
    return {
        "c:v": "libx264",
        "preset": PRESET,
        "profile:v": "high",
        # Stated, because it would be guessed from the frame rate of each part, and that is a guess
        # where times come in milliseconds: init segments of one run must be the same.
        "level": next(level for bound, level in LEVELS if rate < bound),
        "pix_fmt": "yuv420p",  # what every browser decodes
        "crf": QUALITY,
        "maxrate": rate,
        # Half a second at that rate for the small rungs: a segment stays near its bandwidth.
        "bufsize": rate if rate > MICROSECONDS else rate // 2,
        "g": 100_000,  # keyframes are only where a segment begins
        "sc_threshold": 0,
    }


def _input_options(clip: Clip) -> dict[str, Any]:
    options: dict[str, Any] = dict(OURS)
    if clip.container:
        options["f"] = clip.container
    if clip.starts_us is not None:
        options["ss"] = seconds(clip.starts_us)
    if clip.ends_us is not None:
        options["to"] = seconds(clip.ends_us)
    return options


def _split(picture: Any, outputs: Sequence[RungOutput]) -> list[Any]:  # noqa: ANN401 -- untyped library
    """Return the decoded picture once for each encoded rung, scaled to fit into its frame."""
    if not outputs:
        return []
    copies = picture.filter_multi_output("split", len(outputs)) if len(outputs) > 1 else [picture]
    return [_fitted(copies[number], one) for number, one in enumerate(outputs)]


def _fitted(picture: Any, one: RungOutput) -> Any:  # noqa: ANN401
    """Scale to the rung; a run of another shape gets bars where runs differ."""
    if not one.framed:  # exactly: rounding to even pixels must not add a bar
        exact = picture.filter("scale", one.width, one.height, flags="bicubic")
        return exact.filter("setsar", 1)
    scaled = picture.filter(
        "scale",
        one.width,
        one.height,
        flags="bicubic",
        force_original_aspect_ratio="decrease",
        force_divisible_by=2,
    )
    padded = scaled.filter("pad", one.width, one.height, "(ow-iw)/2", "(oh-ih)/2")
    return padded.filter("setsar", 1)


def _encoded(picture: Any, one: RungOutput, keyframes_us: Sequence[int]) -> Any:  # noqa: ANN401
    times = ",".join(seconds(max(at - EARLY_US, 0)) for at in keyframes_us)
    return ffmpeg.output(
        picture,
        f"pipe:{one.fd}",
        force_key_frames=times,
        fps_mode="passthrough",  # every frame of the source, at its own time
        enc_time_base=f"1:{TIMESCALE}",  # else times are rounded to a constant rate
        **encoder_options(one.rate),
        **FRAGMENTED,
    )


def _copied(source: Any, one: RungOutput) -> Any:  # noqa: ANN401
    return ffmpeg.output(source["v:0"], f"pipe:{one.fd}", **{"c:v": "copy"}, **FRAGMENTED)


def seconds(microseconds: int) -> str:
    """Return a time as ffmpeg reads it."""
    return f"{microseconds / MICROSECONDS:.6f}"
