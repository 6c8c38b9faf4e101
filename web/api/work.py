"""Background steps: those of one livestream for its host, all of them for the staff."""

from typing import Any

from core.clock import rfc3339, utc_now
from core.work.models import Work
from streams.hosting.access import retry_work, work_of_livestream
from web.api import presenting
from web.api.blueprint import api
from web.api.idempotency import Answer, writes
from web.api.schemas import BoardItem, BoardList, BoardQuery, WorkItem, WorkList
from web.database import db
from web.language import translate
from web.security import current_actor
from web.steps import TITLES
from web.work_board import access
from web.work_board.queries import Filters, Row


@api.get("/livestreams/<livestream_id>/work")
@api.output(WorkList)
@api.doc(security="bearer")
def list_work(livestream_id: str) -> dict[str, Any]:
    """List the background steps of a livestream. For its host and the staff."""
    found = work_of_livestream(db.session, actor=current_actor(), livestream_id=livestream_id)
    return {"items": [_item(work) for work in found], "next_cursor": None}


@api.post("/livestreams/<livestream_id>/work/<work_id>/retry")
@api.output(WorkItem)
@api.doc(security="bearer")
@writes
def retry_step(livestream_id: str, work_id: str) -> Answer:
    """Try a background step again that failed or was cancelled. For the host and the staff."""
    work = retry_work(
        db.session,
        actor=current_actor(),
        livestream_id=livestream_id,
        work_id=work_id,
        now=utc_now(),
    )
    return _item(work), 200, {}


@api.get("/work")
@api.input(BoardQuery, location="query", arg_name="query")
@api.output(BoardList)
@api.doc(security="bearer")
def list_all_work(query: BoardQuery) -> dict[str, Any]:
    """List background steps, what runs and what has failed first. For the staff."""
    filters = Filters(state=query.state or "", kind=query.kind, page=query.cursor)
    board = access.board_for(db.session, actor=current_actor(), filters=filters)
    following = str(query.cursor + 1) if board.has_next else None
    return {"items": [_board_item(row) for row in board.rows], "next_cursor": following}


@api.get("/work/<work_id>")
@api.output(BoardItem)
@api.doc(security="bearer")
def read_work(work_id: str) -> dict[str, Any]:
    """Read one background step. For the staff."""
    return _board_item(access.row_for(db.session, actor=current_actor(), work_id=work_id))


@api.post("/work/<work_id>/retry")
@api.output(BoardItem)
@api.doc(security="bearer")
@writes
def retry_work_of_anybody(work_id: str) -> Answer:
    """Try a background step again that failed or was cancelled. For administrators."""
    row = access.retry(db.session, actor=current_actor(), work_id=work_id, now=utc_now())
    return _board_item(row), 200, {}


@api.post("/work/<work_id>/cancel")
@api.output(BoardItem)
@api.doc(security="bearer")
@writes
def cancel_work(work_id: str) -> Answer:
    """Cancel a background step that is not done. For administrators."""
    row = access.cancel(db.session, actor=current_actor(), work_id=work_id, now=utc_now())
    return _board_item(row), 200, {}


def _board_item(row: Row) -> dict[str, Any]:
    work = row.work
    return {
        **_item(work),
        "title": translate(TITLES.get(work.kind, work.kind), {}),
        "livestream": row.livestream_id,
        "max_attempts": work.max_attempts,
        "created_at": rfc3339(work.created_at),
        "started_at": presenting.moment(work.started_at),
        "log": work.log,
    }


def _item(work: Work) -> dict[str, Any]:
    return {
        "id": work.id,
        "kind": work.kind,
        "state": work.state,
        "progress": work.progress,
        "attempts": work.attempts,
        "reason": translate(work.reason, {}) if work.reason else "",
        "due_at": rfc3339(work.due_at),
        "finished_at": presenting.moment(work.finished_at),
    }
