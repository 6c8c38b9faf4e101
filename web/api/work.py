"""Background steps of a livestream: what is made after its end, and another try."""

from typing import Any

from core.clock import rfc3339, utc_now
from core.work.models import Work
from streams.hosting.access import retry_work, work_of_livestream
from web.api import presenting
from web.api.blueprint import api
from web.api.idempotency import Answer, writes
from web.api.schemas import WorkItem, WorkList
from web.database import db
from web.language import translate
from web.security import current_actor


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
