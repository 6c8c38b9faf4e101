"""Which days a page of the schedule shows, and what narrows it. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from catalog.enums import Audience
from catalog.enums import LivestreamState as L
from catalog.rules import is_id
from catalog.schedule.enums import Span
from core.words import LANGUAGES

DAYS: Final = {Span.DAY: 1, Span.WEEK: 7}
YEARS: Final = range(2000, 2200)
"""Beyond them lies no programme, and arithmetic with zones ends."""
STATES: Final = (L.SCHEDULED, L.LIVE, L.PUBLISHED, L.CANCELLED)
"""What a visitor can ask for by name."""
LONGEST_SLUG: Final = 40


@dataclass(frozen=True, slots=True)
class Selection:
    """What the schedule and its calendar are narrowed to; an empty field narrows nothing."""

    topic: str = ""
    language: str = ""
    audience: str = ""
    host: str = ""
    state: str = ""

    def active(self) -> dict[str, str]:
        """Return the fields that narrow something, in their order."""
        return {name: value for name, value in asdict(self).items() if value}

    def without(self, name: str) -> "Selection":
        """Return the selection with one field emptied."""
        return replace(self, **{name: ""})


@dataclass(frozen=True, slots=True)
class Period:
    """The days of one page, in the zone of its reader."""

    span: Span
    first: date
    zone: ZoneInfo

    @property
    def days(self) -> tuple[date, ...]:
        """The days, in order."""
        return tuple(self.first + timedelta(days=number) for number in range(DAYS[self.span]))

    @property
    def starts_at(self) -> datetime:
        """The first moment, in UTC."""
        return _midnight(self.first, self.zone)

    @property
    def ends_at(self) -> datetime:
        """The first moment after it, in UTC; a day with a clock change is shorter or longer."""
        return _midnight(self.first + timedelta(days=DAYS[self.span]), self.zone)

    def moved(self, steps: int) -> "Period":
        """Return the period that many periods later."""
        return replace(self, first=self.first + timedelta(days=steps * DAYS[self.span]))


def selection_of(fields: Mapping[str, str]) -> Selection:
    """Return what the fields of an address select; what makes no sense selects nothing."""
    topic, host = fields.get("topic", ""), fields.get("host", "")
    return Selection(
        topic=topic if topic.isprintable() and len(topic) <= LONGEST_SLUG else "",
        language=_one_of(fields.get("language", ""), LANGUAGES),
        audience=_one_of(fields.get("audience", ""), [*Audience]),
        host=host if is_id(host) else "",
        state=_one_of(fields.get("state", ""), STATES),
    )


def period_of(fields: Mapping[str, str], *, zone: ZoneInfo, now: datetime) -> Period:
    """Return the days an address names; without a sensible date, those from today on."""
    span = Span.DAY if fields.get("view") == Span.DAY else Span.WEEK
    first = _date(fields.get("date", "")) or now.astimezone(zone).date()
    return Period(span, first, zone)


def query_of(selection: Selection, period: Period | None = None) -> str:
    """Return the query of an address, with its question mark; nothing for the default."""
    fields = dict(_period_fields(period)) | selection.active()
    return f"?{urlencode(fields)}" if fields else ""


def _period_fields(period: Period | None) -> Iterator[tuple[str, str]]:
    if period is not None:
        yield "view", period.span
        yield "date", period.first.isoformat()


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _one_of(value: str, choices: "tuple[str, ...] | list[Audience]") -> str:
    return value if value in choices else ""


def _date(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None
