"""One plain ffmpeg command that makes the renditions of a ladder, to compare ours with."""

from pathlib import Path

from media.binaries import ffmpeg_path
from media.ffmpeg.ladder import encoder_options
from media.ladder.rungs import Rung


def plain_arguments(source: Path, rungs: tuple[Rung, ...]) -> list[str]:
    """Return the one command that somebody would write by hand for the same renditions."""
    encoded = [rung for rung in rungs if not rung.copied]
    labels = "".join(f"[s{n}]" for n in range(len(encoded)))
    scales = ";".join(
        f"[s{n}]scale={rung.width}:{rung.height}[v{n}]" for n, rung in enumerate(encoded)
    )
    words = [str(ffmpeg_path()), "-loglevel", "error", "-nostdin", "-y", "-i", str(source)]
    words += ["-filter_complex", f"[0:v]split={len(encoded)}{labels};{scales}"]
    for number, rung in enumerate(rungs):
        picture = "0:v" if rung.copied else f"[v{encoded.index(rung)}]"
        words += ["-map", picture, *_codec(rung), *_hls(f"v{number}")]
    return [*words, "-map", "0:a", "-c:a", "aac", "-b:a", "64k", *_hls("sound")]


def _codec(rung: Rung) -> list[str]:
    if rung.copied:
        return ["-c:v", "copy"]
    options = encoder_options(rung.rate) | {"force_key_frames": "expr:gte(t,n_forced*4)"}
    return [word for name, value in options.items() for word in (f"-{name}", str(value))]


def _hls(name: str) -> list[str]:
    form = ["-f", "hls", "-hls_time", "4", "-hls_playlist_type", "vod"]
    files = ["-hls_segment_type", "fmp4", "-hls_fmp4_init_filename", f"{name}-init.mp4"]
    return [*form, *files, "-hls_segment_filename", f"{name}-%d.m4s", f"{name}.m3u8"]
