"""What the recorders of today's browsers send, made by ffmpeg as they make it."""

from dataclasses import dataclass
from functools import cache
from typing import Final

from media.ebml import read_element
from media.ffmpeg import ffmpeg_path
from media.process import run_checked

OPUS: Final = ("-c:a", "libopus", "-b:a", "64k")
X264: Final = ("-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency")
FRAGMENTS: Final = (
    *("-c:a", "aac", "-f", "mp4", "-frag_duration", "250000"),
    *("-movflags", "empty_moov+default_base_moof"),
)
# No cues and no length: a recorder cannot go back to write them
UNSEEKABLE: Final = ("-live", "1", "-write_crc32", "0")
SEGMENT: Final = 0x18538067
CLUSTER: Final = 0x1F43B675
UNKNOWN: Final = b"\x01" + 7 * b"\xff"


@dataclass(frozen=True, slots=True)
class Format:
    """A recorder: its picture's size, what it encodes and how it writes."""

    size: tuple[int, int]
    codec: tuple[str, ...]
    container: tuple[str, ...]
    filters: str = "null"
    rate: int = 30


FORMATS: Final = {
    # Firefox decides by itself when a keyframe comes, and leaves out pictures when it is busy
    "firefox": Format(
        (640, 360),
        (
            *("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "12", "-g", "9999"),
            *("-force_key_frames", "0.4,3.1,3.5,5.9", "-fps_mode", "passthrough"),
        ),
        (*OPUS, "-f", "webm", *UNSEEKABLE, "-cluster_time_limit", "900"),
        "select='mod(n,7)*mod(n,11)'",
    ),
    "chromium_vp9": Format(
        (640, 360),
        ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-g", "100"),
        (*OPUS, "-f", "webm", *UNSEEKABLE, "-cluster_time_limit", "250"),
    ),
    # With a keyframe every second, as the studio asks for it
    "chromium_h264": Format(
        (640, 360),
        (*X264, "-profile:v", "baseline", "-g", "30", "-sc_threshold", "0"),
        (*OPUS, "-f", "matroska", *UNSEEKABLE, "-cluster_time_limit", "250"),
    ),
    # A fragment for each slice, wherever the keyframes are
    "safari": Format(
        (640, 360),
        (*X264, "-profile:v", "high", "-g", "75", "-sc_threshold", "0"),
        FRAGMENTS,
    ),
    "safari_portrait": Format(
        (360, 640),
        (*X264, "-profile:v", "high", "-g", "75", "-sc_threshold", "0"),
        FRAGMENTS,
    ),
    # A screen that is shared in place of the camera is of another size: the recorder begins anew
    "chromium_screen": Format(
        (800, 500),
        (*X264, "-profile:v", "baseline", "-g", "30", "-sc_threshold", "0"),
        (*OPUS, "-f", "matroska", *UNSEEKABLE, "-cluster_time_limit", "250"),
    ),
}


@cache
def recorded(name: str, seconds: float) -> bytes:
    """Return a whole recording of one of :data:`FORMATS`."""
    one = FORMATS[name]
    picture = f"testsrc2=size={one.size[0]}x{one.size[1]}:rate={one.rate},{one.filters}"
    sound = "sine=frequency=440:sample_rate=48000"
    inputs = ("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound, "-t", f"{seconds:g}")
    quiet = ("-hide_banner", "-nostdin", "-loglevel", "error")
    options = (*one.codec, "-pix_fmt", "yuv420p", *one.container)
    made = run_checked([ffmpeg_path(), *quiet, *inputs, *options, "pipe:1"], timeout=90).stdout
    return made if one.container == FRAGMENTS else with_open_clusters(made)


def with_open_clusters(data: bytes) -> bytes:
    """Let no cluster of a Matroska file say its size, as recorders write them; ffmpeg says it."""
    out, at = [], 0
    while (element := read_element(data, at)) is not None:
        body = at + element.header_size
        end = body if element.id == SEGMENT else body + (element.size or 0)
        opened = CLUSTER.to_bytes(4) + UNKNOWN
        out.append((opened if element.id == CLUSTER else data[at:body]) + data[body:end])
        at = end
    return b"".join(out)
