"""A moderator's own duties, and the answers to them."""

from flask import Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from core.errors import FieldError, InvalidInput, WrongState
from scheduler.duties import access
from scheduler.duties.queries import my_duties
from scheduler.duties.views.blueprint import (
    SEE_OTHER,
    by_field,
    current_session,
    pages,
    reason_of,
    unkept,
)
from scheduler.enums import DutyState


@pages.get("/duties")
def mine() -> Response:
    """Show the duties to come of who is signed in."""
    access.check_may_moderate(g.actor)
    return _page()


@pages.post("/duties/<duty_id>/accept")
def accept(duty_id: str) -> AnyResponse:
    """Say yes."""
    session = current_session()
    try:
        access.accept(session, actor=g.actor, duty_id=duty_id, now=g.now)
    except WrongState as refusal:
        session.rollback()
        return _page(refusal=reason_of(refusal), status=refusal.status)
    session.commit()
    return redirect(url_for("duties_pages.mine", done="accepted"), SEE_OTHER)


@pages.post("/duties/<duty_id>/decline")
def decline(duty_id: str) -> AnyResponse:
    """Say no, with a reason for the editors."""
    session = current_session()
    reason = request.form.get("reason", "")
    try:
        access.decline(session, actor=g.actor, duty_id=duty_id, reason=reason, now=g.now)
    except InvalidInput as refusal:
        session.rollback()
        return _page(status=refusal.status, fault=by_field(refusal)["reason"], at=duty_id)
    except WrongState as refusal:
        session.rollback()
        return _page(refusal=reason_of(refusal), status=refusal.status)
    session.commit()
    return redirect(url_for("duties_pages.mine", done="declined"), SEE_OTHER)


def _page(
    *,
    refusal: str | None = None,
    status: int = 200,
    fault: FieldError | None = None,
    at: str = "",
) -> Response:
    rows = my_duties(current_session(), moderator_id=g.actor.user_id, now=g.now)
    page = render_template(
        "scheduler/duties/mine.html",
        groups={
            "open": [row for row in rows if row.state == DutyState.ASSIGNED],
            "accepted": [row for row in rows if row.state == DutyState.ACCEPTED],
        },
        refusal=refusal,
        fault=fault,
        fault_at=at,
        typed=request.form.get("reason", ""),
        done=request.args.get("done", ""),
    )
    return unkept(page, status)
