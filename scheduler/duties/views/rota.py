"""The rota: a week of livestreams and who moderates them."""

from typing import Any

from flask import Response, g, render_template, request, url_for

from catalog.schedule.enums import Span as Shown
from catalog.schedule.rules import Period, period_of
from scheduler.duties.access import check_staff
from scheduler.duties.queries import rota_of
from scheduler.duties.views.blueprint import current_session, pages, unkept
from scheduler.spans import Span


@pages.get("/administration/rota")
def rota() -> Response:
    """Show the livestreams of a week, all or only those that need somebody."""
    check_staff(g.actor)
    period = period_of({"date": request.args.get("date", "")}, zone=g.zone, now=g.now)
    only_gaps = request.args.get("gaps") == "1"
    found = rota_of(
        current_session(),
        span=Span(period.starts_at, period.ends_at),
        now=g.now,
        only_gaps=only_gaps,
    )
    page = render_template(
        "scheduler/duties/rota.html",
        days=_by_day(found.rows),
        is_cut=found.is_cut,
        period=period,
        only_gaps=only_gaps,
        missing=sum(row.missing for row in found.rows),
        today=g.now.astimezone(g.zone).date(),
        **_addresses(period, only_gaps),
    )
    return unkept(page)


def _by_day(rows: Any) -> dict[Any, list[Any]]:  # noqa: ANN401 -- rows and days, for a template
    days: dict[Any, list[Any]] = {}
    for row in rows:
        days.setdefault(row.starts_at.astimezone(g.zone).date(), []).append(row)
    return days


def _addresses(period: Period, only_gaps: bool) -> dict[str, Any]:  # noqa: FBT001 -- private
    def at(first: object, gaps: bool) -> str:  # noqa: FBT001 -- private
        return url_for("duties_pages.rota", date=first, gaps="1" if gaps else None)

    today = Period(Shown.WEEK, g.now.astimezone(g.zone).date(), period.zone)
    return {
        "previous": at(period.moved(-1).first, only_gaps),
        "by_today": at(today.first, only_gaps),
        "next": at(period.moved(1).first, only_gaps),
        "all_of_it": at(period.first, gaps=False),
        "gaps_of_it": at(period.first, gaps=True),
    }
