"""The page behind the link of double opt-in.

Programs that look through mail follow links: only the button, a POST, says yes.
"""

from flask import Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from accounts.notices.errors import NoSuchLink
from accounts.notices.models import Registration
from accounts.rules import STRANGER
from catalog.access import livestream_view_for
from catalog.queries import LivestreamView
from core.errors import NotFound, WrongState
from scheduler.registrations import access
from scheduler.registrations.queries import Linked, registration_linked, wishes_of
from scheduler.registrations.rules import MAILS_A_DAY, check_open, link_until
from scheduler.registrations.services import confirm_from_mail
from scheduler.registrations.views.blueprint import (
    SEE_OTHER,
    current_session,
    manage_token,
    pages,
    read_in_zone_of,
    reason_of,
    secret,
    settings,
)


@pages.get("/notices/confirm/<token>")
def confirming(token: str) -> Response:
    """Show what would be confirmed, or what became of it; nothing is changed."""
    return _page(token)


@pages.post("/notices/confirm/<token>")
def confirm(token: str) -> AnyResponse:
    """Say yes: from now on the person is reminded; a link that was replaced says nothing."""
    session = current_session()
    _recipient, registration, is_latest = _linked(token)
    try:
        asked = access.asked_for(
            session, actor=STRANGER, livestream_id=registration.subject_id, now=g.now
        )
        if is_latest:
            confirm_from_mail(session, registration=registration, asked=asked, now=g.now)
    except WrongState as refusal:
        session.rollback()
        return _page(token, status=refusal.status)
    session.commit()
    return redirect(url_for("registration_pages.confirming", token=token), SEE_OTHER)


@pages.post("/notices/confirm/<token>/again")
def ask_again(token: str) -> AnyResponse:
    """Send another link in place of one that is too old."""
    session = current_session()
    recipient, registration, _is_latest = _linked(token)
    try:
        access.remind_again(
            session,
            recipient=recipient,
            registration=registration,
            data_key=settings().data_key,
            now=g.now,
        )
    except WrongState as refusal:
        session.rollback()
        return _page(token, status=refusal.status)
    session.commit()
    return redirect(url_for("registration_pages.confirming", token=token, asked="yes"), SEE_OTHER)


def _linked(token: str) -> Linked:
    found = registration_linked(current_session(), token=token, data_key=settings().data_key)
    read_in_zone_of(found.recipient)
    return found


def _page(token: str, *, status: int = 200) -> Response:
    linked = _linked(token)
    view = _view_of(linked.registration)
    standing, closed = _standing(linked, view)
    page = render_template(
        "scheduler/registrations/confirm.html",
        token=token,
        livestream=view,
        standing=standing,
        closed=closed,
        wishes=wishes_of(linked.recipient),
        was_asked=request.args.get("asked") == "yes",
        most=MAILS_A_DAY,
        manage=manage_token(linked.recipient) if _holds(linked, view) else "",
    )
    return secret(page, status)


def _view_of(registration: Registration) -> LivestreamView:
    """Return the livestream as everybody may know of it; private ones are asked for otherwise."""
    try:
        return livestream_view_for(
            current_session(), livestream_id=registration.subject_id, actor=STRANGER
        )
    except NotFound as gone:
        raise NoSuchLink from gone


def _standing(linked: Linked, view: LivestreamView) -> tuple[str, str]:
    """Return ``open``, ``confirmed``, ``old``, ``replaced`` or ``closed``, and why it is closed."""
    registration = linked.registration
    try:
        check_open(view.state, view.starts_at, g.now)
    except WrongState as refusal:
        return "closed", reason_of(refusal)
    if registration.confirmed_at is not None and registration.ended_at is None:
        return "confirmed", ""
    if not linked.is_latest:
        return "replaced", ""
    return ("open" if _holds(linked, view) else "old"), ""


def _holds(linked: Linked, view: LivestreamView) -> bool:
    """Tell whether whoever has the link is believed to be who it was sent to."""
    until = link_until(linked.registration.asked_at, view.starts_at)
    return linked.is_latest and g.now < until
