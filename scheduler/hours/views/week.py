"""The hours of every week: read, written, and undone."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from flask import Response, g, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from core.errors import InvalidInput, Refusal, WrongState
from core.walltime import suggested_zones, wall_of
from scheduler.hours.access import Desk, shown
from scheduler.hours.forms import CHOICES, boxes_in, date_in, time_in, version_of, week_in
from scheduler.hours.queries import bookings_of
from scheduler.hours.rules.clocks import moves
from scheduler.hours.rules.expansion import open_spans, total
from scheduler.hours.rules.intervals import Intervals
from scheduler.hours.rules.week import (
    FIRST_OF_DAY,
    HOURS,
    Column,
    columns_of,
    is_at_night,
    monday_of,
    span_of,
)
from scheduler.hours.services import save_week, undo
from scheduler.hours.views.blueprint import (
    back_to,
    current_session,
    desk,
    faults_of,
    finish,
    pages,
    unkept,
)

VIEWERS: Final = ("Asia/Shanghai", "Europe/London")
"""Where most viewers of the site are: the two languages it speaks."""
BUFFERS: Final = (0, 5, 10, 15, 20, 30, 45, 60, 90, 120)
WEEK: Final = "hours_pages.week"


@pages.get("/hosting/hours")
def week() -> Response:
    """Show the hours of every week over what is booked in one of them."""
    return _page(desk())


@pages.post("/hosting/hours")
def save_hours() -> AnyResponse:
    """Write the ticked boxes, what the pressed button does to them, zone and buffers."""
    found = desk()
    base = time_in(request.form, found.hours)
    try:
        saved = save_week(
            current_session(),
            person_id=found.person_id,
            base=base,
            weekly=week_in(request.form),
            now=g.now,
        )
    except (InvalidInput, WrongState) as refusal:
        return _refused(refusal)
    finish(found, "save_week", saved.version)
    return back_to(WEEK, found, "saved", week=request.form.get("week"))


@pages.post("/hosting/hours/undo")
def take_back() -> AnyResponse:
    """Bring the hours back as they were before the last change."""
    found = desk()
    version = version_of(request.form)
    try:
        saved = undo(current_session(), person_id=found.person_id, version=version, now=g.now)
    except WrongState as refusal:
        return _refused(refusal)
    finish(found, "undo", saved.version)
    back = "hours_pages.away" if request.form.get("back") == "away" else WEEK
    return back_to(back, found, "undone", week=request.form.get("week"))


def _refused(refusal: Refusal) -> Response:
    """Show the page again with what was typed, over the hours as they stand now."""
    current_session().rollback()
    return _page(desk(), refusal=refusal)


def _page(found: Desk, *, refusal: Refusal | None = None) -> Response:
    hours = shown(found)
    monday = _monday(hours.timezone)
    span = span_of(monday, 7, hours.timezone)
    weekly = _ticks(hours.weekly, refusal)
    bookings = bookings_of(
        current_session(),
        person_id=found.person_id,
        span=span,
        viewer_id=g.actor.user_id,
        now=g.now,
    )
    columns = columns_of(hours, monday, bookings, weekly)
    page = render_template(
        "scheduler/hours/week.html",
        desk=found,
        hours=hours,
        weekly=weekly,
        columns=columns,
        hours_of_day=HOURS,
        with_night=is_at_night(weekly) or _has_night_block(columns),
        monday=monday,
        today=wall_of(g.now, hours.timezone)[0].date(),
        open_hours=_number(total(open_spans(hours, span))),
        moves=moves(hours, g.now, _viewers()),
        choices=tuple(CHOICES),
        buffers=sorted({*BUFFERS, *hours.buffers}),
        zones=suggested_zones(),
        faults=faults_of(refusal),
        refusal=refusal,
        done=request.args.get("done", ""),
        timedelta=timedelta,
    )
    return unkept(page, refusal.status if refusal else 200)


def _viewers() -> tuple[str, ...]:
    """Return the zones to compare with: the reader's, where it is a place, and those of most."""
    own = (g.zone.key,) if "/" in g.zone.key else ()
    return (*own, *VIEWERS)


def _has_night_block(columns: Sequence[Column]) -> bool:
    return any(block.first < FIRST_OF_DAY for column in columns for block in column.blocks)


def _ticks(weekly: Sequence[Intervals], refusal: Refusal | None) -> Sequence[Intervals]:
    """Return what the boxes show: after a refusal what was ticked, so that nothing is lost."""
    if refusal is None or request.endpoint != "hours_pages.save_hours":
        return weekly
    try:
        return boxes_in(request.form)
    except InvalidInput:
        return weekly


def _monday(timezone: str) -> date:
    """Return the Monday of the week that is asked for, by default of the present one."""
    asked = date_in(request.values.get("week", ""))
    today = wall_of(g.now, timezone)[0].date()
    if asked is None or abs((asked - today).days) > 1000:  # noqa: PLR2004 -- no calendar goes further
        asked = today
    return monday_of(asked)


def _number(length: timedelta) -> str:
    """Return a length in hours with at most two decimals."""
    return f"{round(length / timedelta(hours=1), 2):g}"
