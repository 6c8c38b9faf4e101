"""Pages of the catalogue: home, topics, hosts."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, g, render_template
from sqlalchemy.orm import Session

from catalog.enums import LivestreamState as L
from catalog.queries import (
    Filters,
    LivestreamView,
    home_programme,
    list_livestreams,
    list_topics,
    one_host,
    topic_page,
)

pages = Blueprint("catalog_pages", __name__)

HOST_SHOWN = 24


@pages.get("/")
def home() -> str:
    """Show what is live, what comes by day, the topics and the newest replays."""
    programme = home_programme(_session(), actor=g.actor, now=g.now)
    days = by_day(programme.coming, g.zone)
    return render_template("catalog/home.html", programme=programme, days=days)


@pages.get("/topics")
def topics() -> str:
    """Show every topic."""
    return render_template("catalog/topics.html", topics=list_topics(_session()))


@pages.get("/topics/<slug>")
def topic(slug: str) -> str:
    """Show one topic and its programme."""
    programme = topic_page(_session(), slug=slug, actor=g.actor, now=g.now)
    return render_template("catalog/topic.html", programme=programme, topic=programme.topic)


@pages.get("/hosts/<host_id>")
def host(host_id: str) -> str:
    """Show one host and what they teach, as far as the viewer may know of it."""
    session = _session()
    shown = one_host(session, host_id=host_id)
    mine = Filters(host_id=host_id, states=(L.LIVE, L.SCHEDULED, L.PUBLISHED))
    livestreams = list_livestreams(session, actor=g.actor, filters=mine, limit=HOST_SHOWN).items
    coming = [one for one in livestreams if one.state != L.PUBLISHED]
    replays = [one for one in reversed(livestreams) if one.state == L.PUBLISHED]
    return render_template("catalog/host.html", host=shown, coming=coming, replays=replays)


def by_day(
    livestreams: Sequence[LivestreamView], zone: ZoneInfo
) -> list[tuple[date, list[LivestreamView]]]:
    """Group livestreams, in the order of their start, by the day of it in ``zone``."""
    days = groupby(livestreams, lambda one: one.starts_at.astimezone(zone).date())
    return [(day, list(group)) for day, group in days]


def _session() -> Session:
    session: Session = current_app.extensions["sqlalchemy"].session
    return session
