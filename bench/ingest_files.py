"""Recordings like those of a browser, for benchmarks: 720p30 in WebM, with some noise."""

from pathlib import Path

from media.binaries import ffmpeg_path
from media.process import run_checked

RATE = 30
SIZE = "1280x720"
# A face before a wall: most of the picture stands still, and all of it has the noise of a camera.
PICTURE = f"testsrc2=size={SIZE}:rate={RATE},noise=alls=6:allf=t"
SOUND = "aevalsrc=0.2*sin(220*2*PI*t)*(0.6+0.4*sin(3*t))|0.2*sin(220*2*PI*t):s=48000"
BITS = ("-b:v", "2500k", "-maxrate", "2750k", "-bufsize", "2500k")
CODECS = {
    # What Chromium's recorder makes when it is asked for a keyframe every second
    "h264": (
        *("-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-profile:v"),
        *("baseline", "-g", str(RATE), "-keyint_min", str(RATE), "-sc_threshold", "0", *BITS),
    ),
    "vp8": ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "10", "-g", "90", *BITS),
}
PART = 9  # seconds that are encoded; three of VP8's long groups of pictures
PATIENCE = 600.0  # seconds, on a busy machine


def make_recording(path: Path, codec: str, seconds: float) -> Path:
    """Write a WebM (Matroska) file of unknown size and without cues, with Opus; return ``path``.

    A part of it is encoded and repeated: it has the same rate and the same keyframes throughout.
    """
    part = path.with_suffix(".mkv")
    inputs = ("-f", "lavfi", "-i", PICTURE, "-f", "lavfi", "-i", SOUND, "-t", str(PART))
    sound = ("-c:a", "libopus", "-b:a", "96k", "-application", "voip")
    run_ffmpeg(*inputs, *CODECS[codec], "-pix_fmt", "yuv420p", *sound, part)
    # A recorder ends a cluster with each slice, or later: slices cut it anywhere all the same
    container = ("-f", "matroska", "-live", "1", "-cluster_time_limit", "1000")
    run_ffmpeg(
        "-stream_loop", "-1", "-i", part, "-t", f"{seconds:g}", "-c", "copy", *container, path
    )
    return path


def run_ffmpeg(*words: str | Path) -> None:
    """Run a plain ffmpeg to its end."""
    run_checked([ffmpeg_path(), "-y", "-v", "error", "-nostdin", *words], timeout=PATIENCE)


def slices(path: Path, seconds: float, length: float = 0.25) -> list[bytes]:
    """Cut a recording of a constant rate into as many slices as a recorder makes of it."""
    data = path.read_bytes()
    size = -(-len(data) // round(seconds / length))
    return [data[at : at + size] for at in range(0, len(data), size)]
