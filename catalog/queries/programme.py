"""The programme of the home page and of a topic: what is live, what comes, the newest replays."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, or_
from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.rules import Actor
from catalog.enums import LivestreamState as L
from catalog.enums import Visibility
from catalog.models import Livestream
from catalog.queries.filters import NO_FILTERS, Filters, conditions_of
from catalog.queries.topics import topic_detail
from catalog.queries.views import (
    LIVESTREAMS,
    LivestreamView,
    TopicView,
    all_topics,
    livestream_views,
)
from catalog.queries.visibility import known_to

LATE: Final = timedelta(minutes=30)
"""A scheduled livestream counts as coming until it is missed."""
COMING_SHOWN: Final = 12
REPLAYS_SHOWN: Final = 8
LIVE_SHOWN: Final = 12
PRIVATE_SHOWN: Final = 6


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
    return programme_of(session, actor=actor, now=now)


def topic_page(session: Session, *, slug: str, actor: Actor, now: datetime) -> Programme:
    """Return the programme of one topic.

    Raises:
        NotFound: There is no such topic.
    """
    topic = topic_detail(session, slug=slug).topic
    return replace(
        programme_of(session, actor=actor, now=now, filters=Filters(topic=slug)), topic=topic
    )


def programme_of(
    session: Session, *, actor: Actor, now: datetime, filters: Filters = NO_FILTERS
) -> Programme:
    """Return what is live, what comes and the newest replays among the livestreams of a filter."""
    shown = LIVESTREAMS.where(known_to(actor), *conditions_of(filters))
    coming = shown.where(Livestream.state == L.SCHEDULED, Livestream.starts_at > now - LATE)
    replays = shown.where(Livestream.state == L.PUBLISHED)
    parts = [
        session.execute(
            shown.where(Livestream.state == L.LIVE)
            .order_by(Livestream.starts_at, Livestream.id)
            .limit(LIVE_SHOWN)
        ).all(),
        session.execute(
            coming.order_by(Livestream.starts_at, Livestream.id).limit(COMING_SHOWN)
        ).all(),
        session.execute(
            replays.order_by(Livestream.starts_at.desc(), Livestream.id.desc()).limit(REPLAYS_SHOWN)
        ).all(),
    ]
    topics = all_topics(session)
    rows = [row for part in parts for row in part]
    views = {view.id: view for view in livestream_views(session, rows, topics)}
    live, upcoming, newest = (tuple(views[row.id] for row in part) for part in parts)
    return Programme(live, upcoming, newest, topics)


def private_programme(
    session: Session, *, actor: Actor, now: datetime
) -> tuple[LivestreamView, ...]:
    """Return what is live or comes for the members of organisations alone, as the actor may know.

    Nobody without an organisation, a livestream of their own or the staff's work costs a query.
    """
    if not (actor.memberships or actor.has(Role.HOST) or actor.is_staff):
        return ()
    coming = and_(Livestream.state == L.SCHEDULED, Livestream.starts_at > now - LATE)
    statement = (
        LIVESTREAMS.where(
            Livestream.visibility == Visibility.ORGANISATION,
            or_(Livestream.state == L.LIVE, coming),
            known_to(actor),
        )
        .order_by(Livestream.starts_at, Livestream.id)
        .limit(PRIVATE_SHOWN)
    )
    return livestream_views(session, session.execute(statement).all())
