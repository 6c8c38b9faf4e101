"""Pages of series: planned by a rule, looked at date by date, confirmed whole, changed, ended."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from catalog.models import Livestream
from catalog.queries import list_hosts, list_topics
from core.errors import FieldError, InvalidInput, Refusal
from core.walltime import suggested_zones, wall_of
from core.words import in_language
from scheduler.errors import BeyondScope, NotVerified
from scheduler.recurrences.queries import Member, place_of
from streams.planning.access import series as access
from streams.planning.enums import Reach
from streams.planning.errors import DatesInTheWay
from streams.planning.forms.series import (
    ChangeForm,
    SeriesForm,
    beside_fields,
    change_values,
    first_plan,
    read_change,
    read_plan,
)
from streams.planning.forms.times import Faults
from streams.planning.rules.dates import Judged
from streams.planning.rules.series import SeriesPlan
from streams.planning.views.blueprint import pages
from streams.requests import SEE_OTHER, current_session, settings, unkept

MOST_HOSTS = 500


@pages.get("/hosting/series/new")
def new_series() -> Response:
    """Show an empty plan."""
    access.check_may_plan(g.actor)
    values = first_plan(
        host_id=g.actor.user_id, timezone=g.zone.key, language=g.language, now=g.now
    )
    return _plan_page(SeriesForm(data=values))


@pages.post("/hosting/series/new")
def make_series() -> AnyResponse:
    """Show what would become of each date, or confirm them all."""
    access.check_may_plan(g.actor)
    form = SeriesForm()
    if not g.actor.is_staff:
        form.host.data = ""
    try:
        plan = read_plan(form, request.form, host_id=g.actor.user_id)
        if request.form.get("intent") == "confirm":
            return _confirmed(form, plan)
        return _plan_page(form, judged=_tried(plan))
    except Faults as faults:
        return _plan_page(form, faults=tuple(faults.errors), status=422)
    except InvalidInput as error:
        current_session().rollback()
        return _plan_page(form, faults=error.errors, status=422)


def _confirmed(form: SeriesForm, plan: SeriesPlan) -> AnyResponse:
    session = current_session()
    try:
        made = access.confirm(
            session,
            actor=g.actor,
            plan=plan,
            window_seconds=settings().interruption_window,
            data_key=settings().data_key,
            now=g.now,
        )
    except (NotVerified, BeyondScope) as refusal:
        session.rollback()
        return _plan_page(form, judged=_tried(plan), refusal=refusal)
    except DatesInTheWay as refusal:
        session.rollback()
        return _plan_page(form, judged=_all(refusal), refusal=refusal)
    session.commit()
    return redirect(url_for("planning_pages.series_dates", series_id=made.id), SEE_OTHER)


def _tried(plan: SeriesPlan) -> tuple[Judged, ...]:
    return access.dry_run(current_session(), actor=g.actor, plan=plan, now=g.now)


@pages.get("/hosting/series/<series_id>")
def series_dates(series_id: str) -> Response:
    """Show the livestreams of a series, for its host and the staff."""
    session = current_session()
    series, recurrences = access.series_to_run(session, actor=g.actor, series_id=series_id)
    members = access.members_shown(session, actor=g.actor, recurrences=recurrences)
    page = render_template(
        "streams/planning/series_dates.html",
        series=series,
        recurrences=recurrences,
        members=members,
    )
    return unkept(page)


@pages.get("/livestreams/<livestream_id>/series")
def change_series(livestream_id: str) -> Response:
    """Show one livestream of a series, to change it, the following or all."""
    _, member, _ = _member(livestream_id)
    return _change_page(livestream_id, ChangeForm(data=_old(member)))


@pages.post("/livestreams/<livestream_id>/series")
def save_series(livestream_id: str) -> AnyResponse:
    """Show what would become of each livestream, or write the change to all of them."""
    _, member, _ = _member(livestream_id)
    session, form = current_session(), ChangeForm()
    try:
        change = read_change(form, request.form, _old(member), is_staff=g.actor.is_staff)
        if request.form.get("intent") != "confirm":
            judged = access.look_at_change(
                session, actor=g.actor, livestream_id=livestream_id, change=change, now=g.now
            )
            return _change_page(livestream_id, form, judged=judged)
        access.change(session, actor=g.actor, livestream_id=livestream_id, change=change, now=g.now)
    except Faults as faults:
        return _change_page(livestream_id, form, faults=tuple(faults.errors), status=422)
    except InvalidInput as error:
        session.rollback()
        return _change_page(livestream_id, form, faults=error.errors, status=422)
    except (NotVerified, BeyondScope) as refusal:
        session.rollback()
        return _change_page(livestream_id, form, refusal=refusal)
    except DatesInTheWay as refusal:
        session.rollback()
        return _change_page(livestream_id, form, judged=_all(refusal), refusal=refusal)
    session.commit()
    return _to_dates(livestream_id)


@pages.post("/livestreams/<livestream_id>/series/cancel")
def cancel_series(livestream_id: str) -> AnyResponse:
    """Call off this livestream, the following or all."""
    session = current_session()
    reach = request.form.get("reach", "")
    access.cancel(
        session,
        actor=g.actor,
        livestream_id=livestream_id,
        reach=Reach(reach) if reach in set(Reach) else Reach.THIS,
        now=g.now,
    )
    session.commit()
    return _to_dates(livestream_id)


def _to_dates(livestream_id: str) -> AnyResponse:
    place = place_of(current_session(), livestream_id=livestream_id)
    if place is None:
        return redirect(url_for("hosting_pages.desk", livestream_id=livestream_id), SEE_OTHER)
    return redirect(url_for("planning_pages.series_dates", series_id=place.series_id), SEE_OTHER)


def _member(livestream_id: str) -> tuple[Livestream, Member, tuple[Member, ...]]:
    livestream, _, members = access.member_to_run(
        current_session(), actor=g.actor, livestream_id=livestream_id
    )
    return livestream, _own(members, livestream_id), members


def _own(members: Sequence[Member], livestream_id: str) -> Member:
    return next(one for one in members if one.livestream.id == livestream_id)


def _old(member: Member) -> dict[str, Any]:
    return change_values(member.livestream, member)


def _all(refusal: DatesInTheWay) -> tuple[Judged, ...]:
    return tuple(one for one in refusal.judged if isinstance(one, Judged))


def _plan_page(
    form: SeriesForm,
    *,
    judged: tuple[Judged, ...] = (),
    faults: tuple[FieldError, ...] = (),
    refusal: Refusal | None = None,
    status: int = 200,
) -> Response:
    session = current_session()
    page = render_template(
        "streams/planning/series_form.html",
        form=form,
        series=access.series_to_add_to(session, actor=g.actor),
        **_shared(form.timezone.data or "UTC", judged, refusal=refusal),
        zones=suggested_zones(),
        faults=beside_fields(form, faults),
    )
    return unkept(page, refusal.status if refusal else status)


def _change_page(
    livestream_id: str,
    form: ChangeForm,
    *,
    judged: tuple[Judged, ...] = (),
    faults: tuple[FieldError, ...] = (),
    refusal: Refusal | None = None,
    status: int = 200,
) -> Response:
    livestream, member, members = _member(livestream_id)
    page = render_template(
        "streams/planning/series_change.html",
        form=form,
        livestream=livestream,
        member=member,
        place=place_of(current_session(), livestream_id=livestream_id),
        has_special=any(one.is_changed for one in members),
        names={one.livestream.id: one.livestream for one in members},
        **_shared(livestream.timezone, judged, refusal=refusal),
        faults=beside_fields(form, faults),
    )
    return unkept(page, refusal.status if refusal else status)


def _shared(
    timezone: str,
    judged: tuple[Judged, ...],
    *,
    refusal: Refusal | None,
) -> dict[str, Any]:
    """Return what both forms are drawn with; ``wall`` reads a moment in the series' zone."""
    session = current_session()

    def wall(moment: datetime) -> datetime:
        return wall_of(moment, timezone)[0]

    hosts = list_hosts(session, limit=MOST_HOSTS) if g.actor.is_staff else ()
    return {
        "locked": (),
        "judged": judged,
        "refusal": None if isinstance(refusal, DatesInTheWay) else refusal,
        "refused": refusal is not None,
        "in_the_way": [one for one in judged if one.stands_in_the_way],
        "kept": [one for one in judged if not one.asked.is_left_out],
        "wall": wall,
        "timezone": timezone,
        "topics": list_topics(session),
        "hosts": [(one.id, in_language(one.names, g.language)) for one in hosts],
    }
