"""The player for other sites."""

from flask import Blueprint, Response, g, make_response, render_template

from accounts.rules import STRANGER
from catalog.access import livestream_view_for
from catalog.queries import LivestreamView
from core.errors import NotFound
from streams.phases import phase_of
from streams.playback.access import playback_url_for
from streams.playback.queries import facts_of_livestream
from streams.recordings.queries import Recording, recording_of, sound_playlist
from streams.requests import current_session, settings

pages = Blueprint("embed_pages", __name__)

AUDIENCE = "/api/v1/livestreams/{id}/audience"  # outside contract; the page asks it for changes


@pages.get("/embed/livestreams/<livestream_id>")
def embedded(livestream_id: str) -> Response:
    """Show the player of a public livestream, to sites that may have it within their pages.

    Who is signed in here is nobody there: what is not for everybody is not found.
    """
    g.actor = STRANGER
    session = current_session()
    view = livestream_view_for(session, livestream_id=livestream_id, actor=g.actor)
    facts = facts_of_livestream(session, view.id)
    if facts is None:
        raise NotFound
    playback = playback_url_for(facts, actor=g.actor, now=g.now)
    phase = phase_of(
        view.state, interrupted=view.interrupted, playable=playback is not None, crew=False
    )
    page = render_template(
        "streams/embeds/embed.html",
        livestream=view,
        phase=phase,
        playback=playback,
        hostless=view.wants_host,
        recording=_recording(view, is_recorded=phase == "replay"),
        audience=AUDIENCE.format(id=view.id),
    )
    g.framed_by = settings().embed_sites
    answer = make_response(page)
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _recording(view: LivestreamView, *, is_recorded: bool) -> Recording:
    session = current_session()
    if not is_recorded:
        return Recording(sound_playlist(session, view.broadcast_id))
    return recording_of(
        session, broadcast_id=view.broadcast_id, page_language=g.language, spoken=view.language
    )
