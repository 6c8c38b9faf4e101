"""What encoders send, made once per process with the real encoder, and journals filled with it."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from media import flv
from media.binaries import ffmpeg_path
from media.feeds.flv import FlvFeed
from media.feeds.steady import SteadyClock
from media.journal import Journal
from media.process import run_checked

PICTURE = ("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25")
SOUND = ("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000")
X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-sc_threshold", "0")
CLOSED = ("-g", "25", "-keyint_min", "25", "-bf", "0")  # a keyframe a second
AAC = ("-c:a", "aac", "-b:a", "64k")
CONTAINER_OPTIONS = {
    "flv": ("-flvflags", "no_duration_filesize"),
    "mp4": ("-movflags", "+delay_moov+default_base_moof+frag_keyframe"),
}


@cache
def encoded(*arguments: str, seconds: float = 3, container: str = "flv") -> bytes:
    """Return what ffmpeg makes of ``arguments``."""
    output = ("-t", str(seconds), "-f", container, *CONTAINER_OPTIONS[container], "pipe:1")
    quiet = ("-hide_banner", "-loglevel", "error", "-nostdin")
    return run_checked([ffmpeg_path(), *quiet, *arguments, *output], timeout=60).stdout


def fit_feed(seconds: float = 3) -> bytes:
    """Return H.264 with a keyframe a second, and AAC."""
    return encoded(*PICTURE, *SOUND, *X264, *CLOSED, *AAC, seconds=seconds)


def long_feed(seconds: float = 3) -> bytes:
    """Return H.264 with its keyframes ten seconds apart, as encoders' defaults have it."""
    return encoded(*PICTURE, *SOUND, *X264, "-g", "250", "-bf", "0", *AAC, seconds=seconds)


def media_tags(data: bytes) -> list[flv.Tag]:
    """Return the tags of picture and sound."""
    return [tag for tag in flv.iter_tags(data) if tag.kind != flv.SCRIPT]


def fill(folder: Path, tags: Iterable[flv.Tag], *, part_bytes: int = 2**24) -> None:
    """Journal tags as the RTMP door does, clock and all."""
    journal, clock = Journal(folder, prefix=flv.header(), part_bytes=part_bytes), SteadyClock()
    for tag in tags:
        journal.append(flv.write_tag(tag.kind, clock.place(tag.timestamp_ms), tag.payload))
    journal.close()


def feed_of(folder: Path, data: bytes, *, part_bytes: int = 2**24) -> FlvFeed:
    """Return the feed of an encoder that sent ``data`` and left."""
    fill(folder, media_tags(data), part_bytes=part_bytes)
    return FlvFeed(folder, closed=lambda: True)
