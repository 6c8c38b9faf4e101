"""What a browser's recorder sends, made by ffmpeg: WebM or fragmented MP4 in pieces."""

from functools import cache

from media.ffmpeg import ffmpeg_path
from media.process import run_checked

PICTURE = "testsrc=size=320x180:rate=30"
SOUND = "sine=frequency=440:sample_rate=48000"
CODECS = {
    "vp8": ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-g", "60"),
    "h264": ("-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "30"),
    "long": ("-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "300"),
}
MATROSKA = ("-c:a", "libopus", "-f", "matroska", "-live", "1")  # of unknown size, like a recorder
FRAGMENTED = ("-c:a", "aac", "-f", "mp4", "-movflags", "frag_keyframe+empty_moov+default_base_moof")


@cache
def recording(codec: str, seconds: float = 4.0) -> bytes:
    """Return a WebM recording with picture (``vp8``, ``h264`` or ``long`` GOPs) and Opus."""
    return _made(codec, seconds, MATROSKA)


@cache
def mp4_recording(seconds: float = 4.0) -> bytes:
    """Return a fragmented MP4 recording, as Safari makes it."""
    return _made("h264", seconds, FRAGMENTED)


def pieces(data: bytes, count: int) -> list[bytes]:
    """Cut a recording into ``count`` pieces, wherever that falls."""
    size = -(-len(data) // count)
    return [data[at : at + size] for at in range(0, len(data), size)]


def encoder_arguments(target: str) -> list[str]:
    """Return an ffmpeg that pushes like an encoder, in real time."""
    quiet = ("-hide_banner", "-nostdin", "-loglevel", "error", "-re")
    inputs = ("-f", "lavfi", "-i", PICTURE, "-f", "lavfi", "-i", SOUND)
    codecs = (*CODECS["h264"], "-pix_fmt", "yuv420p", "-c:a", "aac")
    return [ffmpeg_path(), *quiet, *inputs, *codecs, "-f", "flv", target]


def _made(codec: str, seconds: float, container: tuple[str, ...]) -> bytes:
    length = ("-t", str(seconds))
    picture = ("-f", "lavfi", *length, "-i", PICTURE)
    sound = ("-f", "lavfi", *length, "-i", SOUND)
    quiet = ("-hide_banner", "-nostdin", "-loglevel", "error")
    options = (*CODECS[codec], "-pix_fmt", "yuv420p", *container)
    made = run_checked([ffmpeg_path(), *quiet, *picture, *sound, *options, "pipe:1"], timeout=60)
    return made.stdout
