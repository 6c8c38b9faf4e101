"""What may be typed, where a typed line lies in a replay, and how times are written. Pure."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.words import CHINESE
from media.enums import TrackSource
from media.hls import SegmentRow
from media.talks.sentences import pieces_of
from media.webvtt import Cue
from streams.marks.rules import replay_ms

MOST_TYPED: Final = 2_000
"""Characters that may come at once: stenographers paste what their machine has put together."""
MOST_LINES: Final = 20_000
LONGEST_DELAY_MS: Final = 60_000
SHOWN_MS: Final = 6_000
"""So long the last line is shown when no other follows."""
LEAST_MS: Final = 1_200
_READING_MS: Final = 70
"""Milliseconds per letter that reading takes; a Chinese character says as much as three."""
_WIDE: Final = 3
_TIME: Final = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]?\d)(?:[.,](\d{1,3}))?")


@dataclass(frozen=True, slots=True)
class Typed:
    """A line as it was typed: the program time of the words, and the words."""

    at: datetime
    text: str


def digest_of(cue: Sequence[object]) -> str:
    """Return by what a line is known as looked at: a cut moves it, and it stays the same line."""
    start, end, text = cue
    return hashlib.sha256(f"{int(str(end)) - int(str(start))} {text}".encode()).hexdigest()[:32]


def source_after(source: str) -> TrackSource:
    """Return whose words they are when a person has corrected them."""
    by_program = source in {TrackSource.AUTOMATIC, TrackSource.CORRECTED}
    return TrackSource.CORRECTED if by_program else TrackSource.HUMAN


def said_at(now: datetime, *, age_ms: int, opened_at: datetime) -> datetime:
    """Return when words were said that a captioner had heard ``age_ms`` before they came."""
    age = min(max(age_ms, 0), LONGEST_DELAY_MS)
    return max(now - timedelta(milliseconds=age), opened_at)


def live_cues(lines: Iterable[Typed], rows: Sequence[SegmentRow], *, language: str) -> list[Cue]:
    """Return the captions of a replay that typed lines make; ``rows`` are its segments.

    A line is shown until the next one, but not for longer than it takes to read it and some; one
    that is too long for two rows is shown in parts, each for its share.
    """
    length_ms = sum(row.duration_us for row in rows) // 1000
    said = sorted((one for one in lines if one.text), key=lambda one: one.at)
    starts = [replay_ms(rows, one.at) for one in said]
    cues: list[Cue] = []
    for number, (line, start) in enumerate(zip(said, starts, strict=True)):
        later = next((at for at in starts[number + 1 :] if at > start), length_ms)
        end = min(later, start + shown_ms(line.text, language), length_ms)
        if end > start:
            cues += _parts(line.text, start, end, language)
    return cues


def shown_ms(text: str, language: str) -> int:
    """Return for how long a line is shown when no other follows."""
    letters = len(text) * (_WIDE if language == CHINESE else 1)
    return max(SHOWN_MS, letters * _READING_MS)


def clock_ms(milliseconds: int) -> str:
    """Return a place as it is typed: ``1:05.250``, ``1:02:05.000``."""
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    head = f"{hours}:{minutes:02}" if hours else str(minutes)
    return f"{head}:{seconds:02}.{rest:03}"


def read_clock_ms(typed: str) -> int | None:
    """Return a typed place in milliseconds; None when it is no time."""
    matched = _TIME.fullmatch(typed.strip().replace("\N{FULLWIDTH COLON}", ":"))
    if matched is None:
        return None
    hours, minutes, seconds = (int(one or 0) for one in matched.groups()[:3])
    rest = int((matched.group(4) or "0").ljust(3, "0"))
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest


def _parts(text: str, start: int, end: int, language: str) -> list[Cue]:
    pieces = [piece for _place, piece in pieces_of(text, language)]
    room, total, before = end - start, sum(map(len, pieces)), 0
    cues = []
    for piece in pieces:
        begins = start + room * before // total
        before += len(piece)
        ends = start + room * before // total
        if ends > begins:
            cues.append(Cue(begins, ends, piece))
    return cues
