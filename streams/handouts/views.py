"""The files themselves, and the page on which they are brought, removed and brought back."""

from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from typing import Any, Final
from urllib.parse import quote

from flask import (
    Blueprint,
    Response,
    g,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from accounts.rules import Actor
from catalog.access import livestream_to_run, livestream_view_for
from core.clock import utc_now
from core.errors import InvalidInput, Refusal
from core.ids import new_id
from media.paths import handout_key
from streams.handouts import access
from streams.handouts.errors import NotTakingPlace, TooManyHandouts
from streams.handouts.queries import HandoutView, handouts_of, removed_handouts
from streams.handouts.rules import (
    CONTENT_TYPES,
    FILE,
    KEPT_REMOVED,
    MOST,
    MOST_BYTES,
    checked_content,
    checked_title,
)
from streams.handouts.services import StoredFile
from streams.requests import SEE_OTHER, current_session, storage, unkept

pages = Blueprint("handout_pages", __name__)

HANDOUTS: Final = "/livestreams/<livestream_id>/handouts"
ONE: Final = f"{HANDOUTS}/<handout_id>"
TAKES_FILES: Final = frozenset({"handout_pages.bring", "api.add_handout"})
LARGEST_REQUEST: Final = MOST_BYTES + (2 << 20)
"""A little more than a file may have: who is just above is told so in better words."""


@pages.record_once
def let_files_in(state: Any) -> None:  # noqa: ANN401 -- Flask's set-up state
    """Take larger bodies on the two routes for files, before anything reads one."""

    def raise_limit(endpoint: str | None, values: object) -> None:
        del values
        if endpoint in TAKES_FILES:
            request.max_content_length = LARGEST_REQUEST

    state.app.url_value_preprocessor(raise_limit)


@pages.get(ONE)
def file(livestream_id: str, handout_id: str) -> Response:
    """Give a hand-out to whoever may know of its livestream."""
    return answer_file(livestream_id, handout_id, actor=g.actor)


@pages.get(HANDOUTS)
def handouts(livestream_id: str) -> Response:
    """Show whoever runs a livestream what it offers, and the form for another file."""
    return _page(livestream_id)


@pages.post(HANDOUTS)
def bring(livestream_id: str) -> AnyResponse:
    """Take a file."""
    session = current_session()
    data, file_name = _sent()
    try:
        take_file(
            livestream_id,
            actor=g.actor,
            data=data,
            title=request.form.get("title", ""),
            file_name=file_name,
        )
    except (InvalidInput, TooManyHandouts, NotTakingPlace) as refusal:
        session.rollback()
        return _page(livestream_id, refusal=refusal)
    session.commit()
    return _back(livestream_id, done="brought")


@pages.post(f"{ONE}/remove")
def remove(livestream_id: str, handout_id: str) -> AnyResponse:
    """Offer one no more."""
    session = current_session()
    access.remove_for(
        session, actor=g.actor, livestream_id=livestream_id, handout_id=handout_id, now=g.now
    )
    session.commit()
    return _back(livestream_id, done="removed", handout=handout_id)


@pages.post(f"{ONE}/restore")
def restore(livestream_id: str, handout_id: str) -> AnyResponse:
    """Offer again what was removed."""
    session = current_session()
    try:
        access.restore_for(
            session, actor=g.actor, livestream_id=livestream_id, handout_id=handout_id, now=g.now
        )
    except (TooManyHandouts, NotTakingPlace) as refusal:
        session.rollback()
        return _page(livestream_id, refusal=refusal)
    session.commit()
    return _back(livestream_id, done="restored")


def take_file(
    livestream_id: str,
    *,
    actor: Actor,
    data: bytes,
    title: str,
    file_name: str,
    lets_go: bool = True,
) -> HandoutView:
    """Check, store and offer a file; the caller commits. For pages and the API.

    With ``lets_go`` no lock is held while the file is written anew and sent to the storage.
    """
    session = current_session()
    livestream = access.check_may_add(session, actor=actor, livestream_id=livestream_id)
    language = livestream.language
    if lets_go:
        session.commit()
    content = checked_content(data, language=language)
    named = checked_title(title, file_name=file_name)
    digest = sha256(content.data).hexdigest()
    stored = StoredFile(new_id(), content.kind, len(content.data), digest)
    key = handout_key(stored.handout_id)
    storage().put_bytes(key, content.data, content_type=CONTENT_TYPES[content.kind])
    try:
        return access.add_for(
            session,
            actor=actor,
            livestream_id=livestream_id,
            stored=stored,
            title=named,
            now=utc_now(),
        )
    except BaseException:
        session.rollback()
        storage().delete(key)  # else nobody knew of the object
        raise


def answer_file(livestream_id: str, handout_id: str, *, actor: Actor) -> Response:
    """Answer with a hand-out, to be saved and never opened as a page of ours."""
    session = current_session()
    found = access.handout_for(
        session, actor=actor, livestream_id=livestream_id, handout_id=handout_id
    )
    session.commit()  # no connection is held while a slow reader takes its time
    answer = Response(content_type=CONTENT_TYPES[found.kind])
    answer.set_etag(found.sha256)
    answer.headers["Content-Disposition"] = _saved(found)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["X-Robots-Tag"] = "noindex"
    if request.if_none_match.contains_weak(found.sha256):
        answer.status_code = 304
    else:
        answer.content_length = found.size
        if request.method != "HEAD":
            answer.response = stream_with_context(_chunks(found.object_key))
    return answer


def _sent() -> tuple[bytes, str]:
    """Return the file of the form and what it is called; its place on the disk is given back."""
    sent = request.files.get(FILE)
    if sent is None:
        return b"", ""
    with closing(sent):
        return sent.stream.read(MOST_BYTES + 1), sent.filename or ""


def _saved(found: HandoutView) -> str:
    """Return how it is saved; who knows no names beyond ASCII gets a plain one."""
    plain = f"handout.{found.saved_as.rpartition('.')[2]}"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(found.saved_as)}"


def _chunks(key: str) -> Iterator[bytes]:
    with storage().open_stream(key) as stored:
        yield from stored.chunks


def _back(livestream_id: str, *, done: str, handout: str | None = None) -> AnyResponse:
    address = url_for(
        "handout_pages.handouts", livestream_id=livestream_id, done=done, handout=handout
    )
    return redirect(address, SEE_OTHER)


def _page(livestream_id: str, *, refusal: Refusal | None = None) -> Response:
    session = current_session()
    livestream_to_run(session, livestream_id=livestream_id, actor=g.actor)
    removed = removed_handouts(session, livestream_id=livestream_id)
    just = request.args.get("handout", "") if request.args.get("done") == "removed" else ""
    faults = refusal.errors if isinstance(refusal, InvalidInput) else ()
    page = render_template(
        "streams/handouts/handouts.html",
        livestream=livestream_view_for(session, livestream_id=livestream_id, actor=g.actor),
        handouts=handouts_of(session, livestream_id=livestream_id),
        removed=[(one, (one.removed_at or g.now) + KEPT_REMOVED) for one in removed],
        just=next((one for one in removed if one.id == just), None),
        done="" if refusal else request.args.get("done", ""),
        refusal=None if faults else refusal,
        faults={fault.field: fault for fault in faults},
        title=request.form.get("title", "") if refusal else "",
        most=MOST,
    )
    return unkept(page, refusal.status if refusal else 200)
