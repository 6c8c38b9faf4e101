"""The editors' page of searches for another host."""

from collections.abc import Callable
from functools import partial
from typing import Final

from flask import Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from core.errors import Refusal, WrongState
from scheduler.enums import SearchState
from scheduler.errors import NotVerified
from streams.planning.access import handover as access
from streams.planning.queries.handover import searches_of
from streams.planning.views.blueprint import pages
from streams.requests import SEE_OTHER, current_session, unkept

OK: Final = 200


@pages.get("/administration/substitutes")
def searches() -> Response:
    """Show who is looked for, who was asked and when the next wave goes; then what has ended."""
    return _page()


@pages.post("/administration/substitutes/<search_id>/ask")
def ask_by_hand(search_id: str) -> AnyResponse:
    """Ask a host whom an editor has chosen."""
    host_id = request.form.get("host", "")
    return _done(search_id, partial(access.ask, search_id=search_id, host_id=host_id))


@pages.post("/administration/substitutes/<search_id>/call-off")
def call_off(search_id: str) -> AnyResponse:
    """Call a search off: the host comes after all."""
    return _done(search_id, partial(access.call_off, search_id=search_id))


def _done(search_id: str, act: Callable[..., object]) -> AnyResponse:
    """Do it and return to the page; a refusal is told there, beside how it stands now."""
    session = current_session()
    try:
        act(session, actor=g.actor, now=g.now)
    except (WrongState, NotVerified) as refusal:
        session.rollback()
        return _page(refusal)
    session.commit()
    return redirect(url_for("planning_pages.searches", _anchor=f"search-{search_id}"), SEE_OTHER)


def _page(refusal: Refusal | None = None) -> Response:
    access.check_may_look_after(g.actor)
    found = searches_of(current_session(), now=g.now)
    page = render_template(
        "streams/planning/searches.html",
        open_ones=[one for one in found if one.search.state == SearchState.ASKING],
        ended=[one for one in found if one.search.state != SearchState.ASKING],
        refusal=refusal,
    )
    return unkept(page, refusal.status if refusal else OK)
