"""The captions of a replay, and lines that are typed while it is live."""

from typing import Any

from apiflask.schemas import EmptySchema
from flask import Response, current_app
from flask_babel import gettext

from accounts.rules import STRANGER
from catalog.access import livestream_for
from catalog.models import Livestream
from catalog.rules import may_know
from core.clock import rfc3339, utc_now
from core.errors import NotFound
from media.captions.errors import Remark
from media.webvtt import Cue
from streams.captions import access
from streams.captions.models import LiveCaption
from streams.captions.queries import Line, Track, track_for
from streams.requests import storage
from web.api.audience import ForEverybody
from web.api.blueprint import api
from web.api.idempotency import Answer, writes
from web.api.schemas.captions import (
    CaptionCorrection,
    CaptionFileWrite,
    CaptionLine,
    CaptionLinesQuery,
    CaptionTrackList,
    CaptionTrackView,
    LiveLine,
    LiveLineList,
    LiveLineQuery,
    LiveLineWrite,
)
from web.database import db
from web.security import current_actor


@api.get("/livestreams/<livestream_id>/captions")
@api.output(CaptionTrackList)
@api.doc(security="bearer")
def list_captions(livestream_id: str) -> dict[str, Any]:
    """List the captions of a replay. For captioners, its host and the staff."""
    found = access.tracks_to_caption(db.session, actor=current_actor(), livestream_id=livestream_id)
    return {"items": [_track(one) for one in found], "next_cursor": None}


@api.get("/livestreams/<livestream_id>/captions/<language>")
@api.input(CaptionLinesQuery, location="query", arg_name="asked")
@api.output(CaptionTrackView)
@api.doc(security="bearer")
def read_captions(livestream_id: str, language: str, asked: CaptionLinesQuery) -> dict[str, Any]:
    """Read the lines of captions in a language. For captioners, its host and the staff."""
    _livestream, track = access.track_to_correct(
        db.session, actor=current_actor(), livestream_id=livestream_id, language=language
    )
    shown = [
        line
        for line in track.lines
        if line.cue.start_ms < asked.to_ms and line.cue.end_ms > asked.from_ms
    ]
    return {**_track(track), "items": [_line(line) for line in shown]}


@api.put("/livestreams/<livestream_id>/captions/<language>")
@api.input(CaptionFileWrite, arg_name="written")
@api.output(CaptionTrackView)
@api.doc(security="bearer")
@writes
def bring_captions(livestream_id: str, language: str, written: CaptionFileWrite) -> Answer:
    """Put a WebVTT or SubRip file in the place of the captions, which are kept.

    For captioners, its host and the staff.
    """
    taken = access.take_file_for(
        db.session,
        storage(),
        actor=current_actor(),
        livestream_id=livestream_id,
        language=language,
        data=written.text.encode(),
        now=utc_now(),
    )
    livestream = livestream_for(db.session, livestream_id=livestream_id, actor=current_actor())
    remarks = [_remark(one) for one in taken.remarks]
    return {**_whole(livestream, language), "remarks": remarks}, 200, {}


@api.patch("/livestreams/<livestream_id>/captions/<language>")
@api.input(CaptionCorrection, arg_name="written")
@api.output(CaptionTrackView)
@api.doc(security="bearer")
@writes
def correct_captions(livestream_id: str, language: str, written: CaptionCorrection) -> Answer:
    """Put lines in the place of others; 409 when somebody else has changed one of them.

    Answers with the lines that were put there. For captioners, its host and the staff.
    """
    by = _cues(written.now)
    livestream = access.correct_for(
        db.session,
        storage(),
        actor=current_actor(),
        livestream_id=livestream_id,
        language=language,
        was=_cues(written.was),
        by=by,
        now=utc_now(),
    )
    starts = {cue.start_ms for cue in by}
    whole = _whole(livestream, language)
    whole["items"] = [one for one in whole["items"] if one["start_ms"] in starts]
    return whole, 200, {}


@api.delete("/livestreams/<livestream_id>/captions/<language>")
@api.output(EmptySchema, status_code=204)
@api.doc(security="bearer")
def remove_captions(livestream_id: str, language: str) -> tuple[str, int]:
    """Take captions away; they are kept as a version. For captioners, its host and the staff."""
    access.remove_for(
        db.session,
        actor=current_actor(),
        livestream_id=livestream_id,
        language=language,
        now=utc_now(),
    )
    db.session.commit()
    return "", 204


@api.get("/livestreams/<livestream_id>/captions/live")
@api.input(LiveLineQuery, location="query", arg_name="asked")
@api.output(LiveLineList)
def read_live_captions(livestream_id: str, asked: LiveLineQuery) -> Response:
    """Read the lines that are typed now; a shared cache may keep what everybody may see."""
    actor = current_actor()
    found = access.typed_lines_for(
        db.session, actor=actor, livestream_id=livestream_id, after=asked.after
    )
    livestream = livestream_for(db.session, livestream_id=livestream_id, actor=actor)
    body = {"items": [_typed(one) for one in found], "next_cursor": None}
    shared = may_know(livestream, STRANGER)
    answer = (ForEverybody if shared else Response)(
        current_app.json.dumps(body), mimetype="application/json"
    )
    answer.headers["Cache-Control"] = "public, max-age=1" if shared else "private, no-store"
    return answer


@api.post("/livestreams/<livestream_id>/captions/live")
@api.input(LiveLineWrite, arg_name="written")
@api.output(LiveLine, status_code=201)
@api.doc(security="bearer")
@writes
def type_live_caption(livestream_id: str, written: LiveLineWrite) -> Answer:
    """Type a line while it is live. For captioners, its host and the staff."""
    line = access.type_line_for(
        db.session,
        actor=current_actor(),
        livestream_id=livestream_id,
        language=written.language,
        text=written.text,
        age_ms=written.age_ms,
        now=utc_now(),
    )
    return _typed(line), 201, {}


@api.delete("/livestreams/<livestream_id>/captions/live/<int:number>")
@api.output(EmptySchema, status_code=204)
@api.doc(security="bearer")
def take_live_caption_back(livestream_id: str, number: int) -> tuple[str, int]:
    """Leave a typed line out of the replay. For captioners, its host and the staff."""
    access.take_back_for(
        db.session, actor=current_actor(), livestream_id=livestream_id, number=number
    )
    db.session.commit()
    return "", 204


def _whole(livestream: Livestream, language: str) -> dict[str, Any]:
    track = track_for(db.session, livestream, language)
    if track is None:
        raise NotFound
    return {**_track(track), "items": [_line(line) for line in track.lines]}


def _cues(lines: list[CaptionLine]) -> list[Cue]:
    return [Cue(one.start_ms, one.end_ms, one.text) for one in lines]


def _track(one: Track) -> dict[str, Any]:
    return {
        "language": one.language,
        "source": one.source,
        "lines": len(one.lines),
        "looked_at": one.checked,
    }


def _line(line: Line) -> dict[str, Any]:
    start, end, text = line.cue
    return {"start_ms": start, "end_ms": end, "text": text, "looked_at": line.is_checked}


def _remark(one: Remark) -> dict[str, Any]:
    return {"line": one.line, "message": gettext(one.message)}


def _typed(one: LiveCaption) -> dict[str, Any]:
    return {
        "number": one.number,
        "language": one.language,
        "starts_at": rfc3339(one.starts_at),
        "text": one.text,
    }
