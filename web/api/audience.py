"""The audience state, which every open page asks for, and the beat by which pages are counted.

The state costs what it must and no more: a page, or the edge for thousands of them, says which one
it has, and as long as nothing changed the questions and polls are not even read.
"""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from flask import Response, current_app, jsonify, request
from werkzeug.datastructures import Headers

from accounts.rules import STRANGER, Actor
from catalog import access
from catalog.enums import LivestreamState
from catalog.queries import LivestreamView
from catalog.rules import may_know
from core.clock import rfc3339, utc_now
from streams.audience import access as counting
from streams.audience.queries import recent_minutes
from streams.audience.rules.counting import estimate, sample_at
from streams.audience.rules.telling import least_of, told_or_few
from streams.handouts.queries import handouts_of
from streams.handouts.rules import OVER
from streams.requests import storage
from streams.room_state.access import kept_room_for
from streams.room_state.queries import all_questions, room_state, version_of_room
from web.api import presenting
from web.api.blueprint import api
from web.api.schemas import AudienceState
from web.api.schemas.audience import KeptRoom, QuestionsQuery, ShownQuestions
from web.database import db
from web.limits import visitor_address
from web.security import current_actor

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

FOR_ALL: Final = "public, max-age=1"
FOR_ALL_AWHILE: Final = "public, max-age=10"
"""Of a list under the number of the change it was made by: another change, another address."""
FOR_ONE: Final = "private, no-store"
WORTH_PACKING: Final = 512
"""Bytes: below, gzip saves less than a packet."""
QUICKLY: Final = 5
"""The level of gzip: the edge keeps the answer for a second and gives it to thousands."""


class ForEverybody(Response):
    """An answer that hangs on no cookie, though the login session was looked at on the way.

    ``Vary: Cookie`` would make the edge keep a copy for each viewer.
    """

    def get_wsgi_headers(self, environ: "WSGIEnvironment") -> Headers:
        """Leave out what the session adds when everything else is done."""
        headers = super().get_wsgi_headers(environ)
        headers["Vary"] = "Accept-Encoding"
        return headers


@dataclass(frozen=True, slots=True)
class Asked:
    """A livestream as somebody asks for it; ``is_shared``: everybody is told the same."""

    view: LivestreamView
    own: Mapping[str, Any]
    is_shared: bool


@api.get("/livestreams/<livestream_id>/audience")
@api.output(AudienceState)
def read_audience_state(livestream_id: str) -> Response:
    """Read what a page shows beside the video; a shared cache may keep what everybody may see.

    ``version`` rises with every change. With ``If-None-Match`` an unchanged state is a 304.
    """
    now = utc_now()
    asked = _asked(livestream_id, now)
    state = {**asked.own, **_viewers(asked.view, now)}
    tag = _tag(state)
    if request.if_none_match.contains(tag):
        return _unchanged(asked, tag, FOR_ALL)
    room = room_state(db.session, livestream=asked.view)
    state |= {
        "questions": room.questions,
        "questions_count": room.count,
        "questions_url": f"{request.path}/questions?version={state['version']}",
        "poll": room.poll,
        "chapters": room.chapters,
        "handouts": _handouts(asked.view),
    }
    return _answer(asked, state, tag, FOR_ALL)


@api.get("/livestreams/<livestream_id>/audience/questions")
@api.input(QuestionsQuery, location="query", arg_name="asked_for")
@api.output(ShownQuestions)
def read_shown_questions(livestream_id: str, asked_for: QuestionsQuery) -> Response:
    """Read every question that is shown; the state of the audience names the address."""
    asked = _asked(livestream_id, utc_now())
    version = asked.own["version"]
    lasts = FOR_ALL_AWHILE if asked_for.version == version else FOR_ALL
    tag = _tag({"questions": version})
    if request.if_none_match.contains(tag):
        return _unchanged(asked, tag, lasts)
    items = all_questions(db.session, livestream_id=livestream_id)
    return _answer(asked, {"version": version, "items": items}, tag, lasts)


