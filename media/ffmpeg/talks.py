"""Arguments of the programs that make a demo talk: how loud its speech is, and the talk itself."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import ffmpeg

from media.ffmpeg import ffmpeg_path

FRAMES: Final = 15
"""Frames a second: slides stand still, and only a thin line moves."""
STEP_MS: Final = 200
"""Slides last a multiple of this: three frames, and whole milliseconds."""
LOUDNESS: Final = -16.0  # LUFS, as everything we publish (EBU R128)
PEAK: Final = 0.77  # of full scale: -2.3 dB, so that AAC does not overshoot
SOUND_RATE: Final = 48_000
BAND_TOP: Final = 700
_OURS: Final = {"protocol_whitelist": "file"}
_QUIET: Final = ("-hide_banner", "-nostdin", "-nostats", "-y")
_PROGRESS: Final = ("-loglevel", "error", "-progress", "pipe:1", "-stats_period", "0.5")


@dataclass(frozen=True, slots=True)
class Still:
    """A slide as ffmpeg shows it: a picture, the strip that grows over it, and from where to where.

    ``frames`` is how long it is shown; the strip goes from ``done_before`` to ``done_after`` of the
    picture's width.
    """

    picture: Path
    strip: Path
    frames: int
    done_before: float
    done_after: float


def loudness_arguments(speech: Path) -> list[str]:
    """Return the command that says on stderr how loud filtered speech is (``I: … LUFS``)."""
    sound = _softened(ffmpeg.input(str(speech), f="wav", **_OURS).audio)
    heard = sound.filter("ebur128", framelog="quiet")
    output = ffmpeg.output(heard, "-", f="null")
    arguments: list[str] = output.compile(cmd=[ffmpeg_path(), *_QUIET])
    return arguments


def talk_arguments(
    stills: Sequence[Still], speech: Path, target: Path, *, gain_db: float, width: int
) -> list[str]:
    """Return the command that makes the talk: slides with their growing line, and louder speech."""
    strips = _strips(stills)
    shown = [_shown(still, next(strips[still.strip]), width) for still in stills]
    picture = ffmpeg.concat(*shown, v=1, a=0)
    sound = _softened(ffmpeg.input(str(speech), f="wav", **_OURS).audio)
    sound = sound.filter("volume", f"{gain_db:.2f}dB").filter(
        "alimiter",
        limit=PEAK,
        level=0,  # it limits and does nothing else
        latency=1,  # it gives back the delay of its look-ahead: captions are exact
    )
    output = ffmpeg.output(
        picture,
        sound,
        str(target),
        f="mp4",
        movflags="+faststart",  # players begin before the whole file is there
        **_VIDEO,
        **_AUDIO,
    )
    arguments: list[str] = output.compile(cmd=[ffmpeg_path(), *_QUIET, *_PROGRESS])
    return arguments


_VIDEO: Final[dict[str, Any]] = {
    "c:v": "libx264",
    "preset": "superfast",
    "x264-params": "me=dia:subme=0:weightp=0:partitions=none",  # nothing moves: do not search
    "profile:v": "high",
    "crf": 20,  # sharp letters; still pictures cost little
    "bf": 0,  # can go out live as it is
    "g": FRAMES,
    "keyint_min": FRAMES,
    "sc_threshold": 0,  # closed groups of exactly one second: they are copied, not encoded
    "pix_fmt": "yuv420p",
    "colorspace": "bt709",  # said, and made so below: otherwise players guess by size
    "color_primaries": "bt709",
    "color_trc": "bt709",
    "video_track_timescale": "90000",
}
_AUDIO: Final[dict[str, Any]] = {
    "c:a": "aac",
    "b:a": "96k",
    "aac_coder": "fast",  # the other search takes half as long as the whole picture
}


def _strips(stills: Sequence[Still]) -> dict[Path, Iterator[Any]]:
    """Read each strip once; return it as often as it is needed."""
    uses = Counter(still.strip for still in stills)
    return {path: _copies(_picture(path), count) for path, count in uses.items()}


def _copies(picture: Any, count: int) -> Iterator[Any]:  # noqa: ANN401
    split = picture.filter_multi_output("split", count)
    return iter([split[number] for number in range(count)])


def _shown(still: Still, strip: Any, width: int) -> Any:  # noqa: ANN401 -- nodes of an untyped library
    seconds = still.frames / FRAMES
    ground = _picture(still.picture)
    held = ground.filter("loop", loop=still.frames - 1, size=1)  # decoded once, then repeated
    timed = held.filter("setpts", f"N/{FRAMES}/TB")
    reach = f"{still.done_before:.5f}+{still.done_after - still.done_before:.5f}*t/{seconds:.3f}"
    return timed.overlay(strip, x=f"{width}*({reach})-{width}", y=BAND_TOP, eval="frame")


def _picture(path: Path) -> Any:  # noqa: ANN401
    source = ffmpeg.input(str(path), f="image2", framerate=FRAMES, **_OURS)
    return source.video.filter("scale", out_color_matrix="bt709", out_range="tv").filter(
        "format", "yuv420p"
    )


def _softened(sound: Any) -> Any:  # noqa: ANN401
    """Take the rumble and the edge off a synthetic voice, and even it out gently."""
    return (
        sound.filter("highpass", f=85)
        .filter("equalizer", f=3200, t="q", w=1.1, g=-3)  # where it buzzes
        .filter("lowpass", f=9000)
        .filter("acompressor", threshold=0.1, ratio=2.5, attack=8, release=120, knee=4)
        .filter("aresample", SOUND_RATE)
        .filter("aformat", channel_layouts="stereo")  # before it is measured: two are louder
    )
