"""The files of a recording made at once: every rung of a ladder, its sound, its pictures."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from media.binaries import ffmpeg_path
from media.process import run_checked

SEGMENT_SECONDS: Final = 4
FRAMES: Final = 25
UNIT: Final = 64
"""Seconds that are encoded and repeated; also a whole number of frames of sound."""
TILE: Final = (160, 90)
TILE_SECONDS: Final = 8
ENCODING_SECONDS: Final = 600.0


@dataclass(frozen=True)
class Rung:
    """One rendition; ``rate`` in kilobits per second, no height for the sound."""

    name: str
    width: int
    height: int
    rate: int
    codecs: str


RUNGS: Final = (
    Rung("g1v720", 1280, 720, 2600, "avc1.64001f"),
    Rung("g1v480", 854, 480, 1150, "avc1.64001e"),
    Rung("g1v360", 640, 360, 650, "avc1.64001e"),
    Rung("g1v240", 426, 240, 230, "avc1.640015"),
    Rung("g1audio", 0, 0, 64, "mp4a.40.2"),
)


@dataclass(frozen=True)
class Piece:
    """One segment of a rendition."""

    data: bytes
    duration_us: int


def pieces(folder: Path, rung: Rung, units: int) -> Iterator[Piece]:
    """Yield the segments of a rendition, the encoded ones over and over, each at its own time."""
    ticks = ticks_per_second((folder / f"{rung.name}-init.mp4").read_bytes())
    lengths = list(durations(folder / f"{rung.name}.m3u8"))
    files = [(folder / f"{rung.name}-{n}.m4s").read_bytes() for n in range(len(lengths))]
    for unit in range(units):
        for data, duration_us in zip(files, lengths, strict=True):
            yield Piece(later(data, unit * UNIT * ticks), duration_us)


def ticks_per_second(init: bytes) -> int:
    """Return the timescale of the one track of an init segment (ISO 14496-12, 8.4.2)."""
    at = init.index(b"mdhd") + 4
    skipped = 20 if init[at] else 12
    return int(struct.unpack_from(">I", init, at + skipped)[0])


def later(data: bytes, ticks: int) -> bytes:
    """Return a segment that begins ``ticks`` later (``tfdt`` and ``sidx`` say when it begins)."""
    moved = bytearray(data)
    for name, skipped in ((b"tfdt", 4), (b"sidx", 12)):
        at = moved.find(name)
        if at < 0:
            continue
        form = ">Q" if moved[at + 4] else ">I"
        place = at + 4 + skipped
        struct.pack_into(form, moved, place, struct.unpack_from(form, moved, place)[0] + ticks)
    return bytes(moved)


def encode(folder: Path) -> None:
    """Make one unit of everything; noise makes the encoder use the rate it is given."""
    picture = f"testsrc2=size=1280x720:rate={FRAMES},noise=alls=14:allf=t"
    sources = ["-f", "lavfi", "-i", picture]
    sources += ["-f", "lavfi", "-i", "sine=frequency=330:sample_rate=48000"]
    pictures = [rung for rung in RUNGS if rung.height]
    split = f"[0:v]split={len(pictures)}" + "".join(f"[s{n}]" for n in range(len(pictures)))
    scaled = [f"[s{n}]scale={r.width}:{r.height}[v{n}]" for n, r in enumerate(pictures)]
    outputs = [
        part for n, rung in enumerate(RUNGS) for part in (*_coded(n, rung), *_listed(rung.name))
    ]
    ffmpeg(folder, [*sources, "-filter_complex", ";".join([split, *scaled]), *outputs], UNIT)
    tiles = f"fps=1/{TILE_SECONDS},scale={TILE[0]}:{TILE[1]},tile={UNIT // TILE_SECONDS}x1"
    first = ["-f", "lavfi", "-i", f"testsrc2=size=640x360:rate={FRAMES}"]
    ffmpeg(folder, [*first, "-vf", tiles, "-frames:v", "1", "sheet.jpg"], UNIT)
    ffmpeg(folder, [*first, "-frames:v", "1", "poster.jpg"], 1)
    ffmpeg(folder, [*sources[4:], "-c:a", "aac", "-b:a", "64k", "sound.m4a"], UNIT)


def ffmpeg(folder: Path, arguments: list[str], seconds: int) -> None:
    """Run ffmpeg in ``folder``; every output lasts ``seconds``."""
    timed = list(_timed(arguments, seconds))
    command: list[str | Path] = [ffmpeg_path(), "-loglevel", "error", "-nostdin", *timed]
    run_checked(command, cwd=folder, timeout=ENCODING_SECONDS)


def durations(playlist: Path) -> Iterator[int]:
    """Yield the microseconds of each segment that ffmpeg listed."""
    for line in playlist.read_text().splitlines():
        if line.startswith("#EXTINF:"):
            yield round(float(line.removeprefix("#EXTINF:").partition(",")[0]) * 1_000_000)


def _coded(number: int, rung: Rung) -> list[str]:
    if not rung.height:
        return ["-map", "1:a", "-c:a", "aac", "-b:a", f"{rung.rate}k"]
    rate, gop = f"{rung.rate}k", str(SEGMENT_SECONDS * FRAMES)
    x264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", gop]
    steady = ["-b:v", rate, "-maxrate", rate, "-bufsize", rate, "-sc_threshold", "0"]
    return ["-map", f"[v{number}]", *x264, *steady]


def _listed(name: str) -> list[str]:
    hls = ["-f", "hls", "-hls_time", str(SEGMENT_SECONDS), "-hls_list_size", "0"]
    files = ["-hls_segment_type", "fmp4", "-hls_fmp4_init_filename", f"{name}-init.mp4"]
    return [*hls, *files, "-hls_segment_filename", f"{name}-%d.m4s", f"{name}.m3u8"]


def _timed(arguments: list[str], seconds: int) -> Iterator[str]:
    """Put the length before every output: a file name that no option takes."""
    endings = (".m3u8", ".jpg", "sound.m4a")
    for argument in arguments:
        if argument.endswith(endings):
            yield from ("-t", str(seconds))
        yield argument