@api.get("/livestreams/<livestream_id>/audience/kept")
@api.output(KeptRoom)
@api.doc(security="bearer")
def read_kept_room(livestream_id: str) -> Response:
    """Read what is kept of the room with the recording. For the host and the staff.

    It tells of parts that were cut off as well, by the times of the clock.
    """
    found = kept_room_for(db.session, storage(), actor=current_actor(), livestream_id=livestream_id)
    answer = jsonify(found)
    answer.headers["Cache-Control"] = FOR_ONE
    return answer


@api.post("/livestreams/<livestream_id>/audience/beat")
@api.output({}, status_code=204)
@api.doc(security="bearer")
def beat(livestream_id: str) -> Response:
    """Say that a page plays the livestream: once a minute, with a chance of one in ``sample``.

    Nothing about who says it is stored. For whoever may watch, while it is live.
    """
    counting.beat(
        db.session,
        actor=current_actor(),
        livestream_id=livestream_id,
        visitor=visitor_address(),
        now=utc_now(),
    )
    db.session.commit()
    return Response(status=204)


def _asked(livestream_id: str, now: datetime) -> Asked:
    actor = current_actor()
    view = access.livestream_view_for(db.session, livestream_id=livestream_id, actor=actor)
    room = version_of_room(db.session, livestream_id=livestream_id)
    own = _state(view, actor, room, now)
    shared = may_know(view, STRANGER) and own == _state(view, STRANGER, room, now)
    return Asked(view, own, shared)


def _tag(state: Mapping[str, Any]) -> str:
    """Return a strong tag of what ``state`` says, the version of the room in it; per coding."""
    coding = "gzip" if _takes_gzip() else ""
    text = f"{coding} {current_app.json.dumps(state, sort_keys=True)}"
    return sha256(text.encode()).hexdigest()[:20]


def _unchanged(asked: Asked, tag: str, lasts: str) -> Response:
    return _for(asked, Response if not asked.is_shared else ForEverybody, b"", tag, lasts, 304)


def _answer(asked: Asked, told: Mapping[str, Any], tag: str, lasts: str) -> Response:
    body = current_app.json.dumps(told, ensure_ascii=False).encode()
    kind = ForEverybody if asked.is_shared else Response
    if not _takes_gzip() or len(body) < WORTH_PACKING:
        return _for(asked, kind, body, tag, lasts)
    answer = _for(asked, kind, gzip.compress(body, QUICKLY, mtime=0), tag, lasts)
    answer.headers["Content-Encoding"] = "gzip"
    return answer


def _for(
    asked: Asked, kind: type[Response], body: bytes, tag: str, lasts: str, status: int = 200
) -> Response:
    answer = kind(body, status=status, mimetype="application/json")
    answer.headers["Cache-Control"] = lasts if asked.is_shared else FOR_ONE
    answer.set_etag(tag)
    return answer


def _takes_gzip() -> bool:
    return request.accept_encodings.quality("gzip") > 0


def _handouts(view: LivestreamView) -> list[dict[str, Any]] | None:
    """Return what there is to take along; None once it is over: the page itself has it then."""
    if view.state in OVER:
        return None
    return [
        {"id": one.id, "title": one.title, "kind": one.kind, "size": one.size}
        for one in handouts_of(db.session, livestream_id=view.id)
    ]


def _viewers(view: LivestreamView, now: datetime) -> dict[str, Any]:
    """Return how many watch, as it may be told, and how often a page shall say that it does."""
    if view.state != LivestreamState.LIVE:
        return {"viewers": None, "sample": 1}
    minutes = recent_minutes(db.session, livestream_id=view.id, now=now)
    least = least_of(topic.risk for topic in view.topics)
    return {
        "viewers": told_or_few(estimate(minutes, now), least),
        "sample": sample_at(minutes, now),
    }


def _state(view: LivestreamView, actor: Actor, room: int, now: datetime) -> dict[str, Any]:
    return {
        # Every move writes ``updated_at``, an interruption as well: it only ever grows, and so does
        # the number of changes of the room. Their sum rises with either.
        "version": int(view.updated_at.timestamp() * 1000) + room,
        "state": view.state,
        "interrupted": view.interrupted,
        "playback_url": presenting.playback_path(view, actor, now),
        "starts_at": rfc3339(view.starts_at),
        "ends_at": rfc3339(view.ends_at),
        "started_at": presenting.moment(view.started_at),
        "ended_at": presenting.moment(view.ended_at),
    }
