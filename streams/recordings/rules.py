"""Cues to what a page shows of them: the lines of a transcript, chapters, a choice of language.

Pure. All times are milliseconds after the first second of the replay.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from core.words import CHINESE

LINE: Final = 90  # characters from which on a sentence's end ends the line of a transcript
LONGEST_LINE: Final = 320  # a speaker without full stops is cut all the same
SILENCE_MS: Final = 2500  # a pause that a reader should see too
ENDS: Final = (
    *tuple(".?!…。”"),
    "\N{FULLWIDTH QUESTION MARK}",
    "\N{FULLWIDTH EXCLAMATION MARK}",
    "\N{RIGHT SINGLE QUOTATION MARK}",
)
WIDE: Final = 2  # a Chinese character says about as much as this many letters


class Line(NamedTuple):
    """One line of a transcript."""

    start_ms: int
    end_ms: int
    text: str

    @property
    def second(self) -> int:
        """Where a link into the replay begins."""
        return self.start_ms // 1000

    @property
    def clock(self) -> str:
        """The same for reading: ``1:05``, ``1:02:05``."""
        return clock_of(self.second)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the replay; it ends where the next one begins."""

    start_ms: int
    title: str

    @property
    def second(self) -> int:
        """Where a link into the replay begins."""
        return self.start_ms // 1000

    @property
    def clock(self) -> str:
        """The same for reading: ``1:05``, ``1:02:05``."""
        return clock_of(self.second)


def clock_of(seconds: int) -> str:
    """Return a position as a clock; ``web/frontend/src/player/times.ts`` is its twin."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def transcript_lines(
    cues: Iterable[tuple[int, int, str]], *, language: str, breaks: Iterable[int] = ()
) -> list[Line]:
    """Join the cues of captions to lines that read well.

    Args:
        cues: (start, end, text) in order.
        language: Of the text; Chinese is joined without spaces.
        breaks: Where chapters begin: no line reaches over one.
    """
    is_chinese = language == CHINESE
    pending, lines = sorted(breaks, reverse=True), list[Line]()
    for start, end, text in cues:
        words = (" " if not is_chinese else "").join(text.split("\n"))
        crosses = False
        while pending and pending[-1] <= start:
            pending.pop()
            crosses = True
        last = lines[-1] if lines else None
        if last is None or crosses or _is_done(last, start, WIDE if is_chinese else 1):
            lines.append(Line(start, end, words))
        else:
            joined = last.text + ("" if is_chinese else " ") + words
            lines[-1] = Line(last.start_ms, end, joined)
    return lines


def best_language(languages: Sequence[str], *, page: str, spoken: str) -> str | None:
    """Return the language to begin with: the page's, else the spoken one, else any."""
    wanted = (one for one in (page, spoken) if one in languages)
    return next(wanted, languages[0] if languages else None)


def plain_transcript(title: str, chapters: Sequence[Chapter], lines: Sequence[Line]) -> str:
    """Return the transcript as text: the title, then the chapters and their lines."""
    written, left = [title], list(chapters)
    for line in lines:
        while left and left[0].start_ms <= line.start_ms:
            chapter = left.pop(0)
            written.append(f"\n{chapter.clock}  {chapter.title}")
        written.append(f"\n{line.clock}  {line.text}")
    return "\n".join(written) + "\n"


def _is_done(line: Line, next_start: int, width: int) -> bool:
    length = len(line.text) * width
    ended = line.text.rstrip().endswith(ENDS)
    return (
        next_start - line.end_ms >= SILENCE_MS
        or length >= LONGEST_LINE
        or (ended and length >= LINE)
    )
