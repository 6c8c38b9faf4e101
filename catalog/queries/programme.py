"""The programme of the home page and of a topic: what is live, what comes, the newest replays."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.enums import LivestreamState as L
from catalog.models import Livestream, Topic
from catalog.queries.belonging import is_about
from catalog.queries.views import (
    LIVESTREAMS,
    TOPIC_COLUMNS,
    LivestreamView,
    TopicView,
    all_topics,
    livestream_views,
    topic_view,
)
from catalog.queries.visibility import known_to
from core.errors import NotFound

LATE: Final = timedelta(minutes=30)
"""A scheduled livestream counts as coming until it is missed."""
COMING_SHOWN: Final = 12
REPLAYS_SHOWN: Final = 6


@dataclass(frozen=True, slots=True)
class Programme:
    """What a home or topic page lists; ``topic`` only on the latter."""

    live: tuple[LivestreamView, ...]
    coming: tuple[LivestreamView, ...]
    replays: tuple[LivestreamView, ...]
    topics: tuple[TopicView, ...]
    topic: TopicView | None = None


def home_programme(session: Session, *, actor: Actor, now: datetime) -> Programme:
    """Return what is live, what comes and the newest replays that the actor may know of."""
    return _programme(session, actor, now, topic=None)


def topic_page(session: Session, *, slug: str, actor: Actor, now: datetime) -> Programme:
    """Return the programme of one topic.

    Raises:
        NotFound: There is no such topic.
    """
    known = select(*TOPIC_COLUMNS).where(Topic.slug == slug)
    row = session.execute(known).one_or_none() if slug.isprintable() else None
    if row is None:
        raise NotFound
    return _programme(session, actor, now, topic=topic_view(row))


def _programme(session: Session, actor: Actor, now: datetime, topic: TopicView | None) -> Programme:
    shown = LIVESTREAMS.where(known_to(actor))
    if topic is not None:
        shown = shown.where(is_about(topic.slug))
    coming = shown.where(Livestream.state == L.SCHEDULED, Livestream.starts_at > now - LATE)
    replays = shown.where(Livestream.state == L.PUBLISHED)
    parts = [
        session.execute(
            shown.where(Livestream.state == L.LIVE).order_by(Livestream.starts_at)
        ).all(),
        session.execute(coming.order_by(Livestream.starts_at).limit(COMING_SHOWN)).all(),
        session.execute(replays.order_by(Livestream.starts_at.desc()).limit(REPLAYS_SHOWN)).all(),
    ]
    topics = all_topics(session)
    rows = [row for part in parts for row in part]
    views = {view.id: view for view in livestream_views(session, rows, topics)}
    live, upcoming, newest = (tuple(views[row.id] for row in part) for part in parts)
    return Programme(live, upcoming, newest, topics, topic)
