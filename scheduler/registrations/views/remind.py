"""Asking to be reminded of one livestream: one press with an account, an address without one."""

from flask import Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from catalog.access import livestream_view_for
from core.errors import InvalidInput, TooMany, WrongState
from core.places import places_by_area
from scheduler.registrations import access
from scheduler.registrations.forms import contact_in
from scheduler.registrations.queries import standing_of, wishes_of_user
from scheduler.registrations.rules import MAILS_A_DAY, check_open
from scheduler.registrations.views.blueprint import (
    SEE_OTHER,
    current_session,
    pages,
    reason_of,
    said,
    settings,
    unkept,
)


@pages.get("/livestreams/<livestream_id>/remind")
def reminding(livestream_id: str) -> Response:
    """Show the form, or what was asked for already."""
    return _page(livestream_id)


@pages.post("/livestreams/<livestream_id>/remind")
def remind(livestream_id: str) -> AnyResponse:
    """Remind who is signed in; ask the owner of an address by mail."""
    session = current_session()
    try:
        if g.actor.user_id is None:
            _ask_by_mail(livestream_id)
        else:
            access.remind(session, actor=g.actor, livestream_id=livestream_id, now=g.now)
    except InvalidInput as refusal:
        session.rollback()
        return _page(livestream_id, faults=said(refusal.errors), status=refusal.status)
    except (WrongState, TooMany) as refusal:
        session.rollback()
        return _page(livestream_id, refusal=reason_of(refusal), status=refusal.status)
    session.commit()
    return _onwards(livestream_id)


@pages.post("/livestreams/<livestream_id>/remind/undo")
def undo(livestream_id: str) -> AnyResponse:
    """Call off what the signed-in person asked for; done twice, it is off."""
    session = current_session()
    recipient_id = access.recipient_id_of(session, actor=g.actor)
    found = standing_of(session, user_id=g.actor.user_id, livestream_id=livestream_id)
    if found is not None:
        access.end(session, recipient_id=recipient_id, registration_id=found.id, now=g.now)
    session.commit()
    return redirect(_watch(livestream_id, "called_off"), SEE_OTHER)


def _ask_by_mail(livestream_id: str) -> None:
    """Count the try, which stands even when it is refused; then ask the owner of the address."""
    session = current_session()
    access.asked_for(session, actor=g.actor, livestream_id=livestream_id, now=g.now)
    contact = contact_in(request.form)
    try:
        access.count_asking(
            session,
            visitor=g.visitor,
            livestream_id=livestream_id,
            secret=settings().secret_key,
            now=g.now,
        )
    finally:
        session.commit()
    access.remind_by_mail(
        session,
        livestream_id=livestream_id,
        email=contact.email,
        language=g.language,
        timezone=contact.timezone,
        data_key=settings().data_key,
        now=g.now,
    )


def _onwards(livestream_id: str) -> AnyResponse:
    if g.actor.user_id is not None:
        return redirect(_watch(livestream_id, "reminded"), SEE_OTHER)
    address = url_for("registration_pages.reminding", livestream_id=livestream_id, asked="yes")
    return redirect(address, SEE_OTHER)


def _watch(livestream_id: str, done: str) -> str:
    place = url_for("streams_pages.watch", livestream_id=livestream_id, done=done)
    return f"{place}#reminder"


def _page(
    livestream_id: str,
    *,
    faults: dict[str, str] | None = None,
    refusal: str = "",
    status: int = 200,
) -> Response:
    session = current_session()
    view = livestream_view_for(session, livestream_id=livestream_id, actor=g.actor)
    try:
        check_open(view.state, view.starts_at, g.now)
        closed = ""
    except WrongState as why:
        closed = reason_of(why)
    user_id = g.actor.user_id
    page = render_template(
        "scheduler/registrations/remind.html",
        livestream=view,
        closed=closed,
        standing=standing_of(session, user_id=user_id, livestream_id=view.id) if user_id else None,
        wishes=wishes_of_user(session, user_id=user_id) if user_id else None,
        was_asked=request.args.get("asked") == "yes",
        most=MAILS_A_DAY,
        typed=request.form,
        zones=places_by_area(g.language),
        faults=faults or {},
        refusal="" if closed else refusal,
    )
    return unkept(page, status)
