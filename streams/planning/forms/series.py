"""The forms of a series: a plan with its dates, and a change of some of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, SelectMultipleField, StringField

from catalog.enums import Scope
from catalog.models import Livestream
from catalog.rules import as_words
from core.errors import FieldError, _
from core.walltime import wall_of
from core.words import CHINESE, ENGLISH
from scheduler.enums import Frequency
from scheduler.recurrences.queries import Member
from scheduler.recurrences.rules import Rule
from streams.planning.enums import Reach
from streams.planning.forms.times import (
    Faults,
    Unreadable,
    chosen_moment,
    clock_of,
    day_of,
    fold_of,
    minutes_of,
    number_of,
    zone_of,
)
from streams.planning.rules.changes import SeriesChange
from streams.planning.rules.series import SeriesPlan, unnumbered

BESIDE: Final = {"title": "title_en", "description": "description_en", "ends_at": "minutes"}
NO_NTH: Final = _("Choose the first to the fourth, or the last.")
NO_FREQUENCY: Final = _("Choose how it repeats.")


class SeriesForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """What a person writes about a series; its dates stand beside it under names of their own."""

    class Meta:
        """The token of every form of the site is checked before its view."""

        csrf = False

    title_en = StringField()
    title_zh = StringField()
    numbered = BooleanField()
    description_en = StringField()
    description_zh = StringField()
    topics = SelectMultipleField(validate_choice=False)
    language = StringField()
    scope = StringField()
    host = StringField()
    series = StringField()
    frequency = StringField()
    every = StringField()
    nth = StringField()
    date = StringField()
    time = StringField()
    minutes = StringField()
    times = StringField()
    timezone = StringField()
    fold = StringField()


class ChangeForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """What shall be different in this, the following or all livestreams."""

    class Meta:
        """The token of every form of the site is checked before its view."""

        csrf = False

    reach = StringField()
    weekday = StringField()
    time = StringField()
    minutes = StringField()
    title_en = StringField()
    title_zh = StringField()
    description_en = StringField()
    description_zh = StringField()
    topics = SelectMultipleField(validate_choice=False)
    host = StringField()
    also_special = BooleanField()
    fold = StringField()


def first_plan(*, host_id: str, timezone: str, language: str, now: datetime) -> dict[str, Any]:
    """Return what the form of a new series begins with: weekly from this day next week."""
    start = (now + timedelta(days=7)).astimezone(ZoneInfo(timezone))
    return {
        "language": language,
        "scope": Scope.EDUCATION.value,
        "host": host_id,
        "numbered": True,
        "frequency": Frequency.WEEKLY.value,
        "every": "1",
        "nth": "1",
        "date": f"{start:%Y-%m-%d}",
        "time": "20:00",
        "minutes": "45",
        "times": "6",
        "timezone": timezone,
        "topics": [],
    }


def read_plan(form: SeriesForm, sent: MultiDict[str, str], *, host_id: str) -> SeriesPlan:
    """Return the plan that a form says; ``host_id`` is the host unless the form names one.

    Raises:
        Faults: Something cannot be read.
    """
    faults = Faults()
    rule = _rule(form, faults)
    minutes = faults.read(lambda: minutes_of(form.minutes.data or ""))
    if rule is None or minutes is None:
        raise faults
    return SeriesPlan(
        titles=_words(form.title_en.data, form.title_zh.data),
        descriptions=_words(form.description_en.data, form.description_zh.data),
        topics=tuple(form.topics.data or ()),
        language=form.language.data or "",
        scope=form.scope.data or Scope.EDUCATION.value,
        host_id=form.host.data or host_id,
        rule=rule,
        minutes=minutes,
        is_numbered=bool(form.numbered.data),
        series_id=form.series.data or None,
        **chosen_dates(sent),
    )


def chosen_dates(sent: MultiDict[str, str]) -> dict[str, Any]:
    """Return what was chosen for single dates: left out, moved, the first or second of two."""
    seen = sent.getlist("seen")
    moved = {key: chosen_moment(sent.get(f"at-{key}", "")) for key in seen}
    folds = {key: fold_of(sent.get(f"fold-{key}", "")) for key in seen}
    return {
        "left_out": frozenset(seen) - frozenset(sent.getlist("keep")),
        "moved": {key: moment for key, moment in moved.items() if moment is not None},
        "folds": {key: fold for key, fold in folds.items() if fold is not None},
        "fold": fold_of(sent.get("fold", "")),
    }


def change_values(livestream: Livestream, member: Member) -> dict[str, Any]:
    """Return what the form of a change begins with: the livestream as it is."""
    wall, _ = wall_of(livestream.starts_at, livestream.timezone)
    titles, _ = unnumbered(livestream.titles, member.position + 1)
    return {
        "reach": Reach.THIS.value,
        "weekday": str(wall.weekday()),
        "time": f"{wall:%H:%M}",
        "minutes": str((livestream.ends_at - livestream.starts_at) // timedelta(minutes=1)),
        "title_en": titles.get(ENGLISH, ""),
        "title_zh": titles.get(CHINESE, ""),
        "description_en": livestream.descriptions.get(ENGLISH, ""),
        "description_zh": livestream.descriptions.get(CHINESE, ""),
        "topics": list(member.topics),
        "host": livestream.host_id,
    }


def read_change(
    form: ChangeForm, sent: MultiDict[str, str], old: Mapping[str, Any], *, is_staff: bool
) -> SeriesChange:
    """Return what differs between the form and the livestream it began with.

    Raises:
        Faults: Something cannot be read.
    """
    faults = Faults()
    clock = faults.read(lambda: clock_of(form.time.data or ""))
    minutes = faults.read(lambda: minutes_of(form.minutes.data or ""))
    weekday = faults.read(lambda: number_of(form.weekday.data or "", "weekday"))
    if clock is None or minutes is None or weekday is None:
        raise faults
    topics = tuple(form.topics.data or ())
    return SeriesChange(
        reach=Reach(form.reach.data) if form.reach.data in set(Reach) else Reach.THIS,
        clock=clock if f"{clock:%H:%M}" != old["time"] else None,
        weekday=weekday % 7 if str(weekday) != old["weekday"] else None,
        minutes=minutes if str(minutes) != old["minutes"] else None,
        titles=_if_new(form, old, "title"),
        descriptions=_if_new(form, old, "description"),
        topics=topics if is_staff and set(topics) != set(old["topics"]) else None,
        host_id=form.host.data if is_staff and form.host.data != old["host"] else None,
        also_special=bool(form.also_special.data),
        **chosen_dates(sent),
    )


def beside_fields(form: FlaskForm, faults: Iterable[FieldError]) -> dict[str, FieldError]:
    """Return the first fault of each field of a form, in the form's order."""
    order = list(form._fields)
    found: dict[str, FieldError] = {}
    for fault in faults:
        name = BESIDE.get(fault.field, fault.field)
        found.setdefault(name if name in order else order[0], fault)
    return {name: found[name] for name in sorted(found, key=order.index)}


