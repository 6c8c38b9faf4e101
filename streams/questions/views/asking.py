"""Asking, another made-up name, me too, and leaving a room."""

from secrets import randbelow

from flask import Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from catalog.access import livestream_view_for
from core.errors import InvalidInput, TooMany, WrongState
from streams.questions import access, services
from streams.questions.rules import LONGEST
from streams.questions.views.blueprint import pages, reason_of, said, visitor
from streams.requests import SEE_OTHER, current_session, unkept
from streams.room.passes import drop_pass, keep_pass
from streams.room.rules import how_many
from streams.room.services import Entered

QUESTIONS = "/livestreams/<livestream_id>/questions"


@pages.get(QUESTIONS)
def asking(livestream_id: str) -> Response:
    """Show the form by itself."""
    return _page(livestream_id)


@pages.post(QUESTIONS)
def ask(livestream_id: str) -> AnyResponse:
    """Take a question and lead to its secret page; a fault leaves the words where they are."""
    if request.form.get("act") == "rename":
        return _page(livestream_id, name=randbelow(how_many()))
    session = current_session()
    try:
        taken = access.ask_for(
            session,
            livestream_id=livestream_id,
            visitor=visitor(),
            text=request.form.get("text", ""),
            page_language=g.language,
            name=request.form.get("name", type=int),
            now=g.now,
        )
    except InvalidInput as refusal:
        session.rollback()
        return _page(livestream_id, fault=said(refusal.errors), status=refusal.status)
    except (WrongState, TooMany) as refusal:
        session.rollback()
        return _page(livestream_id, refusal=reason_of(refusal), status=refusal.status)
    session.commit()
    page = url_for("question_pages.question", token=taken.asked.edit_token)
    return _with_pass(redirect(page, SEE_OTHER), livestream_id, taken.entered)


@pages.post(f"{QUESTIONS}/<question_id>/votes")
def vote(livestream_id: str, question_id: str) -> AnyResponse:
    """Count that somebody wants to know it as well, or not any more, and go back."""
    session = current_session()
    _votes, entered = access.vote_for(
        session,
        livestream_id=livestream_id,
        question_id=question_id,
        visitor=visitor(),
        wanted=request.form.get("act") != "take_back",
        now=g.now,
    )
    session.commit()
    anchor = f"question-{question_id}"
    page = url_for("streams_pages.watch", livestream_id=livestream_id, _anchor=anchor)
    return _with_pass(redirect(page, SEE_OTHER), livestream_id, entered)


@pages.post(f"{QUESTIONS}/<question_id>/withdraw")
def withdraw_own(livestream_id: str, question_id: str) -> AnyResponse:
    """Take a question back in the browser that asked it, whose link may be lost."""
    session = current_session()
    mine = access.question_by_pass(
        session, livestream_id=livestream_id, question_id=question_id, visitor=visitor()
    )
    services.withdraw_question(session, question=mine, now=g.now)
    session.commit()
    page = url_for("streams_pages.watch", livestream_id=livestream_id, _anchor="questions")
    return redirect(page, SEE_OTHER)


@pages.post(f"{QUESTIONS}/leave")
def leave(livestream_id: str) -> AnyResponse:
    """Have the browser forget who it was in this room; Quick exit sends it."""
    answer = Response(status=204)
    drop_pass(answer, livestream_id=livestream_id)
    return answer


def _with_pass(answer: AnyResponse, livestream_id: str, entered: Entered) -> AnyResponse:
    keep_pass(answer, livestream_id=livestream_id, entered=entered, secure=request.is_secure)
    return answer


def _page(
    livestream_id: str,
    *,
    name: int | None = None,
    fault: str = "",
    refusal: str = "",
    status: int = 200,
) -> Response:
    session = current_session()
    view = livestream_view_for(session, livestream_id=livestream_id, actor=g.actor)
    panel = access.panel_for(session, livestream=view, token=visitor().token, now=g.now)
    page = render_template(
        "streams/questions/ask.html",
        livestream=view,
        panels={"asking": panel},
        typed=request.form.get("text", ""),
        chosen=request.form.get("name", type=int) if name is None else name,
        fault=fault,
        refusal="" if panel.closed else refusal,
        most=LONGEST,
    )
    return unkept(page, status)
