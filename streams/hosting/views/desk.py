"""The desk of one livestream: its state, its encoder, what arrives, and every act."""

from typing import Final

from flask import Response, g, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from catalog.access import livestream_to_run, livestream_view_for
from catalog.enums import LivestreamState
from catalog.queries import LivestreamView
from core.errors import FieldError, InvalidInput, ManyReasons, Refusal, WrongState, _
from media import jobs
from media.enums import BroadcastState
from media.rules import faults_to_tell
from scheduler.errors import BeyondScope, NotVerified, Taken
from scheduler.recurrences.queries import place_of
from streams.hosting.access import retry_work
from streams.hosting.queries import Desk, desk_of, lines_of
from streams.hosting.rules import (
    ACTS,
    FIELDS,
    TAKEN_BUT,
    WITH_ENCODER,
    locked_fields,
    named_times,
    offered_acts,
)
from streams.hosting.views.blueprint import pages
from streams.life.access import act_on_livestream
from streams.life.errors import NotInThisState
from streams.life.rules import restore_faults
from streams.marks import jobs as marks
from streams.planning.queries.proposals import reason_of_return
from streams.planning.rules.moving import may_be_moved
from streams.playback.access import issue_grant_cookie
from streams.premieres.access import ACTS as PREMIERE_ACTS
from streams.premieres.access import act_on_premiere, held_talk_for
from streams.readiness.queries import facts_of
from streams.readiness.rules import missing, start_gate
from streams.recordings.rules import clock_of
from streams.removal import jobs as removals
from streams.requests import SEE_OTHER, current_session, settings, unkept
from streams.uploads import jobs as uploads
from streams.uploads.queries import newest_upload, upload_view
from streams.uploads.rules import TAKES_UPLOADS

STEPS: Final = (jobs, marks, removals, uploads)
"""Whose steps stand on the desk, with what people read instead of their kinds."""
MOVED_ON = _("This is not possible any more: the state has changed. Here is how it stands now.")


@pages.get("/livestreams/<livestream_id>/desk")
def desk(livestream_id: str) -> Response:
    """Show the desk."""
    return _desk_page(livestream_id)


@pages.get("/livestreams/<livestream_id>/desk/state")
def desk_state(livestream_id: str) -> Response:
    """Show the parts of the desk that change by themselves; its script asks for them."""
    view = _view_to_run(livestream_id)
    return unkept(render_template("streams/hosting/_state.html", **_state(view)))


def act(livestream_id: str, act: str) -> AnyResponse:
    """Do one of the acts; a refusal is told on the desk, beside the state that caused it."""
    session = current_session()
    try:
        act_on_livestream(
            session,
            actor=g.actor,
            livestream_id=livestream_id,
            act=act,
            data_key=settings().data_key,
            now=g.now,
        )
    except (WrongState, NotVerified, BeyondScope) as refusal:
        session.rollback()
        return _desk_page(livestream_id, refusal=refusal)
    session.commit()
    return _back_to_desk(livestream_id)


for _act in ACTS:
    pages.add_url_rule(
        f"/livestreams/<livestream_id>/desk/{_act}",
        endpoint=_act,
        view_func=act,
        defaults={"act": _act},
        methods=["POST"],
    )


def premiere(livestream_id: str, act: str) -> AnyResponse:
    """Choose a premiere or not, take a talk back, or make it the recording; as :func:`act`."""
    session = current_session()
    try:
        act_on_premiere(session, actor=g.actor, livestream_id=livestream_id, act=act, now=g.now)
    except (WrongState, InvalidInput) as refusal:
        session.rollback()
        return _desk_page(livestream_id, refusal=refusal)
    session.commit()
    return _back_to_desk(livestream_id)


for _act in PREMIERE_ACTS:
    pages.add_url_rule(
        f"/livestreams/<livestream_id>/desk/premiere/{_act}",
        endpoint="premiere",
        view_func=premiere,
        defaults={"act": _act},
        methods=["POST"],
    )


@pages.post("/livestreams/<livestream_id>/desk/work/<work_id>/retry")
def retry(livestream_id: str, work_id: str) -> AnyResponse:
    """Try a failed background step again."""
    session = current_session()
    try:
        retry_work(session, actor=g.actor, livestream_id=livestream_id, work_id=work_id, now=g.now)
    except WrongState as refusal:
        session.rollback()
        return _desk_page(livestream_id, refusal=refusal)
    session.commit()
    return _back_to_desk(livestream_id, part="work")


def _back_to_desk(livestream_id: str, *, part: str | None = None) -> AnyResponse:
    address = url_for("hosting_pages.desk", livestream_id=livestream_id, _anchor=part)
    return redirect(address, SEE_OTHER)


def _view_to_run(livestream_id: str) -> LivestreamView:
    session = current_session()
    livestream_to_run(session, livestream_id=livestream_id, actor=g.actor)
    return livestream_view_for(session, livestream_id=livestream_id, actor=g.actor)


