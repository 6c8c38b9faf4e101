"""Whether a time lies within the hours that people gave: of many people at once."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.hours.rules.expansion import open_spans
from scheduler.hours.rules.hours import WEEKDAYS, Day, Hours
from scheduler.hours.rules.intervals import WHOLE_DAY, Interval, Intervals
from scheduler.models import DatedHours, PersonTime, WeeklyHours
from scheduler.spans import Span

Weekly = tuple[Intervals, ...]
ANY_TIME: Final[Weekly] = ((WHOLE_DAY,),) * len(WEEKDAYS)
NEARBY: Final = timedelta(days=2)  # no zone is further from UTC


def within_hours(session: Session, *, ids: Sequence[str], span: Span) -> dict[str, bool]:
    """Return for everybody who gave hours, or is away then, whether they give all of ``span``.

    Who gave no weekly hours can be asked at any time, but for days away. Three statements.
    """
    weekly, dated = _weekly(session, ids), _dated(session, ids, span)
    zones = session.execute(
        select(PersonTime.person_id, PersonTime.timezone).where(
            PersonTime.person_id.in_(sorted({*weekly, *dated}))
        )
    )
    return {
        person_id: _covers(
            Hours(zone, weekly=weekly.get(person_id, ANY_TIME), dated=dated.get(person_id, {})),
            span,
        )
        for person_id, zone in zones
    }


def _covers(hours: Hours, span: Span) -> bool:
    return open_spans(hours, span) == (span,)


def _weekly(session: Session, ids: Sequence[str]) -> dict[str, Weekly]:
    found: defaultdict[str, list[list[Interval]]] = defaultdict(lambda: [[] for _ in WEEKDAYS])
    columns = (WeeklyHours.person_id, WeeklyHours.weekday)
    for person_id, weekday, start, end in session.execute(
        select(*columns, WeeklyHours.start_minute, WeeklyHours.end_minute)
        .where(WeeklyHours.person_id.in_(ids))
        .order_by(*columns, WeeklyHours.start_minute)
    ):
        found[person_id][weekday].append(Interval(start, end))
    return {person_id: tuple(map(tuple, days)) for person_id, days in found.items()}


def _dated(session: Session, ids: Sequence[str], span: Span) -> dict[str, dict[date, Day]]:
    found: defaultdict[str, dict[date, Day]] = defaultdict(dict)
    low, high = (span.starts_at - NEARBY).date(), (span.ends_at + NEARBY).date()
    for person_id, day, start, end in session.execute(
        select(DatedHours.person_id, DatedHours.day, DatedHours.start_minute, DatedHours.end_minute)
        .where(DatedHours.person_id.in_(ids), DatedHours.day >= low, DatedHours.day <= high)
        .order_by(DatedHours.person_id, DatedHours.day, DatedHours.start_minute)
    ):
        before = found[person_id].get(day, Day())
        added = (Interval(start, end),) if start < end else ()
        found[person_id][day] = Day((*before.intervals, *added))
    return found
