"""The page on which captions are typed while a livestream is live."""

from typing import Final

from flask import Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from catalog.access import livestream_view_for
from catalog.models import Livestream
from core.errors import Refusal
from core.words import LANGUAGES
from streams.captions import access, queries
from streams.captions.views.blueprint import pages
from streams.phases import phase_of
from streams.playback.access import issue_grant_cookie, playback_url_for
from streams.playback.queries import facts_of_livestream
from streams.recordings.queries import Recording, sound_playlist
from streams.requests import SEE_OTHER, current_session, unkept

SHOWN: Final = 12
DELAY_MS: Final = 4_000
"""Until a person has heard and typed the first words of a line, with the delay of the picture."""


@pages.get("/livestreams/<livestream_id>/captions/live")
def live(livestream_id: str) -> Response:
    """Show what is on air, and a field for the next line."""
    livestream = access.livestream_to_caption(
        current_session(), actor=g.actor, livestream_id=livestream_id
    )
    return _answer(livestream, None)


@pages.post("/livestreams/<livestream_id>/captions/live")
def type_line(livestream_id: str) -> AnyResponse:
    """Take a line from the form, for whoever types without scripts."""
    session = current_session()
    livestream = access.livestream_to_caption(session, actor=g.actor, livestream_id=livestream_id)
    language = request.form.get("language", "")
    try:
        access.type_line_for(
            session,
            actor=g.actor,
            livestream_id=livestream_id,
            language=language,
            text=request.form.get("text", ""),
            age_ms=DELAY_MS,
            now=g.now,
        )
    except Refusal as refusal:
        session.rollback()
        return _answer(livestream, refusal)
    session.commit()
    place = url_for("caption_pages.live", livestream_id=livestream_id, language=language)
    return redirect(place, SEE_OTHER)


def _answer(livestream: Livestream, refusal: Refusal | None) -> Response:
    session = current_session()
    view = livestream_view_for(session, livestream_id=livestream.id, actor=g.actor)
    facts = facts_of_livestream(session, livestream.id)
    playback = playback_url_for(facts, actor=g.actor, now=g.now) if facts else None
    chosen = request.values.get("language", livestream.language)
    page = render_template(
        "streams/captions/live.html",
        livestream=view,
        lines=queries.last_lines(session, livestream_id=livestream.id, limit=SHOWN),
        refusal=refusal,
        typed=request.form.get("text", ""),
        chosen=chosen if chosen in LANGUAGES else livestream.language,
        delay=DELAY_MS,
        languages=LANGUAGES,
        recording=Recording(sound_playlist(session, view.broadcast_id)),
        phase=phase_of(
            view.state, interrupted=view.interrupted, playable=bool(playback), crew=True
        ),
        hostless="",
        playback=playback,
    )
    answer = unkept(page, refusal.status if refusal else 200)
    issue_grant_cookie(
        answer, session=session, actor=g.actor, broadcast_id=view.broadcast_id, now=g.now
    )
    return answer