def _desk_page(livestream_id: str, *, refusal: Refusal | None = None) -> Response:
    view = _view_to_run(livestream_id)
    page = render_template(
        "streams/hosting/desk.html",
        refusal=_reason_of(refusal) if refusal else None,
        returned=reason_of_return(current_session(), livestream_id=view.id, state=view.state),
        editable=locked_fields(view.state, is_staff=g.actor.is_staff) != FIELDS,
        moves=may_be_moved(view, is_staff=g.actor.is_staff, now=g.now),
        place=place_of(current_session(), livestream_id=livestream_id),
        with_encoder=view.state in WITH_ENCODER and not view.premiere,
        **_upload(view),
        **_talk(view),
        **_state(view),
    )
    response = unkept(page, refusal.status if refusal else 200)
    issue_grant_cookie(
        response,
        session=current_session(),
        actor=g.actor,
        broadcast_id=view.broadcast_id,
        now=g.now,
    )
    return response


def _reason_of(refusal: Refusal) -> str:
    """Return the reason in the language of the page, without the names of states."""
    if isinstance(refusal, NotInThisState):
        return str(gettext(MOVED_ON))
    if isinstance(refusal, ManyReasons | InvalidInput):
        return " ".join(_translated(error) for error in refusal.errors)
    if isinstance(refusal, Taken) and refusal.alternatives:
        return str(gettext(TAKEN_BUT, times=named_times(refusal, g.zone.key)))
    return str(gettext(refusal.message, **refusal.params))


def _translated(error: FieldError) -> str:
    return str(gettext(error.message, **error.params))


def _upload(view: LivestreamView) -> dict[str, object]:
    """Return whether a finished talk may be sent, and how the latest one stands."""
    found = newest_upload(current_session(), broadcast_id=view.broadcast_id)
    return {
        "takes_upload": view.state in TAKES_UPLOADS,
        "upload": upload_view(current_session(), found) if found else None,
        "upload_reason": str(gettext(found.reason)) if found and found.reason else "",
    }


def _talk(view: LivestreamView) -> dict[str, object]:
    """Return the talk of a premiere, and its length as a clock."""
    talk = held_talk_for(current_session(), actor=g.actor, livestream_id=view.id)
    return {
        "talk": talk,
        "talk_clock": clock_of(round(talk.length.total_seconds())) if talk else "",
    }


def _state(view: LivestreamView) -> dict[str, object]:
    known = desk_of(current_session(), broadcast_id=view.broadcast_id)
    return {
        "livestream": view,
        "desk": known,
        "standing": _standing(view, known),
        "acts": _acts(view, known),
        "shut": missing(start_gate(facts_of(current_session(), livestream_id=view.id), g.now)),
        "faults": [
            str(gettext(one))
            for one in faults_to_tell(known.broadcast.faults, by_browser=known.by_browser)
        ],
        "lines": lines_of(known.work),
        "step_titles": {
            kind: str(gettext(title)) for room in STEPS for kind, title in room.TITLES.items()
        },
        "reasons": {one.id: str(gettext(one.reason)) for one in known.work if one.reason},
    }


def _acts(view: LivestreamView, known: Desk) -> tuple[str, ...]:
    pair = (LivestreamState(view.state), BroadcastState(known.broadcast.state))
    offered = offered_acts(
        pair,
        view.replay_policy,
        is_staff=g.actor.is_staff,
        announced_at=view.announced_at,
        started_at=view.started_at,
        kept=view.recorded and view.withheld_at is None,
    )
    return tuple(act for act in offered if act != "restore" or _may_restore(view))


def _may_restore(view: LivestreamView) -> bool:
    """Tell whether the button is worth showing; recordings are looked at when it is pressed."""
    return not restore_faults(
        announced_at=view.announced_at,
        starts_at=view.starts_at,
        host_wanted_at=view.host_wanted_at,
        has_media=False,
        now=g.now,
    )


def _standing_of_premiere(state: str, broadcast: str) -> str:
    if state == LivestreamState.SCHEDULED and broadcast != BroadcastState.RECEIVING:
        return "held" if broadcast == BroadcastState.ENDED else "awaited"
    plays = state == LivestreamState.LIVE and broadcast == BroadcastState.ENDED
    return "premiere" if plays else ""


def _standing(view: LivestreamView, known: Desk) -> str:
    """Return the name of the sentence that says how it stands."""
    broadcast = known.broadcast.state
    if view.state == LivestreamState.SCHEDULED and broadcast == BroadcastState.RECEIVING:
        return "rehearsal"
    if view.premiere and (standing := _standing_of_premiere(view.state, broadcast)):
        return standing
    if view.state == LivestreamState.LIVE and broadcast != BroadcastState.RECEIVING:
        return "interrupted" if broadcast == BroadcastState.INTERRUPTED else "waiting"
    over = view.state in {LivestreamState.ENDED, LivestreamState.PUBLISHED}
    if over and broadcast != BroadcastState.ENDED:
        return "draining"
    if view.state == LivestreamState.ENDED and view.withheld_at is not None:
        return "withheld"
    unrecorded = view.state == LivestreamState.ENDED and not view.recorded
    return "unrecorded" if unrecorded else view.state
