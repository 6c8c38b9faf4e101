"""The list of a person's livestreams, and the form that makes and changes them."""

from typing import Any

from flask import Response, g, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from catalog.access import livestream_to_run
from catalog.models import Livestream
from catalog.queries import draft_of, known_to_draft, list_hosts, list_topics
from catalog.rules import LivestreamDraft, draft_faults
from core.errors import FieldError, InvalidInput, WrongState
from core.walltime import suggested_zones
from core.words import in_language
from scheduler.errors import BeyondScope, NotVerified, Taken
from streams.doors.keys import ensure_key
from streams.handouts.queries import handouts_of
from streams.hosting.access import check_may_host
from streams.hosting.forms import (
    LivestreamForm,
    beside_fields,
    first_values,
    read,
    values_of,
)
from streams.hosting.queries import livestreams_by_group, organisations_to_name
from streams.hosting.rules import FIELDS, locked_fields, taken_fault
from streams.hosting.views.blueprint import pages
from streams.life import services as life
from streams.planning.queries.proposals import reason_of_return
from streams.requests import SEE_OTHER, current_session, settings, unkept

MOST_HOSTS = 500


@pages.get("/hosting")
def index() -> str:
    """Show the livestreams that the viewer runs, what needs them first."""
    check_may_host(g.actor)
    groups = livestreams_by_group(current_session(), actor=g.actor)
    return render_template("streams/hosting/index.html", groups=groups)


@pages.get("/hosting/new")
def new() -> Response:
    """Show an empty form."""
    check_may_host(g.actor)
    values = first_values(
        host_id=g.actor.user_id, timezone=g.zone.key, language=g.language, now=g.now
    )
    return _form_page(LivestreamForm(data=values))


@pages.post("/hosting/new")
def create() -> AnyResponse:
    """Create a draft, or show the form again with what is wrong."""
    check_may_host(g.actor)
    session, form = current_session(), LivestreamForm()
    try:
        made = life.create_livestream(
            session,
            actor=g.actor,
            draft=_draft(form),
            window_seconds=settings().interruption_window,
            data_key=settings().data_key,
            now=g.now,
        )
    except InvalidInput as error:
        session.rollback()
        return _form_page(form, faults=error.errors)
    session.commit()
    return redirect(url_for("hosting_pages.desk", livestream_id=made.id), SEE_OTHER)


@pages.get("/hosting/<livestream_id>/edit")
def edit(livestream_id: str) -> Response:
    """Show a livestream in the form; what can no longer be changed is closed."""
    session = current_session()
    livestream = livestream_to_run(session, livestream_id=livestream_id, actor=g.actor)
    form = LivestreamForm(data=values_of(draft_of(session, livestream)))
    return _form_page(form, livestream=livestream, locked=_locked(livestream.state))


@pages.post("/hosting/<livestream_id>/edit")
def change(livestream_id: str) -> AnyResponse:
    """Write what was changed, or show the form again with what is wrong."""
    session = current_session()
    livestream = livestream_to_run(session, livestream_id=livestream_id, actor=g.actor)
    locked = _locked(livestream.state)
    old = draft_of(session, livestream)
    form = _with_locked_values(LivestreamForm(), values_of(old), locked)
    try:
        new_draft = _draft(form, old=old)
        life.edit_livestream(
            session,
            actor=g.actor,
            livestream=livestream,
            changes={name: getattr(new_draft, name) for name in FIELDS - locked},
            now=g.now,
        )
        ensure_key(session, livestream_id=livestream_id, data_key=settings().data_key, now=g.now)
    except InvalidInput as error:
        session.rollback()
        return _form_page(form, livestream=livestream, locked=locked, faults=error.errors)
    except (NotVerified, BeyondScope) as error:
        session.rollback()
        fault = FieldError("host", error.message)
        return _form_page(
            form, livestream=livestream, locked=locked, faults=(fault,), status=error.status
        )
    except Taken as error:
        session.rollback()
        fault = taken_fault(error, (form.timezone.data or "").strip())
        return _form_page(
            form, livestream=livestream, locked=locked, faults=(fault,), status=error.status
        )
    session.commit()
    return redirect(url_for("hosting_pages.desk", livestream_id=livestream_id), SEE_OTHER)


def _locked(state: str) -> frozenset[str]:
    locked = locked_fields(state, is_staff=g.actor.is_staff)
    if locked == FIELDS:
        raise WrongState
    return locked


def _draft(form: LivestreamForm, *, old: LivestreamDraft | None = None) -> LivestreamDraft:
    """Return what the form says.

    Raises:
        InvalidInput: Something cannot be read; all other faults are told with it.
    """
    if not g.actor.is_staff:
        form.host.data = ""
    host_id = old.host_id if old else g.actor.user_id
    reading = read(form, host_id=host_id, old_topics=old.topics if old else (), now=g.now)
    if reading.faults:
        others = draft_faults(reading.draft, known_to_draft(current_session(), reading.draft))
        raise InvalidInput(*reading.faults, *others)
    return reading.draft


def _with_locked_values(
    form: LivestreamForm, values: dict[str, Any], locked: frozenset[str]
) -> LivestreamForm:
    """Put back what closed fields hold: a browser does not send them."""
    for name in _locked_inputs(locked):
        form[name].data = values.get(name)
    return form


def _locked_inputs(locked: frozenset[str]) -> set[str]:
    groups = {
        "topics": ("topics",),
        "language": ("language",),
        "host_id": ("host",),
        "starts_at": ("date", "time", "timezone", "fold", "minutes"),
        "visibility": ("visibility", "organisation"),
        "replay_policy": ("replay_policy",),
        "auto_start": ("auto_start",),
        "scope": ("scope",),
        "recorded": ("recorded",),
        "premiere": ("premiere",),
    }
    return {name for field, names in groups.items() if field in locked for name in names}


def _form_page(
    form: LivestreamForm,
    *,
    livestream: Livestream | None = None,
    locked: frozenset[str] = frozenset(),
    faults: tuple[FieldError, ...] = (),
    status: int = InvalidInput.status,
) -> Response:
    session = current_session()
    named = livestream.organisation_id if livestream else None
    hosts = list_hosts(session, limit=MOST_HOSTS) if g.actor.is_staff else ()
    page = render_template(
        "streams/hosting/form.html",
        form=form,
        faults=beside_fields(form, faults),
        livestream=livestream,
        locked=_locked_inputs(locked),
        topics=list_topics(session),
        hosts=[(one.id, in_language(one.names, g.language)) for one in hosts],
        organisations=[
            (one.id, in_language(one.names, g.language))
            for one in organisations_to_name(session, actor=g.actor, named=named)
        ],
        zones=suggested_zones(),
        returned=_returned(livestream),
        handouts=handouts_of(session, livestream_id=livestream.id) if livestream else [],
    )
    return unkept(page, status if faults else 200)


def _returned(livestream: Livestream | None) -> str:
    """Return why a draft was sent back to its host."""
    if livestream is None:
        return ""
    found = current_session()
    return reason_of_return(found, livestream_id=livestream.id, state=livestream.state)
