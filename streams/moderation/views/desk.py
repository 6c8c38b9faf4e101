"""The page of the desk."""

from typing import Any

from flask import Response, g, render_template, request
from flask_babel import gettext
from sqlalchemy.orm import Session

from catalog.models import Livestream
from catalog.queries import livestream_view
from core.errors import InvalidInput, NotFound, Refusal
from streams.moderation.access import livestream_to_moderate
from streams.moderation.enums import Act
from streams.moderation.queries import find_queued, last_decision
from streams.moderation.rules import BEATS_EVERY, LOOKS_EVERY
from streams.moderation.views.blueprint import DESK, pages
from streams.moderation.views.drawing import Look, look_of, may_undo, pane_of, parts_of
from streams.requests import current_session, unkept


@pages.get(DESK)
def desk(livestream_id: str) -> Response:
    """Show the queue and the question that is open; ``?show=`` a pile, ``?question=`` one of it."""
    session = current_session()
    livestream = livestream_to_moderate(session, livestream_id=livestream_id, actor=g.actor)
    look = look_of(request.args)
    return unkept(draw(session, livestream, look, done=request.args.get("done", "")))


def draw(
    session: Session,
    livestream: Livestream,
    look: Look,
    *,
    done: str = "",
    refusal: Refusal | None = None,
) -> str:
    """Return the page; ``done`` is the id of the question that was just decided on."""
    parts = parts_of(session, livestream, look)
    pane = pane_of(session, parts, prepared=request.args.get("text", ""))
    view = livestream_view(session, livestream_id=livestream.id)
    if view is None:
        raise NotFound
    return render_template(
        "streams/moderation/desk.html",
        **{**parts, "livestream": view},
        **pane,
        **_done(session, livestream, done),
        refusal=reason_of(refusal) if refusal else "",
        typed=request.form if refusal else {},
        looks_every=int(LOOKS_EVERY.total_seconds()),
        beats_every=int(BEATS_EVERY.total_seconds()),
    )


def reason_of(refusal: Refusal) -> str:
    """Return a refusal in the language of the page."""
    faults = refusal.errors if isinstance(refusal, InvalidInput) else ()
    if faults:
        return str(gettext(faults[0].message, **faults[0].params))
    return str(gettext(refusal.message, **refusal.params))


def _done(session: Session, livestream: Livestream, done: str) -> dict[str, Any]:
    """Return what was just done, and whether it can be taken back."""
    question = find_queued(session, livestream_id=livestream.id, question_id=done) if done else None
    decision = last_decision(session, question_id=question.id) if question else None
    if question is None or decision is None or decision.actor_id != g.actor.user_id:
        return {"done": None, "done_act": "", "done_undoable": False}
    act = decision.act.removeprefix("question.")
    known = act if act in {*Act, "undo"} else ""
    return {"done": question, "done_act": known, "done_undoable": may_undo(question, decision)}
