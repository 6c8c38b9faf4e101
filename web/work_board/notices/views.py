"""Pages of notices on the board: the list, one notice with what can be done, and the two acts."""

from collections.abc import Callable
from datetime import datetime
from typing import Final, Protocol

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from accounts.notices.enums import Channel, NoticeState
from accounts.notices.kinds import KINDS
from accounts.notices.queries import NoticeLine
from accounts.notices.services.steering import DROPPABLE
from accounts.rules import Actor
from core.clock import as_utc
from core.errors import WrongState
from web.answers import asked_page, unkept
from web.database import db
from web.language import translate
from web.notices_desk.kinds import groups, named, readers_of
from web.security import current_actor
from web.times import viewer_zone
from web.work_board.access import may_act
from web.work_board.notices import access
from web.work_board.notices.queries import OVERDUE, midnight
from web.work_board.notices.words import STATES, reason_of

pages = Blueprint("notice_board", __name__, url_prefix="/administration/work/notices")

SEE_OTHER: Final = 303


class Act(Protocol):
    """One of the two acts."""

    def __call__(self, session: Session, *, actor: Actor, notice_id: str, now: datetime) -> None:
        """Do it, and write it down."""


@pages.get("")
def index() -> Response:
    """Show the board of notices."""
    filters = _filters()
    board = access.board_for(
        db.session, actor=current_actor(), filters=filters, today=midnight(g.now, viewer_zone())
    )
    page = render_template(
        "web/work_board/notices.html", board=board, filters=filters, groups=groups(), **_words()
    )
    return unkept(page)


@pages.get("/<notice_id>")
def one(notice_id: str) -> Response:
    """Show one notice, and ask whether it is to be tried again or dropped."""
    return unkept(_one(notice_id))


@pages.post("/<notice_id>/retry")
def retry(notice_id: str) -> AnyResponse:
    """Try a failed notice again."""
    return _act(notice_id, access.retry, "retried")


@pages.post("/<notice_id>/drop")
def drop(notice_id: str) -> AnyResponse:
    """See to it that a notice is never sent."""
    return _act(notice_id, access.drop, "dropped")


def _act(notice_id: str, act: Act, done: str) -> AnyResponse:
    try:
        act(db.session, actor=current_actor(), notice_id=notice_id, now=g.now)
    except WrongState as refusal:
        db.session.rollback()
        said = translate(refusal.message, refusal.params)
        return unkept(_one(notice_id, refusal=said), refusal.status)
    db.session.commit()
    return redirect(url_for("notice_board.one", notice_id=notice_id, done=done), SEE_OTHER)


def _one(notice_id: str, *, refusal: str = "") -> str:
    notice = access.notice_for(db.session, actor=current_actor(), notice_id=notice_id)
    return render_template(
        "web/work_board/notice.html",
        notice=notice,
        refusal=refusal,
        done=request.args.get("done", ""),
        **_words(),
    )


def _words() -> dict[str, object]:
    return {
        "states": STATES,
        "kind_name": _kind_name,
        "readers_name": _readers_name,
        "reason_of": _reason_of,
        "is_overdue": _overdue_at(g.now),
        "may_act": may_act(current_actor()),
        "retryable": (NoticeState.FAILED,),
        "droppable": DROPPABLE,
        "text_message": Channel.SMS,
    }


def _kind_name(kind: str) -> str:
    return translate(named(kind).name, {})


def _readers_name(kind: str) -> str:
    readers = readers_of(kind)
    return translate(readers, {}) if readers else ""


def _reason_of(notice: NoticeLine) -> str:
    reason = reason_of(notice.state, notice.reason)
    return translate(reason, {}) if reason else ""


def _overdue_at(now: datetime) -> Callable[[NoticeLine], bool]:
    def is_overdue(notice: NoticeLine) -> bool:
        waits = notice.state == NoticeState.WAITING
        return waits and as_utc(notice.due_at) < now - OVERDUE

    return is_overdue


def _filters() -> access.Filters:
    asked = request.args
    state, kind = asked.get("state", ""), asked.get("kind", "")
    return access.Filters(
        state=state if state in set(NoticeState) else NoticeState.FAILED,
        kind=kind if kind in KINDS else "",
        page=asked_page(),
    )
