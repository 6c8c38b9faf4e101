"""When a host gives time, and when something could be booked. For the host and the staff."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any, Final

from core.clock import as_utc, rfc3339, utc_now
from core.errors import FieldError, InvalidInput, _
from scheduler.hours.access import Desk, desk_for, record_change, shown, with_notes
from scheduler.hours.queries import free_spans
from scheduler.hours.rules.hours import BAD_INTERVAL, WEEKDAYS, Day, Hours
from scheduler.hours.rules.intervals import Interval, clock_of, interval_of
from scheduler.hours.services import save
from scheduler.spans import Span
from web.api.blueprint import api
from web.api.idempotency import Answer, writes
from web.api.schemas.hours import (
    AvailabilityView,
    AvailabilityWrite,
    DayInterval,
    OpenTimes,
    OpenTimesQuery,
)
from web.api.signing_in import signed_in
from web.database import db
from web.security import current_actor

USUAL: Final = timedelta(weeks=4)
LONGEST: Final = timedelta(weeks=12)
TOO_LONG: Final = _("Ask for at most 12 weeks at once.")
BACKWARDS: Final = _("The end is not after the start.")
TWICE: Final = _("A day stands here twice.")


@api.get("/hosts/<host_id>/availability")
@signed_in
@api.output(AvailabilityView)
@api.doc(security="bearer")
def read_availability(host_id: str) -> dict[str, Any]:
    """Read when a host gives time. For that host and the staff; notes for that host alone."""
    return _shown(shown(desk_for(db.session, actor=current_actor(), person_id=host_id)))


@api.put("/hosts/<host_id>/availability")
@signed_in
@api.input(AvailabilityWrite, arg_name="body")
@api.output(AvailabilityView)
@api.doc(security="bearer")
@writes
def write_availability(host_id: str, body: AvailabilityWrite) -> Answer:
    """Write when a host gives time, all of it at once. For that host and the staff."""
    now = utc_now()
    actor = current_actor()
    desk = desk_for(db.session, actor=actor, person_id=host_id)
    hours = _hours(desk, body)
    saved = save(db.session, person_id=host_id, hours=hours, now=now)
    record_change(db.session, actor=actor, desk=desk, act="save", version=saved.version, now=now)
    return _shown(shown(Desk(desk.person_id, desk.names, saved, desk.is_own))), 200, {}


@api.get("/hosts/<host_id>/open-times")
@signed_in
@api.input(OpenTimesQuery, location="query", arg_name="query")
@api.output(OpenTimes)
@api.doc(security="bearer")
def list_open_times(host_id: str, query: OpenTimesQuery) -> dict[str, Any]:
    """List when a host gives time that is not taken. For that host and the staff."""
    now = utc_now()
    desk = desk_for(db.session, actor=current_actor(), person_id=host_id)
    found = free_spans(
        db.session,
        person_id=desk.person_id,
        span=_span(query, now),
        minutes=query.minutes,
        now=now,
    )
    items = [
        {"starts_at": rfc3339(one.starts_at), "ends_at": rfc3339(one.ends_at)} for one in found
    ]
    return {"items": items, "next_cursor": None}


def _span(query: OpenTimesQuery, now: datetime) -> Span:
    start, said = query.bounds(now)
    span = Span(as_utc(start), as_utc(said or start + USUAL))
    if span.length <= timedelta(0):
        raise InvalidInput(FieldError("to", BACKWARDS))
    if span.length > LONGEST:
        raise InvalidInput(FieldError("to", TOO_LONG))
    return span


def _hours(desk: Desk, body: AvailabilityWrite) -> Hours:
    """Return what a body says; an interval that is none is refused under its place in it."""
    weekly: dict[int, list[Interval]] = defaultdict(list)
    for number, one in enumerate(body.weekly):
        weekly[one.weekday].append(_interval(one, f"weekly.{number}"))
    dated = {
        day.date: Day(
            tuple(
                _interval(one, f"dated.{number}.hours.{place}")
                for place, one in enumerate(day.hours)
            ),
            day.note,
        )
        for number, day in enumerate(body.dated)
    }
    if len(dated) < len(body.dated):
        raise InvalidInput(FieldError("dated", TWICE))
    return Hours(
        timezone=body.timezone,
        buffers=(body.buffer_before, body.buffer_after),
        weekly=tuple(tuple(weekly[weekday]) for weekday in WEEKDAYS),
        dated=with_notes(desk, dated),
        version=body.version,
    )


def _interval(typed: DayInterval, field: str) -> Interval:
    found = interval_of(typed.start, typed.end)
    if found is None:
        raise InvalidInput(FieldError(field, BAD_INTERVAL))
    return found


def _shown(hours: Hours) -> dict[str, Any]:
    return {
        "timezone": hours.timezone,
        "buffer_before": hours.buffers[0],
        "buffer_after": hours.buffers[1],
        "weekly": [
            {"weekday": weekday, **_clocks(one)}
            for weekday, intervals in enumerate(hours.weekly)
            for one in intervals
        ],
        "dated": [
            {
                "date": day.isoformat(),
                "hours": [_clocks(one) for one in differs.intervals],
                "note": differs.note,
            }
            for day, differs in sorted(hours.dated.items())
        ],
        "version": hours.version,
    }


def _clocks(interval: Interval) -> dict[str, str]:
    return {"start": clock_of(interval.start), "end": clock_of(interval.end)}
