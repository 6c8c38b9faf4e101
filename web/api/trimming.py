"""Cutting the start and the end of a replay, and marking chapters while live."""

from typing import Any

from apiflask.schemas import EmptySchema

from core.clock import rfc3339, utc_now
from streams.marks import access as marks
from streams.marks.models import Mark
from streams.requests import storage
from streams.trimming import access
from streams.trimming.queries import Trimming
from web.api import presenting
from web.api.blueprint import api
from web.api.idempotency import Answer, writes
from web.api.schemas.trimming import (
    MarkChange,
    MarkItem,
    MarkList,
    MarkWrite,
    TrimItem,
    TrimWrite,
)
from web.database import db
from web.security import current_actor


@api.get("/livestreams/<livestream_id>/trim")
@api.output(TrimItem)
@api.doc(security="bearer")
def read_trim(livestream_id: str) -> dict[str, Any]:
    """Read how a replay is cut. For its host and the staff."""
    found = access.trimming_for(
        db.session, actor=current_actor(), livestream_id=livestream_id, now=utc_now()
    )
    return _trimming(found)


@api.post("/livestreams/<livestream_id>/trim")
@api.input(TrimWrite, arg_name="written")
@api.output(TrimItem)
@api.doc(security="bearer")
@writes
def trim_replay(livestream_id: str, written: TrimWrite) -> Answer:
    """Cut off the start and the end of a replay; viewers see it within ten seconds.

    Cuts fall between segments of one second. For the host and the staff.
    """
    made = access.trim_for(
        db.session,
        storage(),
        actor=current_actor(),
        livestream_id=livestream_id,
        start=written.start_seconds,
        end=written.end_seconds,
        revision=written.revision,
        now=utc_now(),
    )
    return _trimming(made), 200, {}


@api.delete("/livestreams/<livestream_id>/trim")
@api.output(TrimItem)
@api.doc(security="bearer")
@writes
def undo_trim(livestream_id: str) -> Answer:
    """Bring back what was cut off within the last 24 hours. For the host and the staff."""
    made = access.undo_for(
        db.session,
        storage(),
        actor=current_actor(),
        livestream_id=livestream_id,
        revision=None,
        now=utc_now(),
    )
    return _trimming(made), 200, {}


@api.get("/livestreams/<livestream_id>/marks")
@api.output(MarkList)
@api.doc(security="bearer")
def list_marks(livestream_id: str) -> dict[str, Any]:
    """List the moments that were marked while live. For the host and the staff."""
    found = marks.marks_for(db.session, actor=current_actor(), livestream_id=livestream_id)
    return {"items": [_mark(one) for one in found], "next_cursor": None}


@api.post("/livestreams/<livestream_id>/marks")
@api.input(MarkWrite, arg_name="written")
@api.output(MarkItem, status_code=201)
@api.doc(security="bearer")
@writes
def add_mark(livestream_id: str, written: MarkWrite) -> Answer:
    """Mark where a chapter begins, while live. For the host and the staff."""
    made = marks.add_mark_for(
        db.session,
        actor=current_actor(),
        livestream_id=livestream_id,
        at=written.at,
        title=written.title,
        now=utc_now(),
    )
    return _mark(made), 201, {}


@api.patch("/livestreams/<livestream_id>/marks/<mark_id>")
@api.input(MarkChange, arg_name="written")
@api.output(MarkItem)
@api.doc(security="bearer")
@writes
def change_mark(livestream_id: str, mark_id: str, written: MarkChange) -> Answer:
    """Move a mark or give it a title. For the host and the staff."""
    made = marks.change_mark_for(
        db.session,
        actor=current_actor(),
        livestream_id=livestream_id,
        mark_id=mark_id,
        at=written.at,
        title=written.title,
        now=utc_now(),
    )
    return _mark(made), 200, {}


@api.delete("/livestreams/<livestream_id>/marks/<mark_id>")
@api.output(EmptySchema, status_code=204)
@api.doc(security="bearer")
def remove_mark(livestream_id: str, mark_id: str) -> tuple[str, int]:
    """Remove a mark. For the host and the staff."""
    marks.remove_mark_for(
        db.session,
        actor=current_actor(),
        livestream_id=livestream_id,
        mark_id=mark_id,
        now=utc_now(),
    )
    db.session.commit()
    return "", 204


def _trimming(one: Trimming) -> dict[str, Any]:
    return {
        "shown_seconds": one.shown_seconds,
        "cut_start_seconds": one.cut_start_seconds,
        "cut_end_seconds": one.cut_end_seconds,
        "revision": one.revision,
        "undo_until": presenting.moment(one.undo_until),
    }


def _mark(one: Mark) -> dict[str, Any]:
    return {"id": one.id, "at": rfc3339(one.at), "title": one.title}
