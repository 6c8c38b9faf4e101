"""Slides that build up: their rows appear one after the other, as they are spoken of. Pure."""

from dataclasses import dataclass

from media.talks.soundtrack import STEP_MS, Shown


@dataclass(frozen=True, slots=True)
class Build:
    """How a slide looks from ``start_ms`` to ``end_ms``: its first ``rows`` lines are shown.

    ``done_before`` and ``done_after`` say how much of the chapter is over then (0 to 1).
    """

    rows: int
    start_ms: int
    end_ms: int
    done_before: float
    done_after: float


def builds_of(shown: Shown) -> list[Build]:
    """Return the steps of a slide: the first row at once, the others with its sentences."""
    rows, sentences = len(shown.slide.lines), len(shown.sentences)
    starts = {shown.start_ms: 1}
    for row in range(1, rows):
        spoken = shown.sentences[row * sentences // rows] if sentences else shown.start_ms
        starts[max(spoken // STEP_MS * STEP_MS, shown.start_ms)] = row + 1
    edges = [*starts, shown.end_ms]
    return [
        Build(count, start, end, _done_at(start, shown), _done_at(end, shown))
        for (start, count), end in zip(starts.items(), edges[1:], strict=True)
    ]


def _done_at(moment: int, shown: Shown) -> float:
    share = (moment - shown.start_ms) / (shown.end_ms - shown.start_ms)
    return shown.done_before + share * (shown.done_after - shown.done_before)
