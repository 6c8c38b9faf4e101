"""Marks to chapters, and program time to the clock of a replay. Pure."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from typing import Final

from core.words import CHINESE
from media.hls import SegmentRow

MOST: Final = 200
"""Marks of one livestream: nobody reads more chapters."""
CLOSEST_MS: Final = 1_000
"""Of marks within a second the last one counts: a key was pressed twice."""
LONGEST_TITLE: Final = 120
MOST_TOLD: Final = 40
"""Chapters that everybody is told of while it is live, the newest; the replay has all of them."""
_PART: Final = {CHINESE: "第 {number} 部分"}


@dataclass(frozen=True, slots=True)
class Moment:
    """A mark: the program time of the picture, and a title that may be empty."""

    at: datetime
    title: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """What was sent without a gap: from which program time on, and how long."""

    begins: datetime
    length: timedelta


@dataclass(frozen=True, slots=True)
class SoFar:
    """A chapter of what is still live: program time and second of its beginning, and its title."""

    at: datetime
    second: int
    title: str


def replay_ms(rows: Sequence[SegmentRow], at: datetime) -> int:
    """Return where a program time lies on the clock of the replay that ``rows`` make.

    A replay has no gaps: a moment in one is where the next segment begins, one before the first
    segment is its beginning, one after the last its end. In milliseconds.
    """
    ends = list(accumulate((row.duration_us for row in rows), initial=0))
    number = bisect_right(rows, at, key=lambda row: row.program_at) - 1
    if number < 0:
        return 0
    within = (at - rows[number].program_at) // timedelta(microseconds=1)
    return (ends[number] + min(within, rows[number].duration_us)) // 1000


def chapters_of(
    moments: Sequence[Moment], rows: Sequence[SegmentRow], *, language: str
) -> list[tuple[int, int, str]]:
    """Return the chapters of a replay: (start, end, title) in milliseconds; the first begins at 0.

    Marks of what is not shown are left out, but for the title of the part that the replay begins
    within.
    """
    length_ms = sum(row.duration_us for row in rows) // 1000
    if not moments or length_ms <= 0:
        return []
    ordered = sorted(moments, key=lambda moment: moment.at)
    placed = [(replay_ms(rows, one.at), one.title) for one in ordered]
    titles = titles_by_start([(start, title) for start, title in placed if start < length_ms])
    if not titles:
        return []
    return as_chapters({0: "", **titles}, length_ms=length_ms, language=language)


def titles_by_start(placed: Iterable[tuple[int, str]]) -> dict[int, str]:
    """Return titles by where they begin, in milliseconds, of marks in order of their moments."""
    titles: dict[int, str] = {}
    for start, title in placed:
        near = [known for known in titles if known and start - known < CLOSEST_MS]
        titles[near[-1] if near else start if start >= CLOSEST_MS else 0] = title
    return titles


def so_far(moments: Sequence[Moment], spans: Sequence[Span], *, language: str) -> list[SoFar]:
    """Return the chapters that the replay would have if it ended now, the newest ``MOST_TOLD``.

    Args:
        moments: What was marked; none makes no chapters.
        spans: What has been sent, at least one; more of the last one may be on its way.
        language: Of the talk.
    """
    if not moments:
        return []
    ordered = sorted(moments, key=lambda moment: moment.at)
    titles = {0: "", **titles_by_start([(sent_ms(spans, one.at), one.title) for one in ordered])}
    told = [
        SoFar(moment_at(spans, start), start // 1000, titles[start].strip())
        for start in sorted(titles)
    ]
    named = [
        one if one.title else replace(one, title=part_name(number, language))
        for number, one in enumerate(told, 1)
    ]
    return named[-MOST_TOLD:]


def sent_ms(spans: Sequence[Span], at: datetime) -> int:
    """Return where a program time lies on the clock of the replay that is being made.

    As :func:`replay_ms`, but what follows the last span may still arrive: the span goes on.
    """
    number = max(bisect_right(spans, at, key=lambda span: span.begins) - 1, 0)
    before = sum((span.length for span in spans[:number]), start=timedelta(0))
    within = max(at - spans[number].begins, timedelta(0))
    if number < len(spans) - 1:
        within = min(within, spans[number].length)
    return (before + within) // timedelta(milliseconds=1)


def moment_at(spans: Sequence[Span], ms: int) -> datetime:
    """Return the program time of a place; the other way round of :func:`sent_ms`."""
    left = timedelta(milliseconds=ms)
    for span in spans[:-1]:
        if left < span.length:
            return span.begins + left
        left -= span.length
    return spans[-1].begins + left


def as_chapters(
    titles: dict[int, str], *, length_ms: int, language: str
) -> list[tuple[int, int, str]]:
    """Return chapters from titles by their starts; one without a title is a numbered part."""
    starts = sorted(titles)
    return [
        (start, end, titles[start].strip() or part_name(number, language))
        for number, (start, end) in enumerate(pairwise([*starts, length_ms]), 1)
    ]


def part_name(number: int, language: str) -> str:
    """Return the title of a chapter that has none, in the language of the talk."""
    return _PART.get(language, "Part {number}").format(number=number)


def bounded(at: datetime, *, opened_at: datetime, until: datetime) -> datetime:
    """Return ``at`` within the broadcast: a page's clock may be wrong."""
    return min(max(at, opened_at), until)
