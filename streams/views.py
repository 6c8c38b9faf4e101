"""The page of one livestream: before, during and after it."""

from flask import Blueprint, Response, current_app, g, make_response, render_template
from sqlalchemy.orm import Session

from catalog.access import livestream_view_for
from catalog.queries import LivestreamView
from catalog.rules import may_run
from media.assets import find_asset
from media.paths import playlist_url, url_of_key
from streams.phases import Phase, phase_of
from streams.playback.access import issue_grant_cookie, playback_url_for
from streams.playback.queries import facts_of_livestream

pages = Blueprint("streams_pages", __name__)

SOUND = "sound"  # the rendition without picture, and what is made of it for a download
AUDIENCE = "/api/v1/livestreams/{id}/audience"  # outside contract; the page asks it for changes


@pages.get("/livestreams/<livestream_id>")
def watch(livestream_id: str) -> Response:
    """Show a livestream to whoever may know of it, and give their browser its grant to play."""
    session = _session()
    view = livestream_view_for(session, livestream_id=livestream_id, actor=g.actor)
    page = make_response(_page(session, view))
    broadcast_id = view.broadcast_id
    issue_grant_cookie(page, session=session, actor=g.actor, broadcast_id=broadcast_id, now=g.now)
    return page


def _page(session: Session, view: LivestreamView) -> str:
    facts = facts_of_livestream(session, view.id)
    playback = playback_url_for(facts, actor=g.actor, now=g.now) if facts else None
    crew = may_run(view, g.actor)
    phase = phase_of(
        view.state, interrupted=view.interrupted, playable=playback is not None, crew=crew
    )
    return render_template(
        "streams/watch.html",
        livestream=view,
        phase=phase,
        crew=crew,
        playback=playback,
        sound=playlist_url(view.broadcast_id, SOUND),
        download=_download(session, view) if phase in {Phase.REPLAY, Phase.REVIEW} else None,
        audience=AUDIENCE.format(id=view.id),
    )


def _download(session: Session, view: LivestreamView) -> str | None:
    """Return the address of the sound of a recording, once it has been made."""
    asset = find_asset(session, broadcast_id=view.broadcast_id, kind=SOUND)
    return url_of_key(asset.object_key) if asset else None


def _session() -> Session:
    session: Session = current_app.extensions["sqlalchemy"].session
    return session
