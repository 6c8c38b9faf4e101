"""The form of a slot: from what an editor typed to a draft per week, with its faults."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, StringField

from catalog.enums import Scope
from catalog.forms import (
    DIGITS,
    NO_DATE,
    NO_TIME,
    in_local_time,
    typed_clock,
    typed_day,
    typed_length,
    typed_words,
)
from catalog.rules import as_words, nearest_times
from core.errors import FieldError, _
from core.walltime import RepeatedTime, SkippedTime, is_timezone, moment_of, wall_of
from core.words import CHINESE, ENGLISH
from scheduler.slots.rules import MOST_WEEKS, SlotDraft

MINUTES: Final = "45"

NO_WEEKS: Final = _("Write a number of weeks from 1 to %(most)s.")
SKIPPED: Final = _(
    "On %(day)s the clocks go forward and skip this time. The nearest are %(before)s and %(after)s."
)
TWICE: Final = _("On %(day)s the clocks go back and this time comes twice. Say which one you mean.")
ZONE_UNKNOWN: Final = _("Use a name like Europe/Berlin or Asia/Shanghai.")

BESIDE: Final = {
    "title": "title_en",
    "description": "description_en",
    "starts_at": "time",
    "ends_at": "minutes",
}
"""The field of the form beside which a fault of the draft stands, where its name is another."""


class SlotForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """What an editor writes about a slot."""

    class Meta:
        """The token of every form of the site is checked before its view."""

        csrf = False

    topics = SelectMultipleField(validate_choice=False)
    language = StringField()
    scope = StringField()
    date = StringField()
    time = StringField()
    fold = StringField()
    timezone = StringField()
    minutes = StringField()
    weeks = StringField()
    title_en = StringField()
    title_zh = StringField()
    description_en = StringField()
    description_zh = StringField()
    room = StringField()


@dataclass(frozen=True, slots=True)
class Reading:
    """One draft per week, and what could not be read; where it could not, there is a stand-in."""

    drafts: tuple[SlotDraft, ...]
    faults: tuple[FieldError, ...]


def first_values(*, timezone: str, language: str, now: datetime) -> dict[str, Any]:
    """Return what the form of new slots begins with: in a week at seven in the evening."""
    day = (now + timedelta(days=7)).astimezone(ZoneInfo(timezone)).date()
    return {
        "topics": [],
        "language": language,
        "scope": Scope.EDUCATION.value,
        "date": day.isoformat(),
        "time": "19:00",
        "timezone": timezone,
        "minutes": MINUTES,
        "weeks": "1",
    }


def values_of(draft: SlotDraft) -> dict[str, Any]:
    """Return what the form of a slot that exists begins with."""
    wall, fold = wall_of(draft.starts_at, draft.timezone)
    titles = as_words(draft.titles, draft.language)
    descriptions = as_words(draft.descriptions, draft.language)
    return {
        "topics": list(draft.topics),
        "language": draft.language,
        "scope": draft.scope,
        "date": f"{wall:%Y-%m-%d}",
        "time": f"{wall:%H:%M}",
        "fold": str(fold),
        "timezone": draft.timezone,
        "minutes": str(round(draft.span.length / timedelta(minutes=1))),
        "weeks": "1",
        "title_en": titles.get(ENGLISH, ""),
        "title_zh": titles.get(CHINESE, ""),
        "description_en": descriptions.get(ENGLISH, ""),
        "description_zh": descriptions.get(CHINESE, ""),
        "room": draft.room_id or "",
    }


def read(form: SlotForm, *, now: datetime) -> Reading:
    """Return what the form says, with every fault of the fields that make up the times."""
    faults: list[FieldError] = []
    weeks = _weeks(form.weeks.data or "1", faults)
    length, found = typed_length(form.minutes.data or "", timedelta(minutes=int(MINUTES)))
    faults += found
    stand_in = nearest_times(now + timedelta(hours=1))[1]
    starts = _starts(form, weeks, faults) or [stand_in]
    first = _draft(form, starts[0], length)
    drafts = [replace(first, starts_at=start, ends_at=start + length) for start in starts]
    return Reading(tuple(drafts), tuple(faults))


def beside_fields(form: SlotForm, faults: Iterable[FieldError]) -> dict[str, FieldError]:
    """Return the first fault of each field of the form, by its name, in the form's order."""
    found: dict[str, FieldError] = {}
    for fault in faults:
        if fault.field == "ends_at" and "before" in fault.params:
            continue  # an end that is off the grid because its start is
        name = BESIDE.get(fault.field, fault.field)
        local = in_local_time(fault, form.timezone.data or "")
        found.setdefault(name if name in form else "title_en", local)
    order = list(form._fields)
    return {name: found[name] for name in sorted(found, key=order.index)}


def _draft(form: SlotForm, start: datetime, length: timedelta) -> SlotDraft:
    return SlotDraft(
        topics=tuple(form.topics.data or ()),
        language=form.language.data or "",
        starts_at=start,
        ends_at=start + length,
        timezone=(form.timezone.data or "").strip(),
        scope=form.scope.data or Scope.EDUCATION,
        titles=typed_words(form.title_en.data, form.title_zh.data),
        descriptions=typed_words(form.description_en.data, form.description_zh.data),
        room_id=form.room.data or None,
    )


def _starts(form: SlotForm, weeks: int, faults: list[FieldError]) -> list[datetime]:
    """Return the starts of all weeks by the clock on the wall; without any when one has a fault."""
    day, clock = typed_day(form.date.data or ""), typed_clock(form.time.data or "")
    zone = (form.timezone.data or "").strip()
    missing = [("date", day, NO_DATE), ("time", clock, NO_TIME)]
    found = [FieldError(name, message) for name, value, message in missing if value is None]
    if not is_timezone(zone):
        found.append(FieldError("timezone", ZONE_UNKNOWN))
    faults += found
    if found or day is None or clock is None:
        return []
    walls = [datetime.combine(day, clock) + timedelta(weeks=week) for week in range(weeks)]
    starts = list(_moments(walls, zone, form.fold.data or "", faults))
    return starts if len(starts) == len(walls) else []


def _moments(
    walls: Iterable[datetime], zone: str, fold: str, faults: list[FieldError]
) -> Iterator[datetime]:
    chosen = int(fold) if fold in {"0", "1"} else None
    for wall in walls:
        day = f"{wall:%Y-%m-%d}"
        try:
            yield moment_of(wall, zone, chosen)
        except SkippedTime as error:
            near = [moment.astimezone(ZoneInfo(zone)) for moment in (error.before, error.after)]
            params = {"day": day, "before": f"{near[0]:%H:%M}", "after": f"{near[1]:%H:%M}"}
            faults.append(FieldError("time", SKIPPED, params))
        except RepeatedTime:
            faults.append(FieldError("fold", TWICE, {"day": day}))


def _weeks(text: str, faults: list[FieldError]) -> int:
    trimmed = text.strip()
    number = int(trimmed) if trimmed.isdecimal() and len(trimmed) <= DIGITS else 0
    if not 1 <= number <= MOST_WEEKS:
        faults.append(FieldError("weeks", NO_WEEKS, {"most": MOST_WEEKS}))
        return 1
    return number
