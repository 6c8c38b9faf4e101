"""Everything that a person with an account asked to be reminded of."""

from flask import Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from core.errors import WrongState
from scheduler.registrations import access
from scheduler.registrations.queries import items_of, wishes_of_user
from scheduler.registrations.views.blueprint import (
    SEE_OTHER,
    current_session,
    pages,
    reason_of,
    unkept,
)


@pages.get("/account/registrations")
def mine() -> Response:
    """Show what lies ahead and the past 30 days."""
    return _page()


@pages.post("/account/registrations/<registration_id>/end")
def end(registration_id: str) -> AnyResponse:
    """Call one off; its row stays with the way back."""
    session = current_session()
    recipient_id = access.recipient_id_of(session, actor=g.actor)
    access.end(session, recipient_id=recipient_id, registration_id=registration_id, now=g.now)
    session.commit()
    return redirect(url_for("registration_pages.mine", done="called_off"), SEE_OTHER)


@pages.post("/account/registrations/<registration_id>/reopen")
def reopen(registration_id: str) -> AnyResponse:
    """Undo that."""
    session = current_session()
    try:
        access.reopen(
            session,
            actor=g.actor,
            recipient_id=access.recipient_id_of(session, actor=g.actor),
            registration_id=registration_id,
            now=g.now,
        )
    except WrongState as refusal:
        session.rollback()
        return _page(refusal=reason_of(refusal), status=refusal.status)
    session.commit()
    return redirect(url_for("registration_pages.mine", done="undone"), SEE_OTHER)


def _page(refusal: str = "", status: int = 200) -> Response:
    session = current_session()
    recipient_id = access.recipient_id_of(session, actor=g.actor)
    ahead, past = items_of(session, recipient_id=recipient_id, actor=g.actor, now=g.now)
    page = render_template(
        "scheduler/registrations/account.html",
        ahead=ahead,
        past=past,
        wishes=wishes_of_user(session, user_id=g.actor.user_id),
        refusal=refusal,
        done=request.args.get("done", ""),
    )
    return unkept(page, status)