def _rule(form: SeriesForm, faults: Faults) -> Rule | None:
    frequency = faults.read(lambda: _frequency(form.frequency.data or ""))
    every = faults.read(lambda: number_of(form.every.data or "", "every"))
    nth = faults.read(lambda: _nth(form.nth.data or "")) if frequency == "monthly" else None
    day = faults.read(lambda: day_of(form.date.data or ""))
    clock = faults.read(lambda: clock_of(form.time.data or ""))
    times = faults.read(lambda: number_of(form.times.data or "", "times"))
    zone = faults.read(lambda: zone_of(form.timezone.data or ""))
    if (
        frequency is None
        or every is None
        or day is None
        or clock is None
        or times is None
        or zone is None
        or faults.errors
    ):
        return None
    return Rule(frequency, every, day.weekday(), nth, clock, zone, day, times)


def _frequency(text: str) -> Frequency:
    if text not in set(Frequency):
        raise Unreadable(FieldError("frequency", NO_FREQUENCY))
    return Frequency(text)


def _nth(text: str) -> int:
    if text not in {"1", "2", "3", "4", "-1"}:
        raise Unreadable(FieldError("nth", NO_NTH))
    return int(text)


def _if_new(form: ChangeForm, old: Mapping[str, Any], name: str) -> dict[str, str] | None:
    names: Sequence[str] = (f"{name}_en", f"{name}_zh")
    new = [(form[one].data or "").replace("\r\n", "\n").strip() for one in names]
    if new == [str(old[one]).strip() for one in names]:
        return None
    return _words(*new)


def _words(english: str | None, chinese: str | None) -> dict[str, str]:
    texts = {ENGLISH: english or "", CHINESE: chinese or ""}
    return as_words({tag: text.replace("\r\n", "\n") for tag, text in texts.items()}, ENGLISH)
