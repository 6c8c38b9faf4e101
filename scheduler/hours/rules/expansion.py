"""From hours on the clock of the wall to open spans in UTC: expanded on reading. Pure.

A moment is open when the clocks of the person then show a time within the hours of that local
day. Between two changes of the clocks wall time is UTC moved by a constant, so whole intervals are
moved at once: what a gap swallows falls away by itself, and a repeated hour is open twice.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

from core.walltime import changes, zone
from scheduler.hours.rules.hours import Hours
from scheduler.spans import CELL, CELL_SECONDS, Span, moment_of_cell

ONE_DAY = timedelta(days=1)


def open_spans(hours: Hours, span: Span) -> tuple[Span, ...]:
    """Return when the person gives time within ``span``, in order; none touches the next."""
    edges = [change.at for change in changes(hours.timezone, span.starts_at, span.ends_at)]
    bounds = [span.starts_at, *(at for at in edges if at < span.ends_at), span.ends_at]
    runs = (Span(low.astimezone(UTC), high.astimezone(UTC)) for low, high in pairwise(bounds))
    return _joined(part for run in runs for part in _open_in_run(hours, run))


def free_spans(
    opened: Iterable[Span],
    busy: Collection[int],
    *,
    buffers: tuple[int, int],
    minutes: int,
    earliest: datetime,
) -> tuple[Span, ...]:
    """Return where something of so many minutes can be booked.

    Args:
        opened: Open spans in order.
        busy: Numbers of cells that are taken, buffers of what took them included.
        buffers: Minutes that the new booking keeps free before and after itself.
        minutes: What lasts less is left out.
        earliest: Nothing starts before the next five minutes after it.
    """
    before, after = buffers
    blocked = [run.widened(after, before) for run in runs_of(busy)]
    first = _next_cell(earliest)
    clipped = (Span(max(one.starts_at, first), one.ends_at) for one in opened)
    least = timedelta(minutes=minutes)
    return tuple(part for part in _minus(clipped, blocked) if part.length >= least)


def runs_of(cells: Collection[int]) -> list[Span]:
    """Return the spans that cells make, in order; cells side by side are one."""
    found: list[list[int]] = []
    for number in sorted(cells):
        if found and found[-1][1] == number:
            found[-1][1] = number + 1
        else:
            found.append([number, number + 1])
    return [Span(moment_of_cell(start), moment_of_cell(end)) for start, end in found]


def total(spans: Iterable[Span]) -> timedelta:
    """Return how much time the spans hold."""
    return sum((one.length for one in spans), timedelta(0))


def _open_in_run(hours: Hours, run: Span) -> Iterator[Span]:
    """Yield the open spans of a time in which the clocks do not change."""
    offset = run.starts_at.astimezone(zone(hours.timezone)).utcoffset() or timedelta(0)
    low = (run.starts_at + offset).replace(tzinfo=None)
    high = (run.ends_at + offset).replace(tzinfo=None)
    day = low.date()
    while (midnight := datetime.combine(day, time())) < high:
        for one in hours.on(day):
            start = max(low, midnight + timedelta(minutes=one.start))
            end = min(high, midnight + timedelta(minutes=one.end))
            if start < end:
                yield Span(_in_utc(start, offset), _in_utc(end, offset))
        day += ONE_DAY


def _in_utc(wall: datetime, offset: timedelta) -> datetime:
    return (wall - offset).replace(tzinfo=UTC)


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    found: list[Span] = []
    for one in spans:
        if found and found[-1].ends_at >= one.starts_at:
            found[-1] = Span(found[-1].starts_at, max(found[-1].ends_at, one.ends_at))
        else:
            found.append(one)
    return tuple(found)


def _minus(spans: Iterable[Span], blocked: list[Span]) -> Iterator[Span]:
    """Yield what is left of the spans; both come in order of their start."""
    at = 0
    for span in spans:
        start = span.starts_at
        while at < len(blocked) and blocked[at].ends_at <= start:
            at += 1
        for one in blocked[at:]:
            if one.starts_at >= span.ends_at:
                break
            if start < one.starts_at:
                yield Span(start, one.starts_at)
            start = max(start, one.ends_at)
        if start < span.ends_at:
            yield Span(start, span.ends_at)


def _next_cell(moment: datetime) -> datetime:
    """Return the first moment on the grid after ``moment``."""
    return moment_of_cell(int(moment.timestamp()) // CELL_SECONDS) + CELL
