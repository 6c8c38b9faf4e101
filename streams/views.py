"""The page of one livestream: before, during and after it."""

from dataclasses import dataclass

from flask import (
    Blueprint,
    Response,
    abort,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from sqlalchemy.orm import Session

from catalog.access import livestream_view_for
from catalog.enums import LivestreamState
from catalog.linked_data import Data, graph, livestream_data
from catalog.queries import LivestreamView
from catalog.rules import may_run
from core.words import in_language
from scheduler.registrations.queries import standing_of, wishes_of_user
from scheduler.registrations.rules import is_open
from scheduler.substitutes.queries import hostless_search_of
from streams.panels import panels_of
from streams.phases import Phase, phase_of
from streams.playback.access import issue_grant_cookie, playback_url_for
from streams.playback.queries import facts_of_livestream
from streams.premieres.access import held_talk_for
from streams.recordings.finding import Finding, find_words
from streams.recordings.queries import Recording, recording_of, sound_playlist
from streams.recordings.rules import plain_transcript
from streams.requests import current_session
from streams.room.passes import pass_of

pages = Blueprint("streams_pages", __name__)

AUDIENCE = "/api/v1/livestreams/{id}/audience"  # outside contract; the page asks it for changes


@dataclass(frozen=True, slots=True)
class Showing:
    """What one viewer is shown of a livestream; ``playback`` is None where there is nothing."""

    phase: Phase
    crew: bool
    playback: str | None

    @property
    def is_recorded(self) -> bool:
        """Whether it is a replay for this viewer."""
        return self.phase in {Phase.REPLAY, Phase.REVIEW}


@pages.get("/livestreams/<livestream_id>")
def watch(livestream_id: str) -> Response:
    """Show a livestream to whoever may know of it, and give their browser its grant to play."""
    session = current_session()
    view = livestream_view_for(session, livestream_id=livestream_id, actor=g.actor)
    shown = _showing(session, view)
    page = make_response(_page(session, view, shown, audience=AUDIENCE.format(id=view.id)))
    if pass_of(request):  # what this person asked stands on it, with replies for them alone
        page.headers["Cache-Control"] = "private, no-store"
    broadcast_id = view.broadcast_id
    issue_grant_cookie(page, session=session, actor=g.actor, broadcast_id=broadcast_id, now=g.now)
    return page


@pages.get("/livestreams/<livestream_id>/premiere")
def held(livestream_id: str) -> Response:
    """Show its crew the talk that is held for its premiere; nobody else may see it yet."""
    session = current_session()
    if held_talk_for(session, actor=g.actor, livestream_id=livestream_id) is None:
        abort(404)
    view = livestream_view_for(session, livestream_id=livestream_id, actor=g.actor)
    if view.state == LivestreamState.LIVE:
        return make_response(redirect(url_for("streams_pages.watch", livestream_id=livestream_id)))
    playback = _showing(session, view).playback
    if playback is None:  # its host withdrew the consent to being recorded
        abort(404)
    shown = Showing(Phase.REVIEW, crew=True, playback=playback)
    page = make_response(_page(session, view, shown, audience=""))
    page.headers["Cache-Control"] = "private, no-store"
    broadcast_id = view.broadcast_id
    issue_grant_cookie(page, session=session, actor=g.actor, broadcast_id=broadcast_id, now=g.now)
    return page


@pages.get("/livestreams/<livestream_id>/transcript-<language>.txt")
def transcript(livestream_id: str, language: str) -> Response:
    """Give what is spoken in a replay as plain text to whoever may play it."""
    session = current_session()
    view = livestream_view_for(session, livestream_id=livestream_id, actor=g.actor)
    if not _showing(session, view).is_recorded:
        abort(404)
    recording = _recording(session, view, language)
    spoken = next((one for one in recording.captions if one.language == language), None)
    if spoken is None:
        abort(404)
    title = in_language(view.titles, language)
    answer = Response(
        plain_transcript(title, recording.chapters, spoken.lines), mimetype="text/plain"
    )
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _page(session: Session, view: LivestreamView, shown: Showing, *, audience: str) -> str:
    recording = _recording(session, view, g.language) if shown.is_recorded else None
    hostless = _hostless(session, view)
    data = livestream_data(view, site=g.site, language=g.language)
    return render_template(
        "streams/watch.html",
        livestream=view,
        phase=shown.phase,
        crew=shown.crew,
        hostless=hostless,
        playback=shown.playback,
        recording=recording or Recording(sound_playlist(session, view.broadcast_id)),
        audience=audience,
        reminder=_reminder(session, view),
        wishes=wishes_of_user(session, user_id=g.actor.user_id) if g.actor.user_id else None,
        panels=panels_of(session, view, shown.phase),
        finding=_finding(recording),
        data=graph(_without_host(data) if hostless and data else data),
    )


def _finding(recording: Recording | None) -> Finding:
    """Look in the first transcript for what the address asks for: it works without scripts."""
    spoken = recording.captions[0].lines if recording and recording.captions else ()
    return find_words(request.args.get("find", ""), [line.text for line in spoken])


def _reminder(session: Session, view: LivestreamView) -> str:
    """Return ``on`` or ``off`` for whether the viewer is reminded; empty: it is too late."""
    if not is_open(view.state, view.starts_at, g.now):
        return ""
    user_id = g.actor.user_id
    is_on = user_id and standing_of(session, user_id=user_id, livestream_id=view.id)
    return "on" if is_on else "off"


def _without_host(data: Data) -> Data:
    """Tell programs as little of the host who cannot come as the page tells people."""
    return {name: value for name, value in data.items() if name != "performer"}


def _hostless(session: Session, view: LivestreamView) -> str:
    """Return how the search for another host stands; empty while the named host comes."""
    if view.state not in {"scheduled", "cancelled"}:
        return ""
    search = hostless_search_of(session, livestream_id=view.id)
    return search.state if search else ""


def _showing(session: Session, view: LivestreamView) -> Showing:
    facts = facts_of_livestream(session, view.id)
    playback = playback_url_for(facts, actor=g.actor, now=g.now) if facts else None
    crew = may_run(view, g.actor)
    is_playable = playback is not None
    phase = phase_of(view.state, interrupted=view.interrupted, playable=is_playable, crew=crew)
    return Showing(phase, crew, playback)


def _recording(session: Session, view: LivestreamView, language: str) -> Recording:
    return recording_of(
        session,
        broadcast_id=view.broadcast_id,
        page_language=language,
        spoken=view.language,
    )
