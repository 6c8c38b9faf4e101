"""Media for when there is no edge, and the gate that an edge asks.

A denied or unknown address answers 404 without a body, so that nobody learns what exists.
"""

from datetime import datetime

from flask import Blueprint, Response, current_app, request
from flask.blueprints import BlueprintSetupState
from flask.globals import request_ctx
from flask_principal import identity_changed
from sqlalchemy.orm import Session

from core.clock import utc_now
from media.errors import NoSuchMedia
from media.paths import MediaKind, key_of_url, read_key
from streams.playback.access import credentials, forget_device
from streams.playback.rules import GateAnswer, Passage
from streams.playback.services import ask_gate
from streams.playback.views.answers import empty
from streams.playback.views.objects import answer_object
from streams.playback.views.playlists import answer_playlist

GATE_OPEN_SECONDS = 4  # a cut has to hold within ten: this, a playlist's second, nginx's rounding
GATE_SHUT_SECONDS = 1  # a livestream that starts must not stay shut for those who came early

media = Blueprint("media", __name__)


@media.before_request
def leave_login_session_out() -> None:
    """Keep the login session out of media: a cached answer must never carry anybody's cookie."""
    nobody = current_app.session_interface.make_null_session(current_app)
    request_ctx._session = nobody  # noqa: SLF001 -- no public way leaves a session unsaved


@media.get("/internal/gate/<broadcast_id>")
def gate(broadcast_id: str) -> Response:
    """Tell an edge whether the request it holds may have media of the broadcast: 204 or 403."""
    answer = _ask(broadcast_id, utc_now())
    passage = answer.passage
    is_open = passage is not Passage.DENIED
    seconds = GATE_OPEN_SECONDS if is_open else GATE_SHUT_SECONDS
    response = empty(204 if is_open else 403)
    response.headers["X-Media-Visibility"] = "public" if passage is Passage.SHARED else "private"
    response.headers["X-Media-Revision"] = str(answer.revision)
    response.headers["X-Media-Keep"] = "brief" if answer.is_brief else "long"
    response.headers["Cache-Control"] = f"max-age={seconds}"
    response.headers["X-Accel-Expires"] = str(seconds)
    return response


@media.get("/media/<path:rest>")
def serve(rest: str) -> Response:
    """Serve a playlist, an init segment, a segment or an asset to who may have it."""
    del rest  # one module reads addresses, and it reads them whole
    try:
        key = key_of_url(request.path)
    except NoSuchMedia:
        return empty(404)
    path = read_key(key)
    answer = _ask(path.broadcast_id, utc_now())
    if answer.passage is Passage.DENIED:
        return empty(404)
    if path.kind in {MediaKind.MASTER, MediaKind.PLAYLIST}:
        return answer_playlist(_session(), path, answer)
    return answer_object(_session(), key, path, answer)


@media.record_once
def _end_grants_at_sign_out(state: BlueprintSetupState) -> None:
    identity_changed.connect(forget_device, state.app)


def _ask(broadcast_id: str, now: datetime) -> GateAnswer:
    return ask_gate(_session(), broadcast_id=broadcast_id, credentials=credentials(), now=now)


def _session() -> Session:
    session: Session = current_app.extensions["sqlalchemy"].session
    return session
