"""The editors' queue of proposals: accept one, or send it back with a reason."""

from typing import Final

from flask import Response, g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from core.errors import InvalidInput, Refusal, WrongState, _
from scheduler.errors import BeyondScope, NotVerified
from streams.life.access import act_on_livestream
from streams.life.errors import NotInThisState
from streams.planning.access import proposals as access
from streams.planning.queries import proposals as queries
from streams.planning.views.blueprint import pages
from streams.requests import SEE_OTHER, current_session, settings, unkept

MOVED_ON: Final = _("This proposal was decided already. Here is how the queue stands now.")


@pages.get("/administration/proposals")
def proposals() -> Response:
    """Show what hosts have proposed, the soonest first."""
    access.check_may_decide(g.actor)
    return _page()


@pages.post("/administration/proposals/<livestream_id>/accept")
def accept(livestream_id: str) -> AnyResponse:
    """Schedule a proposal."""
    access.check_may_decide(g.actor)
    session = current_session()
    try:
        act_on_livestream(
            session,
            actor=g.actor,
            livestream_id=livestream_id,
            act="schedule",
            data_key=settings().data_key,
            now=g.now,
        )
    except (WrongState, NotVerified, BeyondScope) as refusal:
        session.rollback()
        return _page(livestream_id, refusal)
    session.commit()
    return redirect(url_for("planning_pages.proposals", said="accepted"), SEE_OTHER)


@pages.post("/administration/proposals/<livestream_id>/return")
def send_back(livestream_id: str) -> AnyResponse:
    """Send a proposal back with a reason."""
    access.check_may_decide(g.actor)
    session = current_session()
    try:
        access.send_back(
            session,
            actor=g.actor,
            livestream_id=livestream_id,
            reason=request.form.get("reason", "").replace("\r\n", "\n"),
            now=g.now,
        )
    except (WrongState, InvalidInput) as refusal:
        session.rollback()
        return _page(livestream_id, refusal)
    session.commit()
    return redirect(url_for("planning_pages.proposals", said="sent-back"), SEE_OTHER)


def _page(livestream_id: str = "", refusal: Refusal | None = None) -> Response:
    page = render_template(
        "streams/planning/proposals.html",
        proposals=queries.proposals(current_session(), now=g.now),
        about=livestream_id,
        said=request.args.get("said", ""),
        refusal=_reason_of(refusal) if refusal else None,
        typed=request.form.get("reason", ""),
        needs_reason=isinstance(refusal, InvalidInput),
    )
    return unkept(page, refusal.status if refusal else 200)


def _reason_of(refusal: Refusal) -> str:
    """Return the reason in the language of the page, without the names of states."""
    if isinstance(refusal, NotInThisState):
        return str(gettext(MOVED_ON))
    if isinstance(refusal, InvalidInput):
        return " ".join(str(gettext(one.message, **one.params)) for one in refusal.errors)
    return str(gettext(refusal.message, **refusal.params))
