"""The desk of one livestream: its state, its encoder, what arrives, and every act."""

from flask import Response, g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from catalog.access import livestream_to_run, livestream_view_for
from catalog.enums import LivestreamState
from catalog.queries import LivestreamView
from core.errors import FieldError, Refusal, WrongState, _
from media.enums import BroadcastState
from media.jobs import TITLES
from media.rules import FAULTS
from scheduler.errors import BeyondScope, NotVerified, Taken
from scheduler.recurrences.queries import place_of
from scheduler.substitutes.queries import hostless_search_of
from streams.doors.keys import key_of
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
from streams.hosting.views.blueprint import (
    SEE_OTHER,
    current_session,
    pages,
    rtmp_address,
    settings,
    unkept,
)
from streams.life.access import act_on_livestream, rotate_key
from streams.life.errors import CannotRestore, GateShut, NotInThisState
from streams.life.rules import missing, restore_faults, start_gate
from streams.planning.queries.proposals import reason_of_return
from streams.planning.rules.moving import may_be_moved
from streams.playback.access import issue_grant_cookie
from streams.uploads.queries import newest_upload, upload_view
from streams.uploads.rules import TAKES_UPLOADS

SHOWN = "shown"
MOVED_ON = _("This is not possible any more: the state has changed. Here is how it stands now.")


@pages.get("/livestreams/<livestream_id>/desk")
def desk(livestream_id: str) -> Response:
    """Show the desk; with ``?key=shown`` the stream key stands on it."""
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


@pages.post("/livestreams/<livestream_id>/desk/key")
def new_key(livestream_id: str) -> AnyResponse:
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
    return _back_to_desk(livestream_id, key=SHOWN, part="encoder")


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


def _back_to_desk(
    livestream_id: str, *, key: str | None = None, part: str | None = None
) -> AnyResponse:
    address = url_for("hosting_pages.desk", livestream_id=livestream_id, key=key, _anchor=part)
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
        **_encoder(view),
        **_upload(view),
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
    if isinstance(refusal, GateShut | CannotRestore):
        return " ".join(_translated(error) for error in refusal.errors)
    if isinstance(refusal, Taken) and refusal.alternatives:
        return str(gettext(TAKEN_BUT, times=named_times(refusal, g.zone.key)))
    return str(gettext(refusal.message, **refusal.params))


def _translated(error: FieldError) -> str:
    return str(gettext(error.message, **error.params))


def _encoder(view: LivestreamView) -> dict[str, object]:
    """Return how an encoder is set up; the key only when it was asked for."""
    key = None
    if request.args.get("key") == SHOWN and view.state in WITH_ENCODER:
        key = key_of(current_session(), livestream_id=view.id, data_key=settings().data_key)
    return {
        "with_encoder": view.state in WITH_ENCODER,
        "encoder_address": rtmp_address(),
        "stream_key": key,
    }


def _upload(view: LivestreamView) -> dict[str, object]:
    """Return whether a finished talk may be sent, and how the latest one stands."""
    found = newest_upload(current_session(), broadcast_id=view.broadcast_id)
    return {
        "takes_upload": view.state in TAKES_UPLOADS,
        "upload": upload_view(current_session(), found) if found else None,
        "upload_reason": str(gettext(found.reason)) if found and found.reason else "",
    }


def _state(view: LivestreamView) -> dict[str, object]:
    known = desk_of(current_session(), broadcast_id=view.broadcast_id)
    return {
        "livestream": view,
        "desk": known,
        "standing": _standing(view, known),
        "acts": _acts(view, known),
        "shut": [
            str(gettext(item.reason))
            for item in missing(
                start_gate(
                    host_verified_until=view.host.verified_until,
                    now=g.now,
                    host_present=hostless_search_of(current_session(), livestream_id=view.id)
                    is None,
                )
            )
        ],
        "faults": [str(gettext(FAULTS[code])) for code in known.broadcast.faults if code in FAULTS],
        "lines": lines_of(known.work),
        "step_titles": {kind: str(gettext(title)) for kind, title in TITLES.items()},
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


def _standing(view: LivestreamView, known: Desk) -> str:
    """Return the name of the sentence that says how it stands."""
    broadcast = known.broadcast.state
    if view.state == LivestreamState.SCHEDULED and broadcast == BroadcastState.RECEIVING:
        return "rehearsal"
    if view.state == LivestreamState.LIVE and broadcast != BroadcastState.RECEIVING:
        return "interrupted" if broadcast == BroadcastState.INTERRUPTED else "waiting"
    over = view.state in {LivestreamState.ENDED, LivestreamState.PUBLISHED}
    return "draining" if over and broadcast != BroadcastState.ENDED else view.state
