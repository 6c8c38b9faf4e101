"""Polls without JavaScript: answering one, and the page on which the crew writes them."""

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from core.errors import InvalidInput, WrongState
from streams.polls import access
from streams.polls.forms import draft_of, is_changed_here, values_of
from streams.polls.rules import MOST
from streams.readiness.access import livestream_of_crew
from streams.requests import SEE_OTHER, current_session, unkept
from streams.room.passes import keep_pass, pass_of

pages = Blueprint("poll_pages", __name__)

POLLS = "/livestreams/<livestream_id>/polls"
ONE = f"{POLLS}/<poll_id>"


@pages.post(f"{ONE}/vote")
def vote(livestream_id: str, poll_id: str) -> AnyResponse:
    """Keep somebody's answer and go back to where they watch."""
    session = current_session()
    entered = access.answer_for(
        session,
        actor=g.actor,
        livestream_id=livestream_id,
        poll_id=poll_id,
        choice=request.form.get("choice", -1, type=int),
        token=pass_of(request),
        visitor=g.visitor,
        now=g.now,
    )
    session.commit()
    page = url_for("streams_pages.watch", livestream_id=livestream_id, _anchor="poll")
    answer = make_response(redirect(page, SEE_OTHER))
    keep_pass(answer, livestream_id=livestream_id, entered=entered, secure=request.is_secure)
    return answer


@pages.get(POLLS)
def polls(livestream_id: str) -> Response:
    """Show the crew every poll of a livestream, and the form for another one or for a draft."""
    return _page(livestream_id, changing=request.args.get("change", ""))


@pages.post(POLLS)
def write(livestream_id: str) -> AnyResponse:
    """Prepare a poll."""
    session = current_session()
    livestream = livestream_of_crew(session, livestream_id=livestream_id, actor=g.actor)
    try:
        access.write_for(
            session,
            actor=g.actor,
            livestream_id=livestream_id,
            draft=draft_of(request.form, livestream.language),
            now=g.now,
        )
    except InvalidInput as refusal:
        session.rollback()
        return _page(livestream_id, refusal=refusal)
    session.commit()
    return _back(livestream_id)


@pages.post(f"{ONE}/rewrite")
def rewrite(livestream_id: str, poll_id: str) -> AnyResponse:
    """Change a draft."""
    session = current_session()
    livestream = livestream_of_crew(session, livestream_id=livestream_id, actor=g.actor)
    draft = draft_of(request.form, livestream.language)
    try:
        access.rewrite_for(
            session, actor=g.actor, livestream_id=livestream_id, poll_id=poll_id, draft=draft
        )
    except (InvalidInput, WrongState) as refusal:
        session.rollback()
        return _page(livestream_id, refusal=refusal, changing=poll_id)
    session.commit()
    return _back(livestream_id)


def act(livestream_id: str, poll_id: str, act: str) -> AnyResponse:
    """Open, close or release a poll; a refusal is told beside how it stands now."""
    session = current_session()
    try:
        access.act_for(
            session,
            actor=g.actor,
            livestream_id=livestream_id,
            poll_id=poll_id,
            act=act,
            now=g.now,
        )
    except WrongState as refusal:
        session.rollback()
        return _page(livestream_id, refusal=refusal)
    session.commit()
    return _back(livestream_id)


for _act in access.ACTS:
    pages.add_url_rule(
        f"{ONE}/{_act}", endpoint=_act, view_func=act, defaults={"act": _act}, methods=["POST"]
    )


@pages.post(f"{ONE}/discard")
def discard(livestream_id: str, poll_id: str) -> AnyResponse:
    """Throw a draft away."""
    session = current_session()
    try:
        access.discard_for(session, actor=g.actor, livestream_id=livestream_id, poll_id=poll_id)
    except WrongState as refusal:
        session.rollback()
        return _page(livestream_id, refusal=refusal)
    session.commit()
    return _back(livestream_id)


def _back(livestream_id: str) -> AnyResponse:
    """Go back to the page that the form stood on: the studio's, or that of polls."""
    in_studio = request.form.get("from") == "studio"
    page = "studio_pages.studio" if in_studio else "poll_pages.polls"
    return redirect(url_for(page, livestream_id=livestream_id), SEE_OTHER)


def _page(
    livestream_id: str, *, refusal: InvalidInput | WrongState | None = None, changing: str = ""
) -> Response:
    session = current_session()
    livestream = livestream_of_crew(session, livestream_id=livestream_id, actor=g.actor)
    faults = refusal.errors if isinstance(refusal, InvalidInput) else ()
    found = access.polls_for(session, actor=g.actor, livestream_id=livestream_id)
    changeable = {one.id: one for one in found if is_changed_here(one, livestream.language)}
    changed = changeable.get(changing)
    page = render_template(
        "streams/polls/polls.html",
        livestream=livestream,
        polls=found,
        changeable=changeable,
        changed=changed,
        refusal=refusal if isinstance(refusal, WrongState) else None,
        faults={fault.field: fault for fault in faults},
        written=request.form
        if faults
        else values_of(changed, livestream.language)
        if changed
        else {},
        most=MOST,
    )
    return unkept(page, refusal.status if refusal else 200)
