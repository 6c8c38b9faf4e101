"""What forms about livestreams and times have in common: what was typed, and what it means.

What cannot be read is None, or a fault beside its field; what it must be is said by
:mod:`catalog.rules`.
"""

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from catalog.rules import GRID, YEARS, as_words
from core.errors import FieldError, _
from core.walltime import is_timezone
from core.words import CHINESE, ENGLISH

STEP: Final = round(GRID / timedelta(minutes=1))
DIGITS: Final = 4  # more minutes than that are no length of anything

NO_DATE: Final = _("Choose a day, for example 2026-11-22.")
NO_TIME: Final = _("Write the time as hours and minutes, for example 19:30.")
NO_LENGTH: Final = _("Write how many minutes it lasts, for example 45.")
OFF_STEP: Final = _("Use a multiple of 5 minutes, for example %(before)s or %(after)s.")


def typed_day(text: str) -> date | None:
    """Return the day that was typed, of a year that times may have."""
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.year in YEARS else None


def typed_clock(text: str) -> time | None:
    """Return the time on the wall that was typed, without an offset."""
    try:
        found = time.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.tzinfo is None else None


def typed_length(text: str, stand_in: timedelta) -> tuple[timedelta, list[FieldError]]:
    """Return a length typed in minutes, and what is wrong with it beside ``minutes``."""
    trimmed = text.strip()
    if not trimmed.isdecimal() or len(trimmed) > DIGITS:
        return stand_in, [FieldError("minutes", NO_LENGTH)]
    minutes = int(trimmed)
    before = minutes - minutes % STEP
    if before in {0, minutes}:  # what is too short is told by the rules
        return timedelta(minutes=minutes), []
    params = {"before": before, "after": before + STEP}
    return timedelta(minutes=before), [FieldError("minutes", OFF_STEP, params)]


def typed_words(english: str | None, chinese: str | None) -> dict[str, str]:
    """Return a text per language, with line ends as they are stored."""
    texts = {ENGLISH: english or "", CHINESE: chinese or ""}
    return as_words({tag: text.replace("\r\n", "\n") for tag, text in texts.items()}, ENGLISH)


def in_local_time(fault: FieldError, timezone: str) -> FieldError:
    """Write the starts that a fault of the rules names as the form does, on the wall."""
    named = {"before", "after"} & set(fault.params)
    if fault.field != "starts_at" or not named or not is_timezone(timezone):
        return fault
    zone = ZoneInfo(timezone)
    local = {
        name: f"{datetime.fromisoformat(str(fault.params[name])).astimezone(zone):%H:%M}"
        for name in named
    }
    return FieldError(fault.field, fault.message, {**fault.params, **local})
