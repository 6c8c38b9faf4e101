"""The one page of the studio, and the parts of it that change by themselves."""

from dataclasses import dataclass, replace

from flask import Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from catalog.access import livestream_to_run
from catalog.queries import LivestreamView
from streams.doors.keys import key_of
from streams.handouts.queries import handouts_of
from streams.life import services as life
from streams.life.access import act_on_livestream
from streams.moderation.views.host import host_queue
from streams.playback.access import issue_grant_cookie
from streams.polls.queries import polls_of_crew
from streams.readiness.queries import CrewMember, readiness_of
from streams.readiness.rules import GateItem, missing, script
from streams.requests import SEE_OTHER, current_session, settings, unkept
from streams.studio.access import studio_for
from streams.studio.queries import notes_of, recorded_of
from streams.studio.rules import DOOR_OPEN, Seat, face_of, is_draining
from streams.studio.slides.queries import find_slides
from streams.studio.stage_words import stage_words
from streams.studio.views.blueprint import pages


@dataclass(frozen=True, slots=True)
class Ready:
    """What the parts say of readiness."""

    gate: tuple[GateItem, ...]
    missing: tuple[GateItem, ...]
    crew: tuple[CrewMember, ...]


@pages.get("/livestreams/<livestream_id>/studio")
def studio(livestream_id: str) -> Response:
    """Show the studio in the face that the state calls for."""
    view, seat = studio_for(current_session(), livestream_id=livestream_id, actor=g.actor)
    page = unkept(
        render_template("streams/studio/studio.html", **_parts(view, seat), **_desk(view, seat))
    )
    issue_grant_cookie(
        page,
        session=current_session(),
        actor=g.actor,
        broadcast_id=view.broadcast_id,
        now=g.now,
    )
    return page


@pages.get("/livestreams/<livestream_id>/studio/state")
def studio_state(livestream_id: str) -> Response:
    """Show the parts that change by themselves; the page asks for them."""
    view, seat = studio_for(current_session(), livestream_id=livestream_id, actor=g.actor)
    return unkept(render_template("streams/studio/_parts.html", **_parts(view, seat)))


@pages.post("/livestreams/<livestream_id>/studio/recording")
def choose_recording(livestream_id: str) -> AnyResponse:
    """Choose whether it becomes a replay: ``recorded`` is ticked or not."""
    session = current_session()
    livestream = livestream_to_run(session, livestream_id=livestream_id, actor=g.actor)
    life.edit_livestream(
        session,
        actor=g.actor,
        livestream=livestream,
        changes={"recorded": bool(request.form.get("recorded"))},
        now=g.now,
    )
    session.commit()
    return _back(livestream_id)


@pages.post("/livestreams/<livestream_id>/studio/release")
def release(livestream_id: str) -> AnyResponse:
    """Release the replay."""
    session = current_session()
    act_on_livestream(
        session,
        actor=g.actor,
        livestream_id=livestream_id,
        act="publish",
        data_key=settings().data_key,
        now=g.now,
    )
    session.commit()
    return _back(livestream_id)


def _back(livestream_id: str) -> AnyResponse:
    return redirect(url_for("studio_pages.studio", livestream_id=livestream_id), SEE_OTHER)


def _parts(view: LivestreamView, seat: Seat) -> dict[str, object]:
    """Return what the changing parts are drawn with."""
    session = current_session()
    found = readiness_of(session, livestream_id=view.id, now=g.now)
    return {
        "livestream": view,
        "seat": seat,
        "face": face_of(view.state),
        "readiness": Ready(found.gate, missing(found.gate), _with_me(found.crew)),
        "recorded": recorded_of(session, livestream_id=view.id, broadcast_id=view.broadcast_id),
        "asked": host_queue(session, view),
        "polls": polls_of_crew(session, livestream_id=view.id),
        "draining": is_draining(view.state, view.broadcast_state),
    }


def _with_me(crew: tuple[CrewMember, ...]) -> tuple[CrewMember, ...]:
    """Return the crew; whoever looks at the page is here before the page has said so."""
    return tuple(
        replace(one, is_here=True, came_at=None)
        if one.id == g.actor.user_id and not one.is_here
        else one
        for one in crew
    )


def _desk(view: LivestreamView, seat: Seat) -> dict[str, object]:
    """Return what only the page itself holds: the address to send to, the notes, the text."""
    session, key = current_session(), None
    sends = seat.runs and not view.premiere  # a premiere shows what was uploaded
    if sends and view.state in DOOR_OPEN:
        key = key_of(session, livestream_id=view.id, data_key=settings().data_key)
    return {
        "sends": sends,
        "upload_url": f"/ingest/chunks/{view.id}/{key}" if key else "",
        "notes": notes_of(session, livestream_id=view.id) if seat.hosts else None,
        "script": script(),
        "slides": find_slides(session, livestream_id=view.id) if sends else None,
        "handouts": handouts_of(session, livestream_id=view.id) if seat.runs else [],
        "slides_url": f"/api/v1/livestreams/{view.id}/slides",
        "stage_words": stage_words(),
        "uplink_url": f"/api/v1/livestreams/{view.id}/uplink-test",
    }
