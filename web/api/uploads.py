"""Sending a finished talk: begun, part by part in any order, completed or cancelled."""

import base64
import hashlib
import re
from typing import Any, Final

from flask import request

from catalog.access import livestream_to_run
from core.clock import rfc3339, utc_now
from core.errors import FieldError, InvalidInput
from streams.requests import storage
from streams.uploads import access, services
from streams.uploads.errors import NotOpen
from streams.uploads.queries import UploadView, upload_view
from streams.uploads.rules import PART_SIZE, WRONG_DIGEST, WRONG_SIZE, expected_size
from web.addresses import site_url
from web.api import presenting
from web.api.blueprint import api
from web.api.idempotency import Answer, writes
from web.api.schemas import UploadItem, UploadWrite
from web.database import db
from web.language import translate
from web.limits import limit
from web.security import current_actor

BEGUN_AN_HOUR: Final = 30
PARTS_AN_HOUR: Final = 10_000
HOUR: Final = 3600
PUT_PART: Final = "api.put_part"
_DIGEST: Final = re.compile(r"sha-256=:([A-Za-z0-9+/=]+):")


@api.record_once
def take_large_parts(state: Any) -> None:  # noqa: ANN401 -- Flask's set-up state
    """Raise the limit of bodies for parts alone, before anything reads one."""

    def raise_limit(endpoint: str | None, values: object) -> None:
        del values
        if endpoint == PUT_PART:
            request.max_content_length = PART_SIZE

    state.app.url_value_preprocessor(raise_limit)


@api.post("/livestreams/<livestream_id>/uploads")
@api.input(UploadWrite, arg_name="written")
@api.output(UploadItem, status_code=201)
@api.doc(security="bearer")
@writes
def begin_upload(livestream_id: str, written: UploadWrite) -> Answer:
    """Begin to send a finished talk, or go on with the same file. For the host and the staff."""
    actor = current_actor()
    livestream_to_run(db.session, livestream_id=livestream_id, actor=actor)
    limit("upload", by=str(actor.user_id), limit=BEGUN_AN_HOUR, seconds=HOUR)
    view = access.begin(
        db.session,
        actor=actor,
        livestream_id=livestream_id,
        name=written.name,
        size=written.size,
        now=utc_now(),
    )
    body = _item(livestream_id, view)
    return body, 201, {"Location": body["upload_url"]}


@api.get("/livestreams/<livestream_id>/uploads/<upload_id>")
@api.output(UploadItem)
@api.doc(security="bearer")
def read_upload(livestream_id: str, upload_id: str) -> dict[str, Any]:
    """Read what has arrived of a file and how its import goes. For the host and the staff."""
    return _shown(livestream_id, upload_id)


@api.put("/livestreams/<livestream_id>/uploads/<upload_id>/parts/<int:number>")
@api.output(UploadItem, status_code=201)
@api.doc(security="bearer")
def put_part(livestream_id: str, upload_id: str, number: int) -> Answer:
    """Send one part: 201, or 200 if it was there. ``Content-Digest`` or ``?sha256=`` is checked.

    The body is the bytes of the part and nothing else. Parts are numbered from 0 and have
    ``part_size`` bytes each, the last one what is left.
    """
    actor = current_actor()
    upload = access.upload_for(
        db.session, actor=actor, livestream_id=livestream_id, upload_id=upload_id
    )
    size = expected_size(number, size=upload.size, part_size=upload.part_size)
    known = services.find_part(db.session, upload_id=upload_id, number=number)
    state = upload.state
    limit("upload_part", by=str(actor.user_id), limit=PARTS_AN_HOUR, seconds=HOUR)  # commits
    if known is not None:
        return _shown(livestream_id, upload_id), 200, {}
    if state != "open":
        raise NotOpen
    body, digest = _body(size)
    storage().put_bytes(
        services.part_key(upload_id, number), body, content_type="application/octet-stream"
    )
    try:
        is_new = services.add_part(
            db.session, upload=upload, number=number, size=size, sha256=digest
        )
    except NotOpen:
        if services.find_part(db.session, upload_id=upload_id, number=number) is None:
            storage().delete(services.part_key(upload_id, number))  # cancelled: nobody else would
            raise
        is_new = False  # the same part came twice at once, and the other was the last one
    answer = _shown(livestream_id, upload_id)
    db.session.commit()
    return answer, 201 if is_new else 200, {}


@api.post("/livestreams/<livestream_id>/uploads/<upload_id>/complete")
@api.output(UploadItem, status_code=202)
@api.doc(security="bearer")
@writes
def complete_upload(livestream_id: str, upload_id: str) -> Answer:
    """Say that every part was sent; the import begins. For the host and the staff."""
    view = access.complete(
        db.session,
        actor=current_actor(),
        livestream_id=livestream_id,
        upload_id=upload_id,
        now=utc_now(),
    )
    return _item(livestream_id, view), 202, {}


@api.delete("/livestreams/<livestream_id>/uploads/<upload_id>")
@api.output(UploadItem)
@api.doc(security="bearer")
@writes
def cancel_upload(livestream_id: str, upload_id: str) -> Answer:
    """Cancel an upload that is not imported yet; what has arrived is removed."""
    view = access.cancel(
        db.session,
        actor=current_actor(),
        livestream_id=livestream_id,
        upload_id=upload_id,
        now=utc_now(),
    )
    return _item(livestream_id, view), 200, {}


def _body(size: int) -> tuple[bytes, str]:
    """Return the body and its digest; it was held back until the database was let go."""
    if request.content_length is not None and request.content_length != size:
        raise InvalidInput(FieldError("body", WRONG_SIZE))
    body = request.get_data(cache=False)
    if len(body) != size:
        raise InvalidInput(FieldError("body", WRONG_SIZE))
    digest = hashlib.sha256(body).hexdigest()
    if (_told_digest() or digest) != digest:
        raise InvalidInput(FieldError("body", WRONG_DIGEST))
    return body, digest


def _told_digest() -> str:
    """Return the digest that the sender states (RFC 9530, or the query), in hexadecimal."""
    found = _DIGEST.search(request.headers.get("Content-Digest", ""))
    if found is None:
        return request.args.get("sha256", "").lower()
    try:
        return base64.b64decode(found[1], validate=True).hex()
    except ValueError:
        return "unreadable"


def _shown(livestream_id: str, upload_id: str) -> dict[str, Any]:
    upload = access.upload_for(
        db.session, actor=current_actor(), livestream_id=livestream_id, upload_id=upload_id
    )
    return _item(livestream_id, upload_view(db.session, upload))


def _item(livestream_id: str, view: UploadView) -> dict[str, Any]:
    place = f"/api/v1/livestreams/{livestream_id}/uploads/{view.id}"
    return {
        "id": view.id,
        "name": view.name,
        "size": view.size,
        "part_size": view.part_size,
        "parts_held": list(view.parts_held),
        "state": view.state,
        "progress": view.progress,
        "reason": translate(view.reason, {}) if view.reason else "",
        "upload_url": site_url() + place,
        "created_at": rfc3339(view.created_at),
        "completed_at": presenting.moment(view.completed_at),
    }
