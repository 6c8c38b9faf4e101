"""From what a person typed about hours to values, and faults beside their fields."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from werkzeug.datastructures import MultiDict

from core.errors import FieldError, InvalidInput, _
from core.words import storable
from scheduler.hours.rules.hours import (
    BAD_INTERVAL,
    LONG_NOTE,
    LONGEST_NOTE,
    MOST_DAYS,
    WEEKDAYS,
    Day,
    Hours,
    days_between,
)
from scheduler.hours.rules.intervals import Interval, Intervals, interval_of
from scheduler.hours.rules.week import WORKDAYS, copied, ticked, with_typed

Typed = MultiDict[str, str]
NO_NUMBER: Final = -1
DIGITS: Final = 9
CHOICES: Final[Mapping[str, range]] = {
    "workdays": WORKDAYS,
    "every": WEEKDAYS,
    **{str(day): range(day, day + 1) for day in WEEKDAYS},
}
"""What can be chosen as a day of the week, or as several."""
PAIRS: Final = (("start", "end"), ("start_2", "end_2"))
"""The fields of the two times of a day that differs."""

NO_DATE: Final = _("Choose a day, for example 2026-11-22.")
PAST: Final = _("Choose today or a later day.")
BACKWARDS: Final = _("Choose a last day that is not before the first.")
FAR: Final = _("Choose at most 366 days at once.")
NO_HOURS: Final = _("Write when you give time that day, or choose to be away.")
NO_DAY: Final = _("Choose a day of the week.")


@dataclass(frozen=True, slots=True)
class Differing:
    """Days that differ, as somebody typed them."""

    days: tuple[date, ...]
    differs: Day


def version_of(form: Typed) -> int:
    """Return which version a form was filled from; a form that does not say fits none."""
    return _number_in(form.get("version", ""))


def boxes_in(form: Typed) -> tuple[Intervals, ...]:
    """Return the hours that the ticks of a form open; raises as :func:`rules.week.ticked`."""
    return tuple(ticked(form.getlist(f"day-{weekday}")) for weekday in WEEKDAYS)


def week_in(form: Typed) -> tuple[Intervals, ...]:
    """Return the hours of every week: the ticks, and what the pressed button does to them.

    Raises:
        InvalidInput: A tick or a typed time is none.
    """
    weekly = boxes_in(form)
    act = form.get("do", "save")
    if act in {"clear", "copy"}:
        return _whole_day(weekly, form, act)
    if act in {"add", "remove"} or form.get("start") or form.get("end"):
        typed = _typed_interval(form, "start", "end")
        chosen = CHOICES.get(form.get("weekday", ""), range(0))
        return with_typed(weekly, chosen, typed, is_open=act != "remove")
    return weekly


def date_in(text: str) -> date | None:
    """Return the date that ``text`` names, or None."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def time_in(form: Typed, hours: Hours) -> Hours:
    """Return the hours with zone, buffers and version of a form; the rules refuse nonsense."""
    before, after = (
        _number_in(form.get(name, str(kept)))
        for name, kept in zip(("buffer_before", "buffer_after"), hours.buffers, strict=True)
    )
    return replace(
        hours,
        timezone=form.get("timezone", hours.timezone).strip(),
        buffers=(before, after),
        version=version_of(form),
    )


def differing_in(form: Typed, today: date) -> Differing:
    """Return the days that a form lets differ.

    Raises:
        InvalidInput: Each fault names its field.
    """
    faults: list[FieldError] = []
    days = _days_in(form, today, faults)
    intervals = _intervals_in(form, faults) if form.get("kind") == "hours" else ()
    note = storable(form.get("note", "")).strip()
    if len(note) > LONGEST_NOTE:
        faults.append(FieldError("note", LONG_NOTE))
    if faults:
        raise InvalidInput(*faults)
    return Differing(days, Day(intervals, note))


def days_in(form: Typed) -> tuple[date, ...]:
    """Return the days between two hidden fields; none when they name none."""
    first, last = (date_in(form.get(name, "")) for name in ("first", "last"))
    if first is None or last is None or not 0 <= (last - first).days <= MOST_DAYS:
        return ()
    return days_between(first, last)


def _number_in(text: str) -> int:
    """Return the number that a text is; what is none, or fits no column, is none that fits."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= DIGITS
    return int(text) if is_number else NO_NUMBER


def _whole_day(weekly: tuple[Intervals, ...], form: Typed, act: str) -> tuple[Intervals, ...]:
    chosen = CHOICES.get(form.get("whole", ""), range(0))
    if not chosen:
        raise InvalidInput(FieldError("whole", NO_DAY))
    if act == "clear":
        return tuple(() if day in chosen else one for day, one in enumerate(weekly))
    targets = WEEKDAYS if form.get("to") == "every" else WORKDAYS
    return copied(weekly, chosen[0], targets)


def _typed_interval(form: Typed, start: str, end: str) -> Interval:
    found = interval_of(form.get(start, ""), form.get(end, ""))
    if found is None:
        raise InvalidInput(FieldError(start, BAD_INTERVAL))
    return found


def _days_in(form: Typed, today: date, faults: list[FieldError]) -> tuple[date, ...]:
    first = date_in(form.get("first", ""))
    last = date_in(form.get("last", "")) if form.get("last") else first
    if first is None:
        faults.append(FieldError("first", NO_DATE))
    elif first < today:
        faults.append(FieldError("first", PAST))
    elif last is None:
        faults.append(FieldError("last", NO_DATE))
    elif last < first:
        faults.append(FieldError("last", BACKWARDS))
    elif (last - first).days >= MOST_DAYS:
        faults.append(FieldError("last", FAR))
    else:
        return days_between(first, last)
    return ()


def _intervals_in(form: Typed, faults: list[FieldError]) -> Intervals:
    found = []
    for start, end in PAIRS:
        if not (form.get(start) or form.get(end)):
            continue
        one = interval_of(form.get(start, ""), form.get(end, ""))
        if one is None:
            faults.append(FieldError(start, BAD_INTERVAL))
        else:
            found.append(one)
    if not any(form.get(name) for pair in PAIRS for name in pair):
        faults.append(FieldError("start", NO_HOURS))
    return tuple(found)
