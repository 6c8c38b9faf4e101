"""Series by a rule: tried, made, read; and another time for one livestream."""

from collections.abc import Mapping
from typing import Any

from catalog.models import Livestream
from catalog.queries.views import LIVESTREAMS, livestream_views
from core.clock import rfc3339, utc_now
from scheduler.recurrences.rules import Rule
from scheduler.spans import Span
from streams.planning.access import moving
from streams.planning.access import series as access
from streams.planning.rules.dates import Judged
from streams.planning.rules.series import SeriesPlan
from web.addresses import site_url
from web.api import presenting
from web.api.blueprint import api
from web.api.idempotency import Answer, writes
from web.api.livestreams import shown
from web.api.schemas import IN_ANY_LANGUAGE, LivestreamView
from web.api.schemas.series import (
    DryRun,
    RecurrenceWrite,
    RescheduleWrite,
    SeriesItem,
    SeriesWrite,
)
from web.api.signing_in import signed_in
from web.database import db
from web.security import current_actor


@api.post("/series/dry-run")
@signed_in
@api.input(SeriesWrite, arg_name="written")
@api.output(DryRun)
@api.doc(security="bearer")
def try_series(written: SeriesWrite) -> dict[str, Any]:
    """Say what would become of each date; nothing is written. For hosts and the staff."""
    actor = current_actor()
    judged = access.dry_run(
        db.session, actor=actor, plan=_plan(written, actor.user_id), now=utc_now()
    )
    return {
        "free": not any(one.stands_in_the_way for one in judged),
        "dates": [_date(one) for one in judged],
    }


@api.post("/series")
@signed_in
@api.input(SeriesWrite, arg_name="written")
@api.output(SeriesItem, status_code=201)
@api.doc(security="bearer")
@writes
def make_series(written: SeriesWrite) -> Answer:
    """Make all livestreams of a series or none: hosts propose them, the staff schedule them."""
    actor = current_actor()
    made = access.confirm(
        db.session,
        actor=actor,
        plan=_plan(written, actor.user_id),
        window_seconds=presenting.settings().interruption_window,
        data_key=presenting.settings().data_key,
        now=utc_now(),
    )
    return _item(made.id), 201, {"Location": f"{site_url()}/api/v1/series/{made.id}"}


@api.get("/series/<series_id>")
@signed_in
@api.output(SeriesItem)
@api.doc(security="bearer")
def read_series(series_id: str) -> dict[str, Any]:
    """Read a series that a rule made. For its host and the staff."""
    return _item(series_id)


@api.post("/livestreams/<livestream_id>/reschedule")
@api.input(RescheduleWrite, arg_name="written")
@api.output(LivestreamView)
@api.doc(security="bearer")
@writes
def reschedule_livestream(livestream_id: str, written: RescheduleWrite) -> Answer:
    """Give a livestream another time, if it is free: the staff, and its host until 24 hours before.

    A time that is taken is answered with up to three that are free; nothing is changed then.
    """
    actor, now = current_actor(), utc_now()
    livestream = moving.livestream_to_move(
        db.session, actor=actor, livestream_id=livestream_id, now=now
    )
    length = livestream.ends_at - livestream.starts_at
    moving.move(
        db.session,
        actor=actor,
        livestream_id=livestream_id,
        span=Span(written.starts_at, written.ends_at or written.starts_at + length),
        timezone=written.timezone or livestream.timezone,
        now=now,
    )
    return shown(livestream_id), 200, {}


def _plan(written: SeriesWrite, default_host: str | None) -> SeriesPlan:
    return SeriesPlan(
        titles=_words(written.title, written.language),
        descriptions=_words(written.description, written.language),
        topics=tuple(written.topics),
        language=written.language,
        scope=written.scope,
        host_id=written.host or default_host or "",
        series_id=written.series,
        is_numbered=written.numbered,
        minutes=written.minutes,
        rule=_rule(written.recurrence),
        fold=written.fold,
        folds={one.date: one.fold for one in written.dates if one.fold is not None},
        left_out=frozenset(one.date for one in written.dates if not one.keep),
        moved={one.date: one.starts_at for one in written.dates if one.starts_at is not None},
    )


def _rule(written: RecurrenceWrite) -> Rule:
    weekday = written.weekday
    return Rule(
        frequency=written.frequency,
        every=written.every,
        weekday=written.starts_on.weekday() if weekday is None else weekday,
        nth=written.nth,
        clock=written.time,
        timezone=written.timezone,
        starts_on=written.starts_on,
        times=written.times,
    )


def _words(words: Mapping[str, str], language: str) -> dict[str, str]:
    return {(language if tag == IN_ANY_LANGUAGE else tag): text for tag, text in words.items()}


def _date(one: Judged) -> dict[str, Any]:
    span, by = one.asked.span, one.by
    return {
        "date": one.asked.key,
        "keep": not one.asked.is_left_out,
        "starts_at": rfc3339(span.starts_at) if span else None,
        "ends_at": rfc3339(span.ends_at) if span else None,
        "verdict": one.verdict,
        "taken_by": {"livestream": by.livestream_id or None, "title": by.titles} if by else None,
        "alternatives": [
            {"starts_at": rfc3339(free.starts_at), "ends_at": rfc3339(free.ends_at)}
            for free in one.alternatives
        ],
        "choices": [rfc3339(moment) for moment in one.asked.reading.choices],
        "notices": one.notices,
    }


def _item(series_id: str) -> dict[str, Any]:
    actor = current_actor()
    series, recurrences = access.series_to_run(db.session, actor=actor, series_id=series_id)
    members = access.members_shown(db.session, actor=actor, recurrences=recurrences)
    ids = [one.livestream.id for one in members]
    rows = db.session.execute(LIVESTREAMS.where(Livestream.id.in_(ids))).all()
    views = {view.id: view for view in livestream_views(db.session, rows)}
    return {
        "id": series.id,
        "title": series.titles,
        "description": series.descriptions,
        "livestreams": presenting.livestreams([views[one] for one in ids]),
    }
