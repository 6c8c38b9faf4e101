"""The page for who sends with OBS or another encoder: address, key, what to set, what arrives."""

from typing import Final

from flask import Response, g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from catalog.access import livestream_to_run, livestream_view_for
from catalog.queries import LivestreamView
from media.enums import IngestKind
from media.models import Broadcast
from media.rules import faults_to_tell
from streams.doors.keys import key_of
from streams.life.access import rotate_key
from streams.requests import SEE_OTHER, current_session, rtmp_address, settings, unkept
from streams.studio.queries import latest_feed
from streams.studio.rules import DOOR_OPEN
from streams.studio.views.blueprint import pages

SHOWN: Final = "shown"


@pages.get("/livestreams/<livestream_id>/encoder")
def encoder(livestream_id: str) -> Response:
    """Show how an encoder is set up; with ``?key=shown`` the stream key stands on the page."""
    view, key = _view_to_run(livestream_id), None
    if request.args.get("key") == SHOWN and view.state in DOOR_OPEN:
        key = key_of(current_session(), livestream_id=view.id, data_key=settings().data_key)
    page = render_template(
        "streams/studio/encoder.html",
        door_open=view.state in DOOR_OPEN,
        encoder_address=rtmp_address(),
        stream_key=key,
        **_feed(view),
    )
    return unkept(page)


@pages.get("/livestreams/<livestream_id>/encoder/state")
def encoder_state(livestream_id: str) -> Response:
    """Show what arrives; the page asks for it again and again."""
    view = _view_to_run(livestream_id)
    return unkept(render_template("streams/studio/_feed.html", **_feed(view)))


@pages.post("/livestreams/<livestream_id>/encoder/key")
def encoder_key(livestream_id: str) -> AnyResponse:
    """Make a new stream key and show it."""
    session = current_session()
    rotate_key(
        session,
        actor=g.actor,
        livestream_id=livestream_id,
        data_key=settings().data_key,
        now=g.now,
    )
    session.commit()
    return redirect(
        url_for("studio_pages.encoder", livestream_id=livestream_id, key=SHOWN), SEE_OTHER
    )


def _view_to_run(livestream_id: str) -> LivestreamView:
    session = current_session()
    livestream_to_run(session, livestream_id=livestream_id, actor=g.actor)
    return livestream_view_for(session, livestream_id=livestream_id, actor=g.actor)


def _feed(view: LivestreamView) -> dict[str, object]:
    session = current_session()
    broadcast = session.get_one(Broadcast, view.broadcast_id)
    feed = latest_feed(session, broadcast_id=view.broadcast_id)
    by_browser = bool(feed and feed.kind == IngestKind.CHUNKS)
    told = faults_to_tell(broadcast.faults, by_browser=by_browser)
    return {
        "livestream": view,
        "broadcast": broadcast,
        "shape": feed.shape if feed else {},
        "connected_at": feed.started_at if feed and feed.closed_at is None else None,
        "by_browser": by_browser,
        "faults": [str(gettext(one)) for one in told],
    }
