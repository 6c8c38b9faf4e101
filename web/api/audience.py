"""The audience state: what every open page asks for, so it is small and cacheable."""

from typing import TYPE_CHECKING, Any, Final

from flask import Response, current_app
from werkzeug.datastructures import Headers

from accounts.rules import STRANGER, Actor
from catalog import access
from catalog.queries import LivestreamView
from catalog.rules import may_know
from core.clock import rfc3339, utc_now
from web.api import presenting
from web.api.blueprint import api
from web.api.schemas import AudienceState
from web.database import db
from web.security import current_actor

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

FOR_ALL: Final = {"Cache-Control": "public, max-age=1"}
FOR_ONE: Final = {"Cache-Control": "private, no-store"}


class ForEverybody(Response):
    """An answer that hangs on no cookie, though the login session was looked at on the way.

    ``Vary: Cookie`` would make the edge keep a copy for each viewer.
    """

    def get_wsgi_headers(self, environ: "WSGIEnvironment") -> Headers:
        """Leave out what the session adds when everything else is done."""
        headers = super().get_wsgi_headers(environ)
        headers.pop("Vary", None)
        return headers


@api.get("/livestreams/<livestream_id>/audience")
@api.output(AudienceState)
def read_audience_state(livestream_id: str) -> Response:
    """Read what a page shows beside the video; a shared cache may keep what everybody may see."""
    actor = current_actor()
    view = access.livestream_view_for(db.session, livestream_id=livestream_id, actor=actor)
    state = _state(view, actor)
    shared = may_know(view, STRANGER) and state == _state(view, STRANGER)
    kind, headers = (ForEverybody, FOR_ALL) if shared else (Response, FOR_ONE)
    return kind(current_app.json.dumps(state), mimetype="application/json", headers=headers)


def _state(view: LivestreamView, actor: Actor) -> dict[str, Any]:
    return {
        # Every move writes ``updated_at``, an interruption as well: it only ever grows.
        "version": int(view.updated_at.timestamp() * 1000),
        "state": view.state,
        "interrupted": view.interrupted,
        "viewers": None,
        "questions": [],
        "poll": None,
        "sample": 1,
        "playback_url": presenting.playback_path(view, actor, utc_now()),
        "starts_at": rfc3339(view.starts_at),
        "ends_at": rfc3339(view.ends_at),
        "started_at": presenting.moment(view.started_at),
        "ended_at": presenting.moment(view.ended_at),
    }
