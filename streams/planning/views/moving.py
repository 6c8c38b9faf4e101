"""Another time for one livestream: the clash is shown at once, with free times to press."""

from datetime import datetime

from flask import Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from catalog.access import livestream_view_for
from catalog.models import Livestream
from core.errors import FieldError, InvalidInput, WrongState
from core.walltime import suggested_zones, wall_of
from scheduler.errors import Taken
from scheduler.spans import Span
from streams.planning.access.moving import livestream_to_move, look, move
from streams.planning.errors import TooLateToMove
from streams.planning.forms.moving import MovingForm, moving_values, values_of_span
from streams.planning.forms.series import beside_fields
from streams.planning.forms.times import Faults, chosen_moment, span_of
from streams.planning.queries.dates import others_of
from streams.planning.rules.dates import Judged
from streams.planning.views.blueprint import pages
from streams.requests import SEE_OTHER, current_session, unkept


@pages.get("/livestreams/<livestream_id>/reschedule")
def reschedule(livestream_id: str) -> Response:
    """Show the time that a livestream has, to be changed; or why it keeps that time."""
    try:
        livestream = _livestream(livestream_id)
    except (TooLateToMove, WrongState) as refusal:
        return _unmovable(livestream_id, refusal)
    return _page(livestream, MovingForm(data=moving_values(livestream)))


@pages.post("/livestreams/<livestream_id>/reschedule")
def set_time(livestream_id: str) -> AnyResponse:
    """Look at another time, or give it; what is taken is answered with what is free."""
    try:
        livestream, form = _livestream(livestream_id), MovingForm()
    except (TooLateToMove, WrongState) as refusal:
        return _unmovable(livestream_id, refusal)
    try:
        span, timezone = span_of(request.form)
    except Faults as faults:
        return _page(livestream, form, faults=tuple(faults.errors), status=422)
    span = _chosen(span)
    form = MovingForm(formdata=None, data=values_of_span(span, timezone))
    if request.form.get("intent") == "check":
        return _page(livestream, form, judged=_judged(livestream_id, span, timezone))
    return _moved(livestream, form, span, timezone)


def _moved(livestream: Livestream, form: MovingForm, span: Span, timezone: str) -> AnyResponse:
    session, livestream_id = current_session(), livestream.id
    try:
        move(
            session,
            actor=g.actor,
            livestream_id=livestream_id,
            span=span,
            timezone=timezone,
            now=g.now,
        )
    except InvalidInput as error:
        session.rollback()
        return _page(_livestream(livestream_id), form, faults=error.errors, status=422)
    except Taken as taken:
        session.rollback()
        judged = _judged(livestream_id, span, timezone)
        return _page(_livestream(livestream_id), form, judged=judged, status=taken.status)
    session.commit()
    return redirect(url_for("hosting_pages.desk", livestream_id=livestream_id), SEE_OTHER)


def _unmovable(livestream_id: str, refusal: TooLateToMove | WrongState) -> Response:
    """Say why it cannot be moved, to somebody who runs it and did nothing wrong."""
    page = render_template(
        "streams/planning/not_movable.html",
        livestream=livestream_view_for(
            current_session(), livestream_id=livestream_id, actor=g.actor
        ),
        is_late=isinstance(refusal, TooLateToMove),
    )
    return unkept(page, refusal.status)


def _livestream(livestream_id: str) -> Livestream:
    return livestream_to_move(
        current_session(), actor=g.actor, livestream_id=livestream_id, now=g.now
    )


def _chosen(span: Span) -> Span:
    """Return the free time whose button was pressed, or the one that was typed."""
    start = chosen_moment(request.form.get("choice", ""))
    return span if start is None else Span(start, start + span.length)


def _judged(livestream_id: str, span: Span, timezone: str) -> Judged:
    return look(
        current_session(),
        actor=g.actor,
        livestream_id=livestream_id,
        span=span,
        timezone=timezone,
        now=g.now,
    )


def _page(
    livestream: Livestream,
    form: MovingForm,
    *,
    judged: Judged | None = None,
    faults: tuple[FieldError, ...] = (),
    status: int = 200,
) -> Response:
    session = current_session()
    timezone = form.timezone.data or livestream.timezone

    def wall(moment: datetime) -> datetime:
        return wall_of(moment, timezone)[0]

    page = render_template(
        "streams/planning/moving_form.html",
        livestream=livestream_view_for(session, livestream_id=livestream.id, actor=g.actor),
        form=form,
        locked=(),
        faults=beside_fields(form, faults),
        judged=judged,
        timezone=timezone,
        wall=wall,
        others=len(others_of(session, livestream_ids=[livestream.id]).get(livestream.id, ())),
        zones=suggested_zones(),
    )
    return unkept(page, status)
