"""Arguments for the sound of a recording: measured, made as loud as speech is, and encoded once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any, Final

import ffmpeg

from media.ffmpeg import ffmpeg_path, ffprobe_path
from media.ffmpeg.ladder import OURS, QUIET

RATE: Final = 48_000
FRAME: Final = 1024  # samples of an AAC frame
PRIMING: Final = 1  # frames that an encoder sends before the first sample
TARGET_LUFS: Final = -16.0  # EBU R128 for speech on the web (AES TD1008)
PEAK_DBTP: Final = -1.5
LIMIT: Final = 0.794  # -2 dB: a limiter sees samples, and between them sound is a little louder
MOST_GAIN_DB: Final = 24.0  # a silent room is not made to roar
SILENCE_LUFS: Final = -60.0
BITS: Final = {1: 64_000, 2: 96_000}
_PROGRESS: Final = ("-progress", "pipe:1", "-stats_period", "0.5")
_FIGURE: Final = r"\s+(-?[0-9.]+|-?inf|nan)\s"


@dataclass(frozen=True, slots=True)
class SoundClip:
    """The sound of one run: ``samples`` from ``starts_us`` on; without a file it is silence."""

    file: Path | None
    starts_us: int
    samples: int
    container: str | None = "mp4"


@dataclass(frozen=True, slots=True)
class Loudness:
    """What was measured: integrated loudness in LUFS, true peak in dBTP."""

    integrated: float
    peak: float

    @property
    def gain_db(self) -> float:
        """How much louder it has to become, in decibels; silence stays as it is."""
        if not isfinite(self.integrated) or self.integrated < SILENCE_LUFS:
            return 0.0
        return min(TARGET_LUFS - self.integrated, MOST_GAIN_DB)

    def as_row(self) -> dict[str, float | None]:
        """Return what was measured and done, as a JSON document."""
        return {
            "lufs": self.integrated if isfinite(self.integrated) else None,
            "dbtp": self.peak if isfinite(self.peak) else None,
            "gain_db": round(self.gain_db, 2),
        }

    @property
    def needs_limiter(self) -> bool:
        """Whether peaks would go above what decoders carry without distortion."""
        return self.peak + self.gain_db > PEAK_DBTP


def measuring_arguments(clips: Sequence[SoundClip], *, channels: int) -> list[str]:
    """Return the command that says how loud the clips are together, on its error output."""
    heard = _joined(clips, channels).filter("ebur128", peak="true", framelog="quiet")
    output = ffmpeg.output(heard, "-", f="null")
    quiet = ["info" if word == "error" else word for word in QUIET]
    return _compiled(output, *quiet, *_PROGRESS)


def read_loudness(text: str) -> Loudness:
    """Read what :func:`measuring_arguments` printed; what is missing counts as silence."""
    integrated = re.findall(rf"I:{_FIGURE}+LUFS", text)
    peak = re.findall(rf"Peak:{_FIGURE}+dBFS", text)
    silence = float("-inf")
    return Loudness(
        float(integrated[-1]) if integrated else silence, float(peak[-1]) if peak else silence
    )


def sound_arguments(
    clips: Sequence[SoundClip], target: Path, *, channels: int, loudness: Loudness, fd: int
) -> list[str]:
    """Return the command that writes ``target`` (a download) and fragments to ``fd``.

    Both are the same encoded packets.
    """
    sound = _joined(clips, channels).filter("volume", f"{loudness.gain_db:.2f}dB")
    if loudness.needs_limiter:
        sound = sound.filter("alimiter", limit=LIMIT, level=0, attack=5, release=60, latency=1)
    fragments = "f=mp4:movflags=+delay_moov+default_base_moof:frag_duration=1000000:use_editlist=0"
    output = ffmpeg.output(
        sound.filter("aformat", sample_rates=RATE),  # a limiter may have changed it
        f"[f=ipod:movflags=+faststart]{target.name}|[{fragments}:write_btrt=0]pipe:{fd}",
        f="tee",
        flags="+global_header",
        fflags="+bitexact",
        map_metadata=-1,
        **{"c:a": "aac", "b:a": BITS[channels], "ar": RATE, "ac": channels},
    )
    return _compiled(output, *QUIET)


def joining_arguments(listing: Path, target: Path) -> list[str]:
    """Return the command that writes ``target`` (a download) from encoded sound, as it is.

    ``listing`` names the files, one after the other, as ``file <name>``; all are in its folder.
    """
    sound = ffmpeg.input(listing.name, f="concat", safe=1, **OURS).audio
    output = ffmpeg.output(
        sound,
        target.name,
        f="ipod",
        movflags="+faststart",
        fflags="+bitexact",
        map_metadata=-1,
        **{"c:a": "copy"},
    )
    return _compiled(output, *QUIET, *_PROGRESS)


def probe_arguments(file: Path) -> list[str]:
    """Return the command that says, as JSON, how many channels the sound of a file has."""
    only = ["-protocol_whitelist", "file", "-select_streams", "a:0"]
    what = ["-show_entries", "stream=channels", "-of", "json"]
    return [ffprobe_path(), "-v", "error", *only, *what, str(file)]


def _joined(clips: Sequence[SoundClip], channels: int) -> Any:  # noqa: ANN401 -- untyped library
    """Return the clips one after the other, each exactly as long as it says."""
    alike = [_exact(clip, channels) for clip in clips]
    return alike[0] if len(alike) == 1 else ffmpeg.concat(*alike, v=0, a=1)


def _exact(clip: SoundClip, channels: int) -> Any:  # noqa: ANN401
    layout = "mono" if channels == 1 else "stereo"
    if clip.file is None:
        source = ffmpeg.input(f"anullsrc=r={RATE}:cl={layout}", f="lavfi").audio
    else:
        options = {"f": clip.container} if clip.container else {}
        opened = ffmpeg.input(str(clip.file), **options, **OURS).audio
        first = round(clip.starts_us * RATE / 1_000_000)
        # Gaps in the timestamps become silence: what is heard keeps its place beside the picture.
        source = opened.filter("aresample", RATE, **{"async": 1, "first_pts": first})
    return (
        source.filter("aformat", sample_fmts="fltp", channel_layouts=layout)
        .filter("asetpts", "N/SR/TB")
        .filter("apad")
        .filter("atrim", end_sample=clip.samples)
    )


def _compiled(output: Any, *extra: str) -> list[str]:  # noqa: ANN401
    arguments: list[str] = output.compile(
        cmd=[ffmpeg_path(), *extra, "-copyts"]  # where sound begins is where it stays
    )
    return arguments
