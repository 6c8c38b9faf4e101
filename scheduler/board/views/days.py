"""A week of the board, and one day of it."""

from datetime import UTC, date, datetime
from functools import partial
from typing import Any, Final

from flask import Response, g, render_template, request, url_for

from catalog.schedule.enums import Span as Shown
from catalog.schedule.queries import other_than
from catalog.schedule.rules import YEARS, Period, period_of
from core.errors import NotFound
from core.words import LANGUAGES
from scheduler.board.access import check_may_plan
from scheduler.board.queries import Board, board_of
from scheduler.board.rules.problems import problems_of
from scheduler.board.rules.selection import (
    OPEN_SLOT,
    PROBLEMS,
    STATES,
    Selection,
    query_of,
    selection_of,
)
from scheduler.board.views.blueprint import current_session, pages, unkept
from scheduler.board.views.drawing import Rows

SHOWN: Final = 30
"""Rows of a day in the week; the day's own page has all of them."""
MOST: Final = 1000


@pages.get("/administration/board")
def week() -> Response:
    """Show seven days, the first rows of each."""
    check_may_plan(g.actor)
    period = period_of({"date": request.args.get("date", "")}, zone=g.zone, now=g.now)
    return _page(period, SHOWN)


@pages.get("/administration/board/<day>")
def one_day(day: str) -> Response:
    """Show one day with all its rows."""
    check_may_plan(g.actor)
    try:
        first = date.fromisoformat(day)
    except ValueError:
        raise NotFound from None
    if first.year not in YEARS:
        raise NotFound
    return _page(Period(Shown.DAY, first, g.zone), MOST)


def _page(period: Period, most: int) -> Response:
    selection = selection_of(request.args)
    board = board_of(
        current_session(),
        period=period,
        selection=selection,
        language=g.language,
        most=most,
        now=g.now,
    )
    page = render_template(
        "scheduler/board/board.html",
        board=board,
        days=_days(board, period, most),
        problems=[(entry, problems_of(entry, g.now)) for entry in board.wrong],
        rows=partial(Rows, board=board, now=g.now, other_language=other_than(g.language)),
        hosts=sorted({entry.host for entry in board.entries}),
        period=period,
        selection=selection,
        today=g.now.astimezone(g.zone).date(),
        choices={"language": LANGUAGES, "state": (PROBLEMS, *STATES, OPEN_SLOT)},
        moment=_moment,
        local=_local,
        **_addresses(period, selection),
    )
    return unkept(page)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _local(moment: datetime) -> datetime:
    return moment.astimezone(g.zone)


def _days(board: Board, period: Period, most: int) -> list[dict[str, Any]]:
    """Return each day with its rows by start, and how many there are with those not shown."""
    made: dict[date, list[tuple[datetime, str, Any]]] = {day: [] for day in period.days}
    for entry in board.entries:
        local = datetime.fromtimestamp(entry.starts, period.zone)
        made[local.date()].append((local, "livestream", entry))
    others: list[tuple[str, Any]] = [
        *(("slot", slot) for slot in board.slots),
        *(("hold", hold) for hold in board.holds),
    ]
    for kind, other in others:
        local = other.starts_at.astimezone(period.zone)
        made[local.date()].append((local, kind, other))
    return [
        {
            "date": day,
            "rows": sorted(rows, key=lambda row: row[0])[:most],
            "count": count + sum(row[1] != "livestream" for row in rows),
        }
        for (day, rows), count in zip(made.items(), board.counts, strict=True)
    ]


def _addresses(period: Period, selection: Selection) -> dict[str, Any]:
    """Return every address of the page; the selection stays on all of them."""
    week_url = url_for("board_pages.week")
    today = g.now.astimezone(g.zone).date()

    def of_week(first: date, chosen: Selection = selection) -> str:
        return week_url + query_of(chosen, first)

    def of_day(day: date, chosen: Selection = selection) -> str:
        return f"{week_url}/{day.isoformat()}{query_of(chosen)}"

    here = of_day if period.span == Shown.DAY else of_week
    return {
        "base": week_url,
        "previous": here(period.moved(-1).first),
        "next": here(period.moved(1).first),
        "by_today": here(today),
        "as_day": of_day(period.first),
        "as_week": of_week(period.first),
        "of_day": of_day,
        "removals": {
            name: here(period.first, selection.without(name)) for name in selection.active()
        },
        "cleared": here(period.first, Selection()),
        "only_problems": here(period.first, Selection(state=PROBLEMS)),
    }
