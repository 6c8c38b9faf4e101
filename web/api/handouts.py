"""Hand-outs of a livestream: listed and given to whoever may know of it, brought by its crew."""

from typing import Any, Final

from apiflask.schemas import EmptySchema
from flask import Response, request

from core.clock import rfc3339, utc_now
from streams.handouts import access
from streams.handouts.queries import HandoutView
from streams.handouts.views import answer_file, take_file
from web.addresses import site_url
from web.api.blueprint import api
from web.api.idempotency import HEADER, Answer, writes
from web.api.schemas.handouts import HandoutItem, HandoutList, HandoutQuery
from web.database import db
from web.security import current_actor

HANDOUTS: Final = "/livestreams/<livestream_id>/handouts"
ONE: Final = f"{HANDOUTS}/<handout_id>"


@api.get(HANDOUTS)
@api.output(HandoutList)
@api.doc(security="bearer")
def list_handouts(livestream_id: str) -> dict[str, Any]:
    """List what a livestream offers to take along; at most five."""
    found = access.handouts_for(db.session, actor=current_actor(), livestream_id=livestream_id)
    return {"items": [_item(one) for one in found], "next_cursor": None}


@api.post(HANDOUTS)
@api.input(HandoutQuery, location="query", arg_name="asked")
@api.output(HandoutItem, status_code=201)
@api.doc(security="bearer")
@writes
def add_handout(livestream_id: str, asked: HandoutQuery) -> Answer:
    """Bring a file: PDF, PNG, JPEG or plain text, 10 MB at most. For the host and the staff.

    The body is the file and nothing else; what it is, its content says. Pictures keep nothing
    beside their pixels, text becomes UTF-8.
    """
    actor = current_actor()
    made = take_file(
        livestream_id,
        actor=actor,
        data=request.get_data(),
        title=asked.title,
        file_name=asked.name,
        lets_go=HEADER not in request.headers,  # else the row of the key must be held to the end
    )
    return _item(made), 201, {"Location": _address(made)}


@api.get(ONE)
@api.doc(security="bearer", responses={200: "The file, to be saved."})
def read_handout(livestream_id: str, handout_id: str) -> Response:
    """Fetch a hand-out; for whoever may know of the livestream."""
    return answer_file(livestream_id, handout_id, actor=current_actor())


@api.delete(ONE)
@api.output(EmptySchema, status_code=204)
@api.doc(security="bearer")
def remove_handout(livestream_id: str, handout_id: str) -> tuple[str, int]:
    """Offer a hand-out no more; it can be brought back for a week. For the host and the staff."""
    access.remove_for(
        db.session,
        actor=current_actor(),
        livestream_id=livestream_id,
        handout_id=handout_id,
        now=utc_now(),
    )
    db.session.commit()
    return "", 204


@api.post(f"{ONE}/restore")
@api.output(HandoutItem)
@api.doc(security="bearer")
@writes
def restore_handout(livestream_id: str, handout_id: str) -> Answer:
    """Offer again what was removed within a week. For the host and the staff."""
    found = access.restore_for(
        db.session,
        actor=current_actor(),
        livestream_id=livestream_id,
        handout_id=handout_id,
        now=utc_now(),
    )
    return _item(found), 200, {}


def _item(one: HandoutView) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "kind": one.kind,
        "size": one.size,
        "sha256": one.sha256,
        "saved_as": one.saved_as,
        "created_at": rfc3339(one.created_at),
        "url": _address(one),
    }


def _address(one: HandoutView) -> str:
    return f"{site_url()}/api/v1/livestreams/{one.livestream_id}/handouts/{one.id}"
