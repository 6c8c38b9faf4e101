"""Pages of the board: the list, one piece of work, and the two acts."""

from typing import Any, Final

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from core.errors import WrongState
from core.work.enums import WorkState
from core.work.rules import CANCELLABLE, RETRYABLE
from web.answers import asked_page, unkept
from web.database import db
from web.language import translate
from web.security import current_actor
from web.steps import TITLES
from web.work_board import access
from web.work_board.queries import Filters, Row

pages = Blueprint("work_board", __name__, url_prefix="/administration/work")

SEE_OTHER: Final = 303


@pages.get("")
def index() -> Response:
    """Show the board."""
    return unkept(render_template("web/work_board/index.html", **_board()))


@pages.get("/list")
def changing() -> Response:
    """Show the parts of the board that change by themselves; its script asks for them."""
    return unkept(render_template("web/work_board/_list.html", **_board()))


@pages.get("/<work_id>")
def one(work_id: str) -> Response:
    """Show one piece of work."""
    return unkept(render_template("web/work_board/one.html", **_one(work_id)))


@pages.get("/<work_id>/state")
def one_changing(work_id: str) -> Response:
    """Show the changing part of one piece of work."""
    return unkept(render_template("web/work_board/_one.html", **_one(work_id)))


@pages.post("/<work_id>/retry")
def retry(work_id: str) -> AnyResponse:
    """Try failed or cancelled work again."""
    return _act(work_id, access.retry)


@pages.post("/<work_id>/cancel")
def cancel(work_id: str) -> AnyResponse:
    """Cancel work that is not done."""
    return _act(work_id, access.cancel)


def title_of(kind: str) -> str:
    """Return what a person reads instead of the kind."""
    return translate(TITLES.get(kind, kind), {})


def reason_of(row: Row) -> str:
    """Return why the last attempt failed, in the language of the page."""
    return translate(row.work.reason, {}) if row.work.reason else ""


def _act(work_id: str, act: Any) -> AnyResponse:  # noqa: ANN401 -- one of two functions alike
    try:
        act(db.session, actor=current_actor(), work_id=work_id, now=g.now)
    except WrongState as refusal:
        db.session.rollback()
        said = translate(refusal.message, refusal.params)
        page = render_template("web/work_board/one.html", **_one(work_id), refusal=said)
        return unkept(page, refusal.status)
    db.session.commit()
    return redirect(url_for("work_board.one", work_id=work_id), SEE_OTHER)


def _board() -> dict[str, object]:
    filters = _filters()
    return {
        "board": access.board_for(db.session, actor=current_actor(), filters=filters),
        "filters": filters,
        "states": [state.value for state in WorkState],
        **_words(),
    }


def _one(work_id: str) -> dict[str, object]:
    row = access.row_for(db.session, actor=current_actor(), work_id=work_id)
    return {"row": row, **_words()}


def _words() -> dict[str, object]:
    return {
        "title_of": title_of,
        "reason_of": reason_of,
        "may_act": access.may_act(current_actor()),
        "retryable": RETRYABLE,
        "cancellable": CANCELLABLE,
    }


def _filters() -> Filters:
    asked = request.args
    state = asked.get("state", "")
    return Filters(
        state=state if state in set(WorkState) else "",
        kind=asked.get("kind", "")[:40],
        page=asked_page(),
    )
