"""Which of the dates that somebody asks for are to be had, and what stands in the way. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from catalog.rules import is_verified
from core.words import Words
from scheduler.grid.rules import MOST_ALTERNATIVES, nearest_free
from scheduler.recurrences.rules import Reading, Trouble
from scheduler.spans import Span, cells_of
from streams.planning.enums import Notice, Verdict


@dataclass(frozen=True, slots=True)
class Blocker:
    """What has a time already; ``titles`` only for who may know them."""

    livestream_id: str | None = None
    titles: Words = field(default_factory=dict)


SAME_SERIES: Final = Blocker("")
"""Another date of those that are asked for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A date somebody asks for; ``span`` is None where the clocks leave it open.

    ``key`` names it in forms; ``resources`` are the people and rooms whose time it needs.
    """

    key: str
    reading: Reading
    span: Span | None
    resources: tuple[str, ...]
    is_moved: bool = False
    is_left_out: bool = False
    is_late: bool = False
    livestream_id: str | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A date with its verdict."""

    asked: Asked
    verdict: Verdict
    by: Blocker | None = None
    alternatives: tuple[Span, ...] = ()
    notices: tuple[Notice, ...] = ()

    @property
    def stands_in_the_way(self) -> bool:
        """Tell whether nothing can be confirmed while this date is among those wanted."""
        return self.verdict is not Verdict.FREE and not self.asked.is_left_out


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a host and of the time that is taken, for all dates at once.

    ``busy`` maps each resource to its taken cells; ``hours`` is None where nobody gave any.
    """

    busy: Mapping[str, Mapping[int, Blocker]]
    buffers: tuple[int, int]
    verified_until: datetime | None
    hours: Sequence[Span] | None = None


def judge(asked: Sequence[Asked], standing: Standing, now: datetime) -> tuple[Judged, ...]:
    """Return the verdict on each date; of two that are in each other's way the later has it."""
    wanted = {
        one.key: cells_of(one.span.widened(*standing.buffers))
        for one in asked
        if one.span is not None and not one.is_left_out
    }
    before: set[int] = set()
    found = []
    for one in asked:
        found.append(_judged(one, standing, before, wanted, now))
        before |= set(wanted.get(one.key, ()))
    return tuple(found)


def _judged(
    one: Asked,
    standing: Standing,
    before: Collection[int],
    wanted: Mapping[str, Collection[int]],
    now: datetime,
) -> Judged:
    if one.span is None:
        trouble = one.reading.trouble
        return Judged(one, Verdict.SKIPPED if trouble is Trouble.SKIPPED else Verdict.TWICE)
    if one.is_late:
        return Judged(one, Verdict.LATE)
    notices = tuple(_notices(one, one.span, standing))
    if one.span.starts_at <= now:
        return Judged(one, Verdict.OVER, notices=notices)
    by = _blocker(one, one.span, standing, before)
    if by is None:
        return Judged(one, Verdict.FREE, notices=notices)
    others = {cell for key, cells in wanted.items() if key != one.key for cell in cells}
    free = _alternatives(one, one.span, standing, others, now)
    return Judged(one, Verdict.TAKEN, by, free, notices)


def _blocker(one: Asked, span: Span, standing: Standing, before: Collection[int]) -> Blocker | None:
    cells = cells_of(span.widened(*standing.buffers))
    for resource in one.resources:
        busy = standing.busy.get(resource, {})
        found = next((busy[cell] for cell in cells if cell in busy), None)
        if found is not None:
            return found
    own = not one.is_left_out and any(cell in before for cell in cells)
    return SAME_SERIES if own else None


def _alternatives(
    one: Asked, span: Span, standing: Standing, others: Collection[int], now: datetime
) -> tuple[Span, ...]:
    busy = set(others).union(*(standing.busy.get(name, {}) for name in one.resources))
    found = nearest_free(busy, span, buffers=standing.buffers, now=now)
    return tuple(free for free, _ in zip(found, range(MOST_ALTERNATIVES), strict=False))


def _notices(one: Asked, span: Span, standing: Standing) -> Iterator[Notice]:
    if one.is_moved:
        yield Notice.MOVED
    if one.reading.trouble is Trouble.TWICE and not one.is_moved:
        yield Notice.CLOCKS
    if standing.hours is not None and not any(_within(span, open_) for open_ in standing.hours):
        yield Notice.OUTSIDE_HOURS
    if not is_verified(standing.verified_until, span.starts_at):
        yield Notice.LICENCE


def _within(span: Span, other: Span) -> bool:
    return other.starts_at <= span.starts_at and span.ends_at <= other.ends_at
