"""From a file to segments: one ffmpeg, two pipes, segments of four seconds cut at keyframes."""

import os
import selectors
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from media.errors import StepTooSlow
from media.ffmpeg.uploads import import_arguments
from media.imports.errors import Unfit
from media.imports.first_pictures import begins_with_idr
from media.imports.plans import GOP_MOST_US, ImportPlan
from media.mp4 import Fragment, FragmentReader, Init, Mp4Error
from media.packager import SOUND, SOURCE, Sink
from media.plans import Source
from media.process import PIPE, ChildProcess, ProcessFailed
from media.segmenter import Cut, Segmenter

PROGRAM: Final = "ffmpeg"
TARGET_SECONDS: Final = 4
ENOUGH_US: Final = 3_500_000
MOST_US: Final = 4_450_000  # EXTINF must round to the target of 4 s
READ_BYTES: Final = 1 << 20
LOOK_SECONDS: Final = 0.5
MEMORY: Final = 6 << 30  # address space, of which threads reserve most
UNKNOWN: Final = 0.5  # the progress of a file that does not say how long it is


@dataclass(slots=True)
class _Output:
    rendition: str
    until_us: int = 0
    reader: FragmentReader = field(default_factory=FragmentReader)
    joiner: Segmenter = field(default_factory=lambda: Segmenter(ENOUGH_US, MOST_US))


@dataclass(slots=True)
class Remux:
    """One pass over a file; ``run`` it once.

    Args:
        plan: What is copied and what is encoded.
        file: The file, in a folder that takes the program's errors as well.
        sink: Where init segments and cuts go.
        progress: Takes a fraction from 0 to 1, and raises when the step must end.
        deadline: A moment of ``time.monotonic``.
    """

    plan: ImportPlan
    file: Path
    sink: Sink
    progress: Callable[[float], None]
    deadline: float

    def run(self) -> None:
        """Read the file to its end.

        Raises:
            Unfit: The picture is to be copied, and its keyframes do not permit it.
            ProcessFailed: The program gave up.
            StepTooSlow: The deadline has passed.
        """
        errors = self.file.parent / "errors.log"
        sound_read, sound_write = os.pipe()
        try:
            with errors.open("wb") as log, self._child(sound_write, log.fileno()) as child:
                os.close(sound_write)  # else its end could not be seen
                sound_write = -1
                self._read(child, sound_read)
                code = child.wait(60.0)
        except Mp4Error as error:
            raise ProcessFailed(PROGRAM, None, str(error)) from error
        finally:
            for fd in {sound_read, sound_write} - {-1}:
                os.close(fd)
        if code != 0:
            raise ProcessFailed(PROGRAM, code, errors.read_text(errors="replace"))

    def _child(self, sound_write: int, log: int) -> ChildProcess:
        facts = self.plan.facts
        arguments = import_arguments(
            self.file,
            facts.container,
            video=self.plan.video,
            audio=self.plan.audio,
            picture=facts.picture.index if facts.picture else 0,
            sound=facts.sound.index if facts.sound else 0,
            frame_rate=facts.picture.frame_rate if facts.picture else 0.0,
            sound_fd=sound_write,
        )
        return ChildProcess(
            arguments,
            cwd=self.file.parent,
            stdout=PIPE,
            stderr=log,
            pass_fds=(sound_write,),
            memory=MEMORY,
        )

    def _read(self, child: ChildProcess, sound_read: int) -> None:
        if child.stdout is None:
            raise ProcessFailed(PROGRAM, None, "it has no output")
        outputs = {child.stdout.fileno(): _Output(SOURCE), sound_read: _Output(SOUND)}
        with selectors.DefaultSelector() as selector:
            for fd in outputs:
                selector.register(fd, selectors.EVENT_READ)
            while selector.get_map():
                for key, _events in selector.select(LOOK_SECONDS):
                    if not self._take(outputs[key.fd], os.read(key.fd, READ_BYTES)):
                        selector.unregister(key.fd)
                if time.monotonic() > self.deadline:
                    raise StepTooSlow
                self.progress(self._done(outputs.values()))

    def _take(self, output: _Output, data: bytes) -> bool:
        """Pass on what ``data`` completes; tell whether more may come."""
        for found in output.reader.feed(data):
            if isinstance(found, Init):
                self.sink.init(output.rendition, found)
                continue
            if self.plan.video is Source.COPY and output.rendition == SOURCE:
                _check_copy(output.reader.init, found)
            output.until_us = max(output.until_us, found.starts_us + found.duration_us)
            self._emit(output, output.joiner.take(found))
        if not data:
            self._emit(output, output.joiner.finish())
        return bool(data)

    def _emit(self, output: _Output, cuts: list[Cut]) -> None:
        for cut in cuts:
            self.sink.cut(output.rendition, cut)

    def _done(self, outputs: Iterable[_Output]) -> float:
        whole = self.plan.facts.duration_us
        return min(max(one.until_us for one in outputs) / whole, 1.0) if whole else UNKNOWN


def _check_copy(init: Init | None, fragment: Fragment) -> None:
    """Refuse to copy where a segment would be too long or could not be begun with."""
    if fragment.duration_us > GOP_MOST_US:
        raise Unfit
    if init is not None and not begins_with_idr(init, fragment):
        raise Unfit
