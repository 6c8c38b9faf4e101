"""Marks to chapters, and program time to the clock of a replay. Pure."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
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
_PART: Final = {CHINESE: "第 {number} 部分"}


@dataclass(frozen=True, slots=True)
class Moment:
    """A mark: the program time of the picture, and a title that may be empty."""

    at: datetime
    title: str = ""


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
    titles: dict[int, str] = {}
    for one in sorted(moments, key=lambda moment: moment.at):
        start = replay_ms(rows, one.at)
        if start < length_ms:
            near = [known for known in titles if known and start - known < CLOSEST_MS]
            titles[near[-1] if near else start if start >= CLOSEST_MS else 0] = one.title
    if not titles:
        return []
    return as_chapters({0: "", **titles}, length_ms=length_ms, language=language)


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
