"""The demo's presenter: pushes the test picture or talks, and comes back when it is cut off."""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

from core.clock import utc_now
from media.ffmpeg.push import file_arguments, picture_arguments, talks_arguments
from media.process import PIPE, ChildProcess
from media.test_picture import FRAMES, frame_at

AGAIN_SECONDS = 0.3  # between being cut off and trying again
REFUSED_SECONDS = 2.0  # a push that ends sooner was refused at the door
REFUSALS = 5


def present(
    url: str, *, seconds: float | None, file: Path | None, stopping: Callable[[float], bool]
) -> bool:
    """Push until the time is over or a stop is asked for; False when the door keeps refusing.

    Args:
        url: Where to push, the stream key included.
        seconds: How long; None for as long as it is taken.
        file: What to push in place of the test picture.
        stopping: Waits the given seconds and tells whether to stop.
    """
    began = time.monotonic()
    refusals = 0
    while refusals < REFUSALS:
        left = None if seconds is None else seconds - (time.monotonic() - began)
        if left is not None and left <= 0:
            return True
        pushed_at = time.monotonic()
        done = _push_file(url, file, left, stopping) if file else _push_picture(url, left, stopping)
        if done:
            return True
        lasted = time.monotonic() - pushed_at
        refusals = refusals + 1 if lasted < REFUSED_SECONDS else 0
        if stopping(AGAIN_SECONDS):
            return True
    return False


def present_talks(url: str, *, playlist: Path, stopping: Callable[[float], bool]) -> bool:
    """Push the talks that a concat list names, again and again, until a stop is asked for.

    Returns:
        False when the push ended by itself: it was cut off, or refused at the door.
    """
    with ChildProcess(talks_arguments(url, playlist)) as child:
        while child.poll() is None:
            if stopping(0.5):
                return True
    return False


def _push_picture(url: str, seconds: float | None, stopping: Callable[[float], bool]) -> bool:
    """Push frames; True when it is over, False when the connection was cut."""
    with ChildProcess(picture_arguments(url), stdin=PIPE) as child:
        if child.stdin is None:
            return False
        done = _write_frames(child, child.stdin, seconds, stopping)
        with suppress(BrokenPipeError):
            child.stdin.close()
        child.wait(2)
        return done


def _write_frames(
    child: ChildProcess,
    stdin: IO[bytes],
    seconds: float | None,
    stopping: Callable[[float], bool],
) -> bool:
    began = time.monotonic()
    number = 0
    while seconds is None or number < seconds * FRAMES:
        if stopping(max(began + number / FRAMES - time.monotonic(), 0)):
            return True
        try:
            stdin.write(frame_at(utc_now()))
            stdin.flush()
        except BrokenPipeError:
            return False
        if child.poll() is not None:
            return False
        number += 1
    return True


def _push_file(
    url: str, file: Path, seconds: float | None, stopping: Callable[[float], bool]
) -> bool:
    with ChildProcess(file_arguments(url, file, seconds=seconds)) as child:
        while child.poll() is None:
            if stopping(0.1):
                return True
        return child.wait() == 0
