"""What a host is asked to take over, and the page on which a host says "I cannot come"."""

from typing import Final

from flask import Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from catalog.access import livestream_to_run, livestream_view_for
from core.errors import FieldError, InvalidInput, Refusal, WrongState
from scheduler.errors import NotVerified
from scheduler.substitutes.queries import hostless_search_of
from streams.planning.access import handover as access
from streams.planning.queries.handover import request_of, requests_of
from streams.planning.views.blueprint import pages
from streams.requests import SEE_OTHER, current_session, settings, unkept

OK: Final = 200


@pages.get("/hosting/offers")
def offers() -> Response:
    """Show the requests of the signed-in host, what can be answered first."""
    access.check_may_be_asked(g.actor)
    found = requests_of(current_session(), host_id=g.actor.user_id, now=g.now)
    return unkept(render_template("streams/planning/offers.html", requests=found))


@pages.get("/hosting/offers/<offer_id>")
def offer(offer_id: str) -> Response:
    """Show one request with what follows from saying yes."""
    return _offer_page(offer_id)


@pages.post("/hosting/offers/<offer_id>/accept")
def accept_offer(offer_id: str) -> AnyResponse:
    """Take the livestream over and open its desk; who was too late is told kindly."""
    session = current_session()
    try:
        livestream = access.accept(
            session,
            actor=g.actor,
            offer_id=offer_id,
            data_key=settings().data_key,
            now=g.now,
        )
    except Refusal as refusal:
        return _refused(offer_id, refusal)
    session.commit()
    return redirect(url_for("hosting_pages.desk", livestream_id=livestream.id), SEE_OTHER)


@pages.post("/hosting/offers/<offer_id>/decline")
def decline_offer(offer_id: str) -> AnyResponse:
    """Note that the host cannot; the next one is asked."""
    session = current_session()
    try:
        access.decline(session, actor=g.actor, offer_id=offer_id, now=g.now)
    except Refusal as refusal:
        return _refused(offer_id, refusal)
    session.commit()
    return redirect(url_for("planning_pages.offers"), SEE_OTHER)


@pages.get("/livestreams/<livestream_id>/withdraw")
def withdraw(livestream_id: str) -> Response:
    """Say what happens when the host cannot come; ask for a reason that may stay empty."""
    return _withdraw_page(livestream_id)


@pages.post("/livestreams/<livestream_id>/withdraw")
def withdraw_host(livestream_id: str) -> AnyResponse:
    """Look for another host and say so."""
    session, reason = current_session(), request.form.get("reason", "")
    try:
        access.withdraw(
            session, actor=g.actor, livestream_id=livestream_id, reason=reason, now=g.now
        )
    except InvalidInput as error:
        session.rollback()
        return _withdraw_page(livestream_id, fault=error.errors[0], status=error.status)
    except WrongState as refusal:
        session.rollback()
        return _withdraw_page(livestream_id, refusal=refusal, status=refusal.status)
    session.commit()
    return redirect(url_for("planning_pages.withdraw", livestream_id=livestream_id), SEE_OTHER)


@pages.post("/livestreams/<livestream_id>/withdraw/back")
def come_after_all(livestream_id: str) -> AnyResponse:
    """Call the search off: the host comes after all."""
    session = current_session()
    try:
        access.take_back(session, actor=g.actor, livestream_id=livestream_id, now=g.now)
    except (WrongState, NotVerified) as refusal:
        session.rollback()
        return _withdraw_page(livestream_id, refusal=refusal, status=refusal.status)
    session.commit()
    return redirect(url_for("hosting_pages.desk", livestream_id=livestream_id), SEE_OTHER)


def _refused(offer_id: str, refusal: Refusal) -> Response:
    """Show the request as it stands now with the reason, to its host alone."""
    current_session().rollback()
    return _offer_page(offer_id, refusal=refusal)


def _offer_page(offer_id: str, refusal: Refusal | None = None) -> Response:
    session = current_session()
    found = access.own_offer(session, actor=g.actor, offer_id=offer_id)
    page = render_template(
        "streams/planning/offer.html",
        request_=request_of(session, offer=found),
        refusal=refusal,
    )
    return unkept(page, refusal.status if refusal else OK)


def _withdraw_page(
    livestream_id: str,
    *,
    fault: FieldError | None = None,
    refusal: Refusal | None = None,
    status: int = OK,
) -> Response:
    session = current_session()
    livestream_to_run(session, livestream_id=livestream_id, actor=g.actor)
    page = render_template(
        "streams/planning/withdraw.html",
        livestream=livestream_view_for(session, livestream_id=livestream_id, actor=g.actor),
        search=hostless_search_of(session, livestream_id=livestream_id),
        fault=fault,
        refusal=refusal,
        reason=request.form.get("reason", ""),
    )
    return unkept(page, status)
