"""The form of a livestream: from what a person typed to a draft, and its faults to their fields.

Every field is kept as it was typed; what it must be is said by :mod:`catalog.rules` alone, as for
the API. Only what cannot become a draft at all (no date, no number) is found here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectMultipleField, StringField

from catalog.enums import ReplayPolicy, Scope, Visibility
from catalog.forms import (
    NO_DATE,
    NO_TIME,
    in_local_time,
    typed_clock,
    typed_day,
    typed_length,
    typed_words,
)
from catalog.rules import (
    LONGEST_TITLE,
    LivestreamDraft,
    as_words,
    nearest_times,
)
from core.errors import FieldError
from core.words import CHINESE, ENGLISH
from streams.hosting.rules import NoSuchMoment, moment_of

MINUTES: Final = "45"
RECORDED: Final = "yes"
NOT_RECORDED: Final = "no"
LIVE: Final = "live"
PREMIERE: Final = "premiere"


BESIDE: Final = {
    "title": "title_en",
    "description": "description_en",
    "starts_at": "time",
    "ends_at": "minutes",
}
"""The field of the form beside which a fault of the draft stands, where its name is another."""


class LivestreamForm(FlaskForm):  # type: ignore[misc]  # the library has no types
    """What a person writes about a livestream."""

    class Meta:
        """The token of every form of the site is checked before its view."""

        csrf = False

    title_en = StringField()
    title_zh = StringField()
    description_en = StringField()
    description_zh = StringField()
    topics = SelectMultipleField(validate_choice=False)
    language = StringField()
    host = StringField()
    date = StringField()
    time = StringField()
    timezone = StringField()
    fold = StringField()
    minutes = StringField()
    visibility = StringField()
    organisation = StringField()
    replay_policy = StringField()
    scope = StringField()
    auto_start = BooleanField()
    recorded = StringField()
    premiere = StringField()


@dataclass(frozen=True, slots=True)
class Reading:
    """A draft, and what could not be read; where it could not, the draft has a stand-in."""

    draft: LivestreamDraft
    faults: tuple[FieldError, ...]


def first_values(*, host_id: str, timezone: str, language: str, now: datetime) -> dict[str, Any]:
    """Return what the form of a new livestream begins with: tomorrow at this hour."""
    start = (now + timedelta(days=1)).astimezone(ZoneInfo(timezone)).replace(minute=0)
    return {
        "topics": [],
        "language": language,
        "host": host_id,
        "date": f"{start:%Y-%m-%d}",
        "time": f"{start:%H:%M}",
        "timezone": timezone,
        "minutes": MINUTES,
        "visibility": Visibility.PUBLIC.value,
        "replay_policy": ReplayPolicy.AFTER_RELEASE.value,
        "scope": Scope.EDUCATION.value,
        "recorded": RECORDED,
        "premiere": LIVE,
    }


def values_of(draft: LivestreamDraft) -> dict[str, Any]:
    """Return what the form of a livestream that exists begins with."""
    titles = as_words(draft.titles, draft.language)
    descriptions = as_words(draft.descriptions, draft.language)
    start = draft.starts_at.astimezone(ZoneInfo(draft.timezone))
    return {
        "title_en": titles.get(ENGLISH, ""),
        "title_zh": titles.get(CHINESE, ""),
        "description_en": descriptions.get(ENGLISH, ""),
        "description_zh": descriptions.get(CHINESE, ""),
        "topics": list(draft.topics),
        "language": draft.language,
        "host": draft.host_id,
        "date": f"{start:%Y-%m-%d}",
        "time": f"{start:%H:%M}",
        "timezone": draft.timezone,
        "fold": str(start.fold),
        "minutes": str(round((draft.ends_at - draft.starts_at) / timedelta(minutes=1))),
        "visibility": draft.visibility,
        "organisation": draft.organisation_id or "",
        "replay_policy": draft.replay_policy,
        "auto_start": draft.auto_start,
        "scope": draft.scope,
        "recorded": RECORDED if draft.recorded else NOT_RECORDED,
        "premiere": PREMIERE if draft.premiere else LIVE,
    }


def read(
    form: LivestreamForm, *, host_id: str, old_topics: tuple[str, ...], now: datetime
) -> Reading:
    """Return what the form says, with every fault of the fields that make up the times.

    ``host_id`` is the host unless the form names one; ``old_topics`` keep their order.
    """
    starts_at, time_faults = _start_of(form, nearest_times(now + timedelta(hours=1))[1])
    length, length_faults = typed_length(form.minutes.data or "", timedelta(minutes=int(MINUTES)))
    private = form.visibility.data == Visibility.ORGANISATION
    draft = LivestreamDraft(
        titles=typed_words(form.title_en.data, form.title_zh.data),
        descriptions=typed_words(form.description_en.data, form.description_zh.data),
        topics=_in_old_order(form.topics.data or (), old_topics),
        language=form.language.data or "",
        host_id=form.host.data or host_id,
        starts_at=starts_at,
        ends_at=starts_at + length,
        timezone=(form.timezone.data or "").strip(),
        visibility=form.visibility.data or "",
        organisation_id=(form.organisation.data or None) if private else None,
        replay_policy=form.replay_policy.data or "",
        auto_start=bool(form.auto_start.data),
        scope=form.scope.data or Scope.EDUCATION,
        recorded=(form.recorded.data or RECORDED) != NOT_RECORDED,
        premiere=form.premiere.data == PREMIERE,
    )
    return Reading(draft, (*time_faults, *length_faults))


def beside_fields(form: LivestreamForm, faults: Iterable[FieldError]) -> dict[str, FieldError]:
    """Return the first fault of each field of the form, by its name, in the form's order."""
    found: dict[str, FieldError] = {}
    for fault in _without_echoes(list(faults)):
        found.setdefault(_field_of(form, fault), in_local_time(fault, form.timezone.data or ""))
    order = list(form._fields)
    return {name: found[name] for name in sorted(found, key=order.index)}


def _start_of(form: LivestreamForm, stand_in: datetime) -> tuple[datetime, list[FieldError]]:
    day, clock = typed_day(form.date.data or ""), typed_clock(form.time.data or "")
    faults = [
        FieldError(name, message)
        for name, value, message in (("date", day, NO_DATE), ("time", clock, NO_TIME))
        if value is None
    ]
    if day is None or clock is None:
        return stand_in, faults
    zone = (form.timezone.data or "").strip()
    try:
        return moment_of(day, clock, zone, fold=form.fold.data or ""), []
    except NoSuchMoment as error:
        return stand_in, [error.fault]


def _in_old_order(chosen: Iterable[str], old: tuple[str, ...]) -> tuple[str, ...]:
    """Keep the order of topics that stay: the first one lends a livestream its picture."""
    return tuple(sorted(chosen, key=lambda slug: old.index(slug) if slug in old else len(old)))


def _without_echoes(faults: list[FieldError]) -> list[FieldError]:
    """Drop what the form cannot cause: an end that is off the grid because its start is."""
    return [one for one in faults if one.field != "ends_at" or "before" not in one.params]


def _field_of(form: LivestreamForm, fault: FieldError) -> str:
    if fault.field == "title" and len(form.title_zh.data or "") > LONGEST_TITLE:
        return "title_zh"
    name = BESIDE.get(fault.field, fault.field)
    return name if name in form else "title_en"
