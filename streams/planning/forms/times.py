"""What a day, a clock and a length mean as they were typed."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Final, TypeVar

from catalog.forms import DIGITS, NO_DATE, NO_TIME, STEP, typed_clock, typed_day
from catalog.rules import YEARS
from core.errors import FieldError, _
from core.walltime import RepeatedTime, SkippedTime, is_timezone, moment_of, wall_of
from scheduler.spans import Span

T = TypeVar("T")

LONGEST: Final = 480

NO_NUMBER: Final = _("Write a whole number.")
NO_LENGTH: Final = _("5 minutes to 8 hours, in steps of 5.")
OFF_GRID: Final = _("Use a multiple of 5 minutes, for example 20:00 or 20:05.")
NO_ZONE: Final = _("Use a name like Europe/Berlin or Asia/Shanghai.")
SKIPPED: Final = _(
    "The clocks go forward then and skip this time. Use %(before)s or %(after)s, for example."
)
TWICE: Final = _("The clocks go back then and this time comes twice. Say which one you mean.")


class Unreadable(Exception):  # noqa: N818 -- the form shows it beside its field
    """A field cannot be read; ``fault`` says why."""

    def __init__(self, fault: FieldError) -> None:
        self.fault = fault
        super().__init__(fault.message)


def day_of(text: str, field: str = "date") -> date:
    """Return a day, or refuse it beside ``field``."""
    found = typed_day(text)
    if found is None:
        raise Unreadable(FieldError(field, NO_DATE))
    return found


def clock_of(text: str, field: str = "time") -> time:
    """Return a time on the wall, or refuse it beside ``field``."""
    found = typed_clock(text)
    if found is None:
        raise Unreadable(FieldError(field, NO_TIME))
    if found.minute % STEP or found.second or found.microsecond:
        raise Unreadable(FieldError(field, OFF_GRID))
    return found


def number_of(text: str, field: str) -> int:
    """Return a number, or refuse it beside ``field``."""
    trimmed = text.strip()
    if not trimmed.isdecimal() or len(trimmed) > DIGITS:
        raise Unreadable(FieldError(field, NO_NUMBER))
    return int(trimmed)


def minutes_of(text: str, field: str = "minutes") -> int:
    """Return a length in minutes, or refuse it beside ``field``."""
    found = number_of(text, field)
    if found % STEP or not STEP <= found <= LONGEST:
        raise Unreadable(FieldError(field, NO_LENGTH))
    return found


def zone_of(text: str, field: str = "timezone") -> str:
    """Return the name of a zone, or refuse it beside ``field``."""
    trimmed = text.strip()
    if not is_timezone(trimmed):
        raise Unreadable(FieldError(field, NO_ZONE))
    return trimmed


def fold_of(text: str) -> int | None:
    """Return which of two times is meant; None when nobody said."""
    return int(text) if text in {"0", "1"} else None


def start_of(wall: datetime, timezone: str, fold: int | None) -> datetime:
    """Return the moment of a wall time, or refuse what the clocks skip or show twice."""
    try:
        return moment_of(wall, timezone, fold)
    except SkippedTime as gap:
        nearest = {
            name: f"{wall_of(moment, timezone)[0]:%H:%M}"
            for name, moment in (("before", gap.before), ("after", gap.after))
        }
        raise Unreadable(FieldError("time", SKIPPED, nearest)) from None
    except RepeatedTime:
        raise Unreadable(FieldError("fold", TWICE)) from None


def chosen_moment(text: str) -> datetime | None:
    """Return a moment that a button or a list offered; None for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None and found.year in YEARS else None


def span_of(values: Mapping[str, str]) -> tuple[Span, str]:
    """Return when a livestream shall be, and the zone that was meant, from a form.

    Raises:
        Faults: Something cannot be read.
    """
    faults = Faults()
    day = faults.read(lambda: day_of(values.get("date", "")))
    clock = faults.read(lambda: clock_of(values.get("time", "")))
    zone = faults.read(lambda: zone_of(values.get("timezone", "")))
    minutes = faults.read(lambda: minutes_of(values.get("minutes", "")))
    if day is None or clock is None or zone is None or minutes is None:
        raise faults
    fold = fold_of(values.get("fold", ""))
    start = faults.read(lambda: start_of(datetime.combine(day, clock), zone, fold))
    if start is None:
        raise faults
    return Span(start, start + timedelta(minutes=minutes)), zone


class Faults(Exception):  # noqa: N818 -- as above, several at once
    """What cannot be read of a form; ``errors`` are in its order."""

    def __init__(self, errors: Iterable[FieldError] = ()) -> None:
        self.errors = list(errors)
        super().__init__("some fields cannot be read")

    def read(self, reader: Callable[[], T]) -> T | None:
        """Return what ``reader`` reads; None where it cannot, and the fault is kept."""
        try:
            return reader()
        except Unreadable as unreadable:
            self.errors.append(unreadable.fault)
            return None
