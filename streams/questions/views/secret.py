"""The page of one question, for whoever holds its secret link: no account, no cookie."""

from flask import Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from catalog.queries import livestream_view
from core.errors import InvalidInput, WrongState
from streams.questions import access, services
from streams.questions.queries import told_of
from streams.questions.rules import LONGEST, UNREAD
from streams.questions.views.blueprint import hidden, pages, reason_of, said
from streams.requests import SEE_OTHER, current_session
from streams.triage.identifying import named_kinds
from streams.triage.replies import redirect_words
from streams.triage.rules import tier_of

ONE = "/questions/<token>"


@pages.get(ONE)
def question(token: str) -> Response:
    """Show how a question stands, and its reply."""
    return _page(token)


@pages.post(f"{ONE}/edit")
def edit(token: str) -> AnyResponse:
    """Put other words in its place, while nobody has decided on it."""
    session = current_session()
    mine = access.question_by_link(session, token=token)
    try:
        services.edit_question(session, question=mine, text=request.form.get("text", ""), now=g.now)
    except InvalidInput as refusal:
        session.rollback()
        return _page(token, fault=said(refusal.errors), status=refusal.status)
    except WrongState as refusal:
        session.rollback()
        return _page(token, refusal=reason_of(refusal), status=refusal.status)
    session.commit()
    return _back(token, "changed")


@pages.post(f"{ONE}/withdraw")
def withdraw(token: str) -> AnyResponse:
    """Take it back: its words are gone at once."""
    session = current_session()
    mine = access.question_by_link(session, token=token)
    try:
        services.withdraw_question(session, question=mine, now=g.now)
    except WrongState as refusal:
        session.rollback()
        return _page(token, refusal=reason_of(refusal), status=refusal.status)
    session.commit()
    return _back(token)


def _back(token: str, done: str | None = None) -> AnyResponse:
    return redirect(url_for("question_pages.question", token=token, done=done), SEE_OTHER)


def _page(token: str, *, fault: str = "", refusal: str = "", status: int = 200) -> Response:
    session = current_session()
    mine = access.question_by_link(session, token=token)
    page = render_template(
        "streams/questions/question.html",
        livestream=livestream_view(session, livestream_id=mine.livestream_id),
        question=told_of(session, mine),
        mine=mine,
        token=token,
        done=request.args.get("done", ""),
        about=redirect_words(tier_of(mine.text).redirect),
        details=named_kinds(mine.text) if mine.state in UNREAD else (),
        may_edit=mine.state in UNREAD,
        typed=request.form.get("text", mine.text),
        fault=fault,
        refusal=refusal,
        most=LONGEST,
    )
    return hidden(page, status)
