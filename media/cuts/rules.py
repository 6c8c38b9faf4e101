"""Where a cut falls, and how texts move with it. Pure.

Positions are microseconds of the replay as it is shown, texts have milliseconds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any, Final

from media.hls import SegmentRow
from media.window import Cut

SLACK_US: Final = 100_000
"""A line lies this far inside the first and the last segment that stay.

Sound is cut at its own frames and so begins and ends some milliseconds beside the picture: of what
was cut off not even that much may be heard.
"""
KEPT: Final = timedelta(hours=24)
"""How long a cut may be undone."""

Cue = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """A cut at boundaries of segments; lengths in microseconds."""

    cut: Cut
    start_us: int
    """What goes at the start."""
    end_us: int
    """What goes at the end."""
    left_us: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing would go."""
        return not self.start_us and not self.end_us


def choose_cut(rows: Sequence[SegmentRow], *, start_us: int, end_us: int, cut: Cut) -> Choice:
    """Return the cut nearest to the wish to keep ``start_us`` to ``end_us``.

    Args:
        rows: What is shown now, at least one segment.
        start_us: Where the replay shall begin.
        end_us: Where it shall end.
        cut: The cut that there is already; an end that stays as it is keeps its line.
    """
    ends = list(accumulate(row.duration_us for row in rows))
    starts = [0, *ends[:-1]]
    first = _nearest(starts, start_us)
    last = max(_nearest(ends, end_us), first)
    return Choice(
        Cut(
            _after(rows[first]) if first else cut.shown_from,
            _before(rows[last]) if last < len(rows) - 1 else cut.shown_until,
        ),
        starts[first],
        ends[-1] - ends[last],
        ends[last] - starts[first],
    )


def may_undo(trimmed_at: datetime | None, now: datetime) -> bool:
    """Tell whether what was cut off is still there to be brought back."""
    return trimmed_at is not None and now < trimmed_at + KEPT


def clipped(cues: Iterable[Sequence[Any]], *, offset_ms: int, length_ms: int) -> list[Cue]:
    """Return the cues of a whole recording as its part from ``offset_ms`` on has them."""
    moved = ((int(a) - offset_ms, int(b) - offset_ms, str(text)) for a, b, text in cues)
    within = ((max(a, 0), min(b, length_ms), text) for a, b, text in moved)
    return [cue for cue in within if cue[0] < cue[1]]


def rejoined(
    whole: Iterable[Sequence[Any]],
    edited: Iterable[Sequence[Any]],
    *,
    offset_ms: int,
    length_ms: int,
) -> list[Cue]:
    """Return cues that were edited on a part, in the place of those of the whole recording.

    What lies outside the part stays as it was; a cue that reaches over its edge is shortened.
    """
    ends_ms = offset_ms + length_ms
    kept = [(int(a), int(b), str(text)) for a, b, text in whole]
    before = [(a, min(b, offset_ms), text) for a, b, text in kept if a < offset_ms]
    after = [(max(a, ends_ms), b, text) for a, b, text in kept if b > ends_ms]
    moved = [(int(a) + offset_ms, int(b) + offset_ms, str(text)) for a, b, text in edited]
    return [*before, *moved, *after]


def _nearest(places: Sequence[int], wanted: int) -> int:
    return min(range(len(places)), key=lambda number: abs(places[number] - wanted))


def _after(row: SegmentRow) -> datetime:
    return row.program_at + _slack(row)


def _before(row: SegmentRow) -> datetime:
    return row.ends_at - _slack(row)


def _slack(row: SegmentRow) -> timedelta:
    return timedelta(microseconds=min(SLACK_US, row.duration_us // 2))
