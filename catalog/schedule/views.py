"""The page of the schedule."""

from functools import partial
from typing import Any

from flask import Blueprint, g, render_template, request, url_for

from catalog.enums import Audience
from catalog.schedule.drawing import Rows
from catalog.schedule.enums import Span
from catalog.schedule.queries import other_than, programme_of
from catalog.schedule.rows import days_of
from catalog.schedule.rules import (
    STATES,
    Period,
    Selection,
    period_of,
    query_of,
    selection_of,
)
from catalog.views.blueprint import database
from catalog.views.keeping import kept_for_strangers
from core.words import LANGUAGES

pages = Blueprint("catalog_schedule", __name__)

WATCH = "streams_pages.watch"


@pages.get("/schedule")
@kept_for_strangers
def schedule() -> str:
    """Show the talks of a day or a week, narrowed as the address says."""
    selection = selection_of(request.args)
    period = period_of(request.args, zone=g.zone, now=g.now)
    programme = programme_of(
        database(),
        actor=g.actor,
        selection=selection,
        period=period,
        language=g.language,
        now=g.now,
    )
    return render_template(
        "catalog/schedule.html",
        days=days_of(programme.entries, period.days, zone=g.zone, now=g.now),
        rows=partial(
            Rows, watch_base=url_for(WATCH, livestream_id=""), other_language=other_than(g.language)
        ),
        count=len(programme.entries),
        is_cut=programme.is_cut,
        topics={topic.slug: topic for topic in programme.topics},
        hosts=programme.hosts,
        today=g.now.astimezone(g.zone).date(),
        period=period,
        selection=selection,
        choices={"language": LANGUAGES, "audience": [*Audience], "state": STATES},
        **_addresses(selection, period),
    )


def _addresses(selection: Selection, period: Period) -> dict[str, Any]:
    """Return every address of the page: a table of links is cheaper than asking for each."""
    base = url_for("catalog_schedule.schedule")

    def at(where: Period | None, what: Selection = selection) -> str:
        return base + query_of(what, where)

    return {
        "base": base,
        "previous": at(period.moved(-1)),
        "next": at(period.moved(1)),
        "by_today": at(None) if period.span == Span.WEEK else at(_today(period)),
        "as_day": at(Period(Span.DAY, period.first, period.zone)),
        "as_week": at(Period(Span.WEEK, period.first, period.zone)),
        "removals": {name: at(period, selection.without(name)) for name in selection.active()},
        "cleared": at(period, Selection()),
        "feed_query": query_of(selection),
    }


def _today(period: Period) -> Period:
    return Period(period.span, g.now.astimezone(g.zone).date(), period.zone)
