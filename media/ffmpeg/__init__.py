"""ffmpeg's arguments: built purely, every flag with its reason beside it."""

from media import binaries


def ffmpeg_path() -> str:
    """Return the path of ffmpeg, as an argument list wants it."""
    return str(binaries.ffmpeg_path())


def ffprobe_path() -> str:
    """Return the path of ffprobe, as an argument list wants it."""
    return str(binaries.ffprobe_path())
