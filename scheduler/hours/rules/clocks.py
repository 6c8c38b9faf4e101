"""What changes of the clocks move in the weeks to come, as facts that a page can say. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from core.walltime import Change, changes, readings, wall_of
from scheduler.hours.rules.hours import Hours
from scheduler.hours.rules.intervals import HOUR, Interval, Intervals, clock_of, within
from scheduler.hours.rules.week import monday_of

AHEAD: Final = timedelta(weeks=12)
A_WEEK: Final = timedelta(weeks=1)
MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """How an hour of the person is seen in another zone, and how it was a week before."""

    timezone: str
    here: datetime
    """The wall time of the person; it does not change."""
    there: datetime
    there_before: datetime
    """The wall time of the week before, a week later: it differs by what moved."""


@dataclass(frozen=True, slots=True)
class Move:
    """A change of clocks, and what it does to somebody's hours."""

    timezone: str
    is_own: bool
    """The clocks of the person change, not only those of viewers."""
    day: date
    """The first day of the other time, on the clocks that change."""
    is_forward: bool
    start: str
    """Clock times between which nothing exists (forward) or everything comes twice (back)."""
    end: str
    hit: Intervals
    """Open hours of the person in between: lost when clocks go forward, twice when back."""
    elsewhere: tuple[Elsewhere, ...]

    @property
    def monday(self) -> date:
        """The week it is in."""
        return monday_of(self.day)


def moves(hours: Hours, now: datetime, zones: Sequence[str]) -> tuple[Move, ...]:
    """Return the changes within twelve weeks that move something, in order.

    Args:
        hours: Of the person.
        now: From when on.
        zones: Where viewers are; each is compared with the person's own.
    """
    until = now + AHEAD
    own = list(changes(hours.timezone, now, until))
    others = [name for name in dict.fromkeys(zones) if name != hours.timezone]
    found = [(change.at, _own(hours, change, others)) for change in own]
    at_once = {change.at for change in own}
    for name in others:
        theirs = (one for one in changes(name, now, until) if one.at not in at_once)
        found += [(change.at, _theirs(hours, name, change)) for change in theirs]
    return tuple(move for _at, move in sorted(found, key=lambda pair: pair[0]) if _moves(move))


def _moves(move: Move) -> bool:
    return bool(move.is_own or move.elsewhere)


def _own(hours: Hours, change: Change, zones: Iterable[str]) -> Move:
    low, high = sorted((_wall(change, change.old), _wall(change, change.new)))
    day, start = low.date(), low.hour * HOUR + low.minute
    between = Interval(start, start + (high - low) // MINUTE)
    return Move(
        timezone=hours.timezone,
        is_own=True,
        day=day,
        is_forward=change.new > change.old,
        start=clock_of(between.start),
        end=clock_of(between.end),
        hit=within(hours.on(day), between),
        elsewhere=tuple(_elsewhere(hours, change, zones)),
    )


def _theirs(hours: Hours, timezone: str, change: Change) -> Move:
    low, high = sorted((_wall(change, change.old), _wall(change, change.new)))
    return Move(
        timezone=timezone,
        is_own=False,
        day=low.date(),
        is_forward=change.new > change.old,
        start=f"{low:%H:%M}",
        end=f"{high:%H:%M}",
        hit=(),
        elsewhere=tuple(_elsewhere(hours, change, [timezone])),
    )


def _elsewhere(hours: Hours, change: Change, zones: Iterable[str]) -> Iterator[Elsewhere]:
    """Yield for every zone how the first open hour after the change is seen there."""
    here = _first_after(hours, change.at)
    if here is None:
        return
    for name in zones:
        there, before = (_seen(here - back, hours.timezone, name) for back in (0 * A_WEEK, A_WEEK))
        if there and before and there != before + A_WEEK:
            yield Elsewhere(name, here, there, before + A_WEEK)


def _first_after(hours: Hours, moment: datetime) -> datetime | None:
    """Return the wall time at which hours of the week first open after a change."""
    wall, _fold = wall_of(moment, hours.timezone)
    for number in range(8):
        day = wall.date() + timedelta(days=number)
        for one in hours.weekly[day.weekday()]:
            start = datetime.combine(day, datetime.min.time()) + one.start * MINUTE
            if start >= wall and len(readings(start, hours.timezone)) == 1:
                return start
    return None


def _seen(here: datetime, own: str, there: str) -> datetime | None:
    moments = readings(here, own)
    return wall_of(moments[0], there)[0] if moments else None


def _wall(change: Change, offset: timedelta) -> datetime:
    return (change.at + offset).replace(tzinfo=None)
