"""The slides of a livestream: a PDF that is sent, fetched and removed by its crew."""

import hashlib
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from apiflask.schemas import EmptySchema
from flask import Response, request, stream_with_context

from core.clock import rfc3339, utc_now
from core.ids import new_id
from media.paths import slides_key
from streams.requests import storage
from streams.studio.slides import access
from streams.studio.slides.queries import SlidesView
from streams.studio.slides.rules import CONTENT_TYPE, MOST_BYTES, check_begin, check_size
from web.addresses import site_url
from web.api.blueprint import api
from web.api.idempotency import Answer
from web.api.schemas.slides import SlidesItem, SlidesQuery
from web.database import db
from web.limits import limit
from web.security import current_actor

if TYPE_CHECKING:
    from collections.abc import Iterator


SENT_AN_HOUR: Final = 30
HOUR: Final = 3600
PIECE: Final = 256 * 1024
PUT_SLIDES: Final = "api.put_slides"


@dataclass(frozen=True, slots=True)
class _Body:
    """What was sent, on disk: 40 MB are no business of the memory."""

    path: Path
    size: int
    sha256: str


@api.record_once
def take_large_slides(state: Any) -> None:  # noqa: ANN401 -- Flask's set-up state
    """Raise the limit of bodies for slides alone, before anything reads one."""

    def raise_limit(endpoint: str | None, values: object) -> None:
        del values
        if endpoint == PUT_SLIDES:
            request.max_content_length = MOST_BYTES + 1  # ours says it in better words

    state.app.url_value_preprocessor(raise_limit)


@api.put("/livestreams/<livestream_id>/slides")
@api.input(SlidesQuery, location="query", arg_name="asked")
@api.output(SlidesItem, status_code=201)
@api.doc(security="bearer")
def put_slides(livestream_id: str, asked: SlidesQuery) -> Answer:
    """Send slides, or others in their place: 201, or 200 if there were any. For host and staff.

    The body is a PDF of at most 40 MB and nothing else; what it is, its first bytes say.
    """
    actor = current_actor()
    access.check_may_send(db.session, actor=actor, livestream_id=livestream_id)
    limit("slides", by=str(actor.user_id), limit=SENT_AN_HOUR, seconds=HOUR)  # commits
    check_size(request.content_length or 0)
    slides_id = new_id()
    with _received() as body:
        storage().put_file(slides_key(slides_id), body.path, content_type=CONTENT_TYPE)
    try:
        first = access.keep(
            db.session,
            actor=actor,
            livestream_id=livestream_id,
            slides_id=slides_id,
            name=asked.name,
            size=body.size,
            sha256=body.sha256,
            now=utc_now(),
        )
        item = _item(access.slides_for(db.session, actor=actor, livestream_id=livestream_id))
        db.session.commit()
    except BaseException:
        db.session.rollback()
        storage().delete(slides_key(slides_id))  # else nobody knew of the object
        raise
    return item, 201 if first else 200, {}


@api.get("/livestreams/<livestream_id>/slides")
@api.doc(
    security="bearer",
    responses={200: "The PDF, as ``application/pdf``."},
)
def read_slides(livestream_id: str) -> Response:
    """Fetch the slides as they were sent, for the host and the staff alone."""
    view = access.slides_for(db.session, actor=current_actor(), livestream_id=livestream_id)
    db.session.commit()  # no connection is held while a slow reader takes its time
    stored = storage().open_stream(view.object_key)
    opened = stored.__enter__()

    def chunks() -> "Iterator[bytes]":
        try:
            yield from opened.chunks
        finally:
            stored.__exit__(None, None, None)

    answer = Response(stream_with_context(chunks()), content_type=CONTENT_TYPE)
    answer.content_length = opened.length
    # Never opened in the browser as a page of ours: a PDF can hold scripts.
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(view.name)}"
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@api.delete("/livestreams/<livestream_id>/slides")
@api.output(EmptySchema, status_code=204)
@api.doc(security="bearer")
def remove_slides(livestream_id: str) -> tuple[str, int]:
    """Remove the slides; for the host and the staff."""
    access.remove(db.session, actor=current_actor(), livestream_id=livestream_id, now=utc_now())
    db.session.commit()
    return "", 204


@contextmanager
def _received() -> "Iterator[_Body]":
    """Write the body to a file piece by piece, and look at what it is."""
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        while piece := request.stream.read(PIECE):
            if size == 0:
                check_begin(piece)
            size += len(piece)
            check_size(size)
            digest.update(piece)
            file.write(piece)
        file.flush()
        check_size(size)
        yield _Body(Path(file.name), size, digest.hexdigest())


def _item(view: SlidesView) -> dict[str, Any]:
    return {
        "name": view.name,
        "size": view.size,
        "sha256": view.sha256,
        "uploaded_at": rfc3339(view.uploaded_at),
        "url": f"{site_url()}/api/v1/livestreams/{view.livestream_id}/slides",
    }
