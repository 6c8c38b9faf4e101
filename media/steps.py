"""What a background step is given: storage, a folder, and programs that can be stopped."""

import os
import selectors
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any, Final

from core.database import Sessions
from core.settings import Settings
from media.errors import StepTooSlow
from media.ports import ObjectStorage
from media.process import PIPE, ChildProcess, ProcessFailed

LOOK_SECONDS: Final = 0.25  # how soon a running program notices that the step must end
MICROSECONDS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class StepContext:
    """Everything a step may touch.

    ``progress`` takes a fraction from 0 to 1 and raises ``StepStopped`` when the step must end:
    steps call it often. ``deadline`` is a moment of ``time.monotonic``. ``payload`` and
    ``revision`` are those of the work.
    """

    work_id: str
    subject: str
    sessions: Sessions
    storage: ObjectStorage
    settings: Settings
    progress: Callable[[float], None]
    deadline: float
    payload: Mapping[str, Any] = field(default_factory=dict)
    revision: int = 1

    def within(self, first: float, last: float) -> "StepContext":
        """Return the context of a stage whose progress is that share of the whole."""

        def progress(fraction: float) -> None:
            self.progress(first + fraction * (last - first))

        return replace(self, progress=progress)

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """Give an empty folder that is gone afterwards, and at the next attempt after a kill."""
        path = self.settings.home / "work" / self.work_id
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        try:
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)


Step = Callable[[StepContext], None]
"""A step finds what it needs by ``context.subject``, may run twice, and leaves all or nothing."""


def run_program(
    context: StepContext, arguments: list[str], *, folder: Path, duration_us: int
) -> None:
    """Run ffmpeg with ``-progress pipe:1`` over media of ``duration_us``.

    Raises:
        ProcessFailed: It ended badly.
        StepStopped: The step must end; the program has been ended.
        StepTooSlow: The deadline has passed; the program has been ended.
    """
    errors = folder / "errors.log"
    with errors.open("wb") as log:
        child = ChildProcess(arguments, cwd=folder, stdout=PIPE, stderr=log)
        with child:
            _follow(context, child, duration_us)
            code = child.wait(LOOK_SECONDS)
    if code != 0:
        raise ProcessFailed(arguments[0], code, errors.read_text(errors="replace"))


def _follow(context: StepContext, child: ChildProcess, duration_us: int) -> None:
    """Pass progress on until the program closes its output."""
    output = child.stdout
    if output is None:
        raise ProcessFailed(child.args[0], None, "it has no output")
    done = 0.0
    for text in _pieces(output):
        if time.monotonic() > context.deadline:
            raise StepTooSlow
        done = max(done, _latest_position(text) / max(duration_us, 1))
        context.progress(min(done, 0.99))


def _pieces(output: IO[bytes]) -> Iterator[str]:
    """Yield what the program wrote, or nothing at least every ``LOOK_SECONDS``."""
    with selectors.DefaultSelector() as selector:
        selector.register(output, selectors.EVENT_READ)
        while True:
            piece = b""
            if selector.select(LOOK_SECONDS):
                piece = os.read(output.fileno(), 65536)
                if not piece:
                    return
            yield piece.decode(errors="replace")


def _latest_position(text: str) -> int:
    """Return the last ``out_time_us`` in ``text`` in microseconds, 0 if there is none yet."""
    found = [
        line.partition("=")[2] for line in text.splitlines() if line.startswith("out_time_us=")
    ]
    numbers = [int(value) for value in found if value.isdecimal()]
    return numbers[-1] if numbers else 0
