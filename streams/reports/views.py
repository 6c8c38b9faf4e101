"""The short report for a host: how many watched, when, and what was left unanswered."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from flask import Blueprint, Response, g, render_template
from sqlalchemy.orm import Session

from catalog.access import livestream_to_run, livestream_view_for
from catalog.queries import LivestreamView
from scheduler.registrations.rules import KEPT as REMINDERS_KEPT
from streams.audience.queries import breaks_of, minutes_of, reminded_people
from streams.audience.rules.drawing import HEIGHT, WIDTH, bars_of
from streams.audience.rules.reports import Report, make_report
from streams.audience.rules.telling import least_of, told
from streams.audience.services import KEPT
from streams.moderation.queries import Queued, asked_and_answered, for_host
from streams.requests import current_session, unkept

pages = Blueprint("report_pages", __name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked; None: a number below the least. Unanswered are texts everybody may read."""

    asked: int | None
    answered: int | None
    unanswered: tuple[Queued, ...]


@pages.get("/livestreams/<livestream_id>/report")
def report(livestream_id: str) -> Response:
    """Show the report of a livestream that is over to its host and the staff."""
    session = current_session()
    livestream_to_run(session, livestream_id=livestream_id, actor=g.actor)
    view = livestream_view_for(session, livestream_id=livestream_id, actor=g.actor)
    return unkept(_page(session, view, g.now))


def _page(session: Session, view: LivestreamView, now: datetime) -> str:
    least = least_of(topic.risk for topic in view.topics)
    made = _report(session, view, least)
    is_over = made is not None
    top = made.peak if made and made.peak else least
    return render_template(
        "streams/audience/report.html",
        livestream=view,
        report=made,
        least=least,
        is_kept=view.ended_at is None or view.ended_at > now - KEPT,
        bars=bars_of(made.points, top=top, least=least) if made else (),
        top=top,
        field=(WIDTH, HEIGHT),
        breaks=breaks_of(session, broadcast_id=view.broadcast_id) if is_over else None,
        reminds=is_over and view.starts_at > now - REMINDERS_KEPT,
        reminded=told(reminded_people(session, livestream_id=view.id), least),
        asked=_asked(session, view, least) if is_over else None,
        told=partial(told, least=least),
    )


def _report(session: Session, view: LivestreamView, least: int) -> Report | None:
    """Return its figures; None while it is not over, so that nobody can watch them change."""
    if view.started_at is None or view.ended_at is None:
        return None
    minutes = minutes_of(session, livestream_id=view.id)
    return make_report(minutes, began_at=view.started_at, ended_at=view.ended_at, least=least)


def _asked(session: Session, view: LivestreamView, least: int) -> Asked:
    """Return what the host is told of questions; what was refused or urgent is in no figure."""
    asked, answered = asked_and_answered(session, livestream_id=view.id)
    return Asked(
        asked=told(asked, least),
        answered=told(answered, least),
        unanswered=tuple(for_host(session, livestream_id=view.id)),
    )
