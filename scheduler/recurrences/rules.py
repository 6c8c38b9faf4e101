"""The rules by which livestreams of a series follow each other, in wall time. Pure.

A rule gives wall times; what each is as a moment is read from the clocks of its zone alone, so
that a livestream at eight in the evening stays at eight when the clocks change.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import count, islice
from typing import Final

from core.errors import FieldError, _
from core.walltime import RepeatedTime, SkippedTime, is_timezone, moment_of, readings
from scheduler.enums import Frequency

MOST_TIMES: Final = 60
MOST_EVERY: Final = 12
NTHS: Final = (1, 2, 3, 4, -1)
"""The first to fourth and the last weekday of a month."""
STEP: Final = 5
YEARS: Final = range(2000, 2100)
"""Of the first day: sixty dates in steps of a year still are in a year that can be stored."""
WEEK: Final = timedelta(days=7)
MONTHS: Final = 12


class Trouble(StrEnum):
    """What the clocks do to a wall time."""

    NONE = ""
    SKIPPED = "skipped"
    TWICE = "twice"


@dataclass(frozen=True, slots=True)
class Rule:
    """Every n weeks, or on the nth weekday of every n months, at one time on the wall.

    ``nth`` is None when weekly. The first date is the first that fits on or after ``starts_on``.
    """

    frequency: Frequency
    every: int
    weekday: int
    nth: int | None
    clock: time
    timezone: str
    starts_on: date
    times: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What all livestreams of a recurrence have in common."""

    rule: Rule
    minutes: int
    host_id: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A wall time as a moment; None when the clocks skip it, or show it twice and nobody chose.

    ``choices`` are then the two nearest starts, or the two moments that it may be.
    """

    wall: datetime
    moment: datetime | None
    trouble: Trouble = Trouble.NONE
    choices: tuple[datetime, ...] = ()


def walls(rule: Rule) -> tuple[datetime, ...]:
    """Return the wall times of all starts, in order."""
    return tuple(datetime.combine(day, rule.clock) for day in islice(_days(rule), rule.times))


def read_wall(wall: datetime, timezone: str, fold: int | None = None) -> Reading:
    """Return what a wall time is as a moment; ``fold`` says which of two is meant."""
    try:
        moment = moment_of(wall, timezone, fold)
    except SkippedTime as gap:
        return Reading(wall, None, Trouble.SKIPPED, (gap.before, gap.after))
    except RepeatedTime as repeated:
        return Reading(wall, None, Trouble.TWICE, (repeated.first, repeated.second))
    found = readings(wall, timezone)
    if len(found) > 1:
        return Reading(wall, moment, Trouble.TWICE, found)
    return Reading(wall, moment)


def meant_wall(rule: Rule, original: datetime) -> datetime:
    """Return the wall time that ``rule`` means today for what it once meant as ``original``.

    Another weekday is one of the same week, or the nth of the same month.
    """
    if rule.nth is None:
        day = original.date() + timedelta(days=rule.weekday - original.weekday())
    else:
        day = nth_weekday(original.year, original.month, rule.weekday, rule.nth)
    return datetime.combine(day, rule.clock)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """Return the nth of a weekday in a month, -1 for the last."""
    if nth < 0:
        last = date(year, month, monthrange(year, month)[1])
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7) + (nth - 1) * WEEK


def nths_of(day: date) -> tuple[int, ...]:
    """Return which of its weekday a day is within its month: the fourth may also be the last."""
    number = (day.day - 1) // 7 + 1
    is_last = day + WEEK > date(day.year, day.month, monthrange(day.year, day.month)[1])
    return (*((number,) if number in NTHS else ()), *((-1,) if is_last else ()))


def rule_faults(rule: Rule) -> list[FieldError]:
    """Return what is wrong with a rule, each fault beside its field."""
    return list(_faults(rule))


def _faults(rule: Rule) -> Iterator[FieldError]:
    if not 1 <= rule.every <= MOST_EVERY:
        yield FieldError("every", _("Choose 1 to %(most)s."), {"most": MOST_EVERY})
    if not 1 <= rule.times <= MOST_TIMES:
        yield FieldError("times", _("Choose 1 to %(most)s."), {"most": MOST_TIMES})
    if rule.starts_on.year not in YEARS:
        yield FieldError("date", _("Choose a year from 2000 to 2099."))
    if not is_timezone(rule.timezone):
        yield FieldError("timezone", _("Use a name like Europe/Berlin or Asia/Shanghai."))
    if rule.clock.tzinfo is not None or _is_off_grid(rule.clock):
        yield FieldError("time", _("Use a multiple of 5 minutes, for example 20:00 or 20:05."))
    if (rule.frequency is Frequency.MONTHLY) != (rule.nth is not None):
        yield FieldError("nth", _("Say which of the month, or repeat it by weeks."))
    elif rule.nth is not None and rule.nth not in NTHS:
        yield FieldError("nth", _("Choose the first to the fourth, or the last."))


def _is_off_grid(clock: time) -> bool:
    return bool(clock.minute % STEP or clock.second or clock.microsecond)


def _days(rule: Rule) -> Iterator[date]:
    if rule.nth is None:
        ahead = (rule.weekday - rule.starts_on.weekday()) % 7
        first = rule.starts_on + timedelta(days=ahead)
        return (first + step * rule.every * WEEK for step in count())
    return _month_days(rule, rule.nth)


def _month_days(rule: Rule, nth: int) -> Iterator[date]:
    month = rule.starts_on.year * MONTHS + rule.starts_on.month - 1
    if _in_month(month, rule.weekday, nth) < rule.starts_on:
        month += 1
    return (_in_month(month + step * rule.every, rule.weekday, nth) for step in count())


def _in_month(month: int, weekday: int, nth: int) -> date:
    return nth_weekday(month // MONTHS, month % MONTHS + 1, weekday, nth)
