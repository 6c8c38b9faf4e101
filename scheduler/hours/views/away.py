"""Days that differ from every week: away, or at other hours."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from flask import Response, g, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from core.errors import InvalidInput, Refusal, WrongState
from core.walltime import wall_of
from scheduler.hours.access import Desk, shown
from scheduler.hours.forms import days_in, differing_in, version_of
from scheduler.hours.queries import Booking, bookings_of
from scheduler.hours.rules.hours import MOST_DAYS, Day, Hours
from scheduler.hours.rules.week import Entry, entries_on, runs_of_days, span_of
from scheduler.hours.services import remove_days, save_days
from scheduler.hours.views.blueprint import (
    back_to,
    current_session,
    desk,
    faults_of,
    finish,
    pages,
    unkept,
)

AWAY: Final = "hours_pages.away"


@dataclass(frozen=True, slots=True)
class Row:
    """Days in a row that differ alike, and what is booked on them all the same."""

    first: date
    last: date
    differs: Day
    booked: tuple[tuple[date, Entry], ...]


@pages.get("/hosting/away")
def away() -> Response:
    """Show the days to come that differ."""
    return _page(desk())


@pages.post("/hosting/away")
def add_days() -> AnyResponse:
    """Let one day differ, or several in a row."""
    found = desk()
    try:
        typed = differing_in(request.form, _today(found.hours))
        differs = typed.differs if found.is_own else replace(typed.differs, note="")
        saved = save_days(
            current_session(),
            person_id=found.person_id,
            base=_base(found),
            days=typed.days,
            differs=differs,
            now=g.now,
        )
    except (InvalidInput, WrongState) as refusal:
        return _refused(refusal)
    finish(found, "save_days", saved.version)
    return back_to(AWAY, found, "added")


@pages.post("/hosting/away/remove")
def take_days_away() -> AnyResponse:
    """Let days be as in every week again."""
    found = desk()
    try:
        saved = remove_days(
            current_session(),
            person_id=found.person_id,
            base=_base(found),
            days=days_in(request.form),
            now=g.now,
        )
    except WrongState as refusal:
        return _refused(refusal)
    finish(found, "remove_days", saved.version)
    return back_to(AWAY, found, "removed")


def _base(found: Desk) -> Hours:
    return replace(found.hours, version=version_of(request.form))


def _today(hours: Hours) -> date:
    return wall_of(g.now, hours.timezone)[0].date()


def _refused(refusal: Refusal) -> Response:
    current_session().rollback()
    return _page(desk(), refusal=refusal)


def _page(found: Desk, *, refusal: Refusal | None = None) -> Response:
    hours = shown(found)
    today = _today(hours)
    page = render_template(
        "scheduler/hours/away.html",
        desk=found,
        hours=hours,
        today=today,
        rows=_rows(found, hours, today),
        typed=request.form,
        faults=faults_of(refusal),
        refusal=refusal,
        done=request.args.get("done", ""),
    )
    return unkept(page, refusal.status if refusal else 200)


def _rows(found: Desk, hours: Hours, today: date) -> list[Row]:
    """Return the days to come; what is booked is asked for once, for all of them."""
    coming = [(day, differs) for day, differs in sorted(hours.dated.items()) if day >= today]
    if not coming:
        return []
    days = min((coming[-1][0] - today).days + 1, 2 * MOST_DAYS)
    bookings = bookings_of(
        current_session(),
        person_id=found.person_id,
        span=span_of(today, days, hours.timezone),
        viewer_id=g.actor.user_id,
        now=g.now,
    )
    return [
        Row(first, last, differs, _booked(first, last, bookings, hours.timezone))
        for first, last, differs in runs_of_days(coming)
    ]


def _booked(
    first: date, last: date, bookings: Sequence[Booking], timezone: str
) -> tuple[tuple[date, Entry], ...]:
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return tuple((day, entry) for day in days for entry in entries_on(day, bookings, timezone))
