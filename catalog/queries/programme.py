"""The programme of the home page and of a topic: what is live, what comes, the newest replays."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Select, and_, bindparam, or_, select, union_all
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
BY_START: Final = (Livestream.starts_at, Livestream.id)


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
    rows = session.connection().execute(_shown(actor, filters), {"late": now - LATE}).all()
    topics = all_topics(session)
    views = livestream_views(session, rows, topics)
    live, coming, oldest_first = (
        tuple(view for view in views if view.state == state)
        for state in (L.LIVE, L.SCHEDULED, L.PUBLISHED)
    )
    return Programme(live, coming, oldest_first[::-1], topics)


@lru_cache(maxsize=128)
def _shown(actor: Actor, filters: Filters) -> Select[*tuple[Any, ...]]:
    """Return the statement for all three lists, by start; it is kept, as building it is not cheap.

    Each list is found by itself, because an index has its order, and ends when it is full.
    """
    known = select(Livestream.id).where(known_to(actor), *conditions_of(filters))
    live = known.where(Livestream.state == L.LIVE)
    coming = known.where(Livestream.state == L.SCHEDULED, Livestream.starts_at > bindparam("late"))
    replays = known.where(Livestream.state == L.PUBLISHED)
    newest = (Livestream.starts_at.desc(), Livestream.id.desc())
    found = (
        live.order_by(*BY_START).limit(LIVE_SHOWN),
        coming.order_by(*BY_START).limit(COMING_SHOWN),
        replays.order_by(*newest).limit(REPLAYS_SHOWN),
    )
    ids = union_all(*(select(part.subquery().c.id) for part in found))
    return LIVESTREAMS.where(Livestream.id.in_(ids)).order_by(*BY_START)


def private_programme(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    topics: Sequence[TopicView] | None = None,
) -> tuple[LivestreamView, ...]:
    """Return what is live or comes for the members of organisations alone, as the actor may know.

    Nobody without an organisation, a livestream of their own or the staff's work costs a query;
    ``topics``, all there are, spares one.
    """
    if not (actor.memberships or actor.has(Role.HOST) or actor.is_staff):
        return ()
    rows = session.connection().execute(_private(actor), {"late": now - LATE}).all()
    return livestream_views(session, rows, topics) if rows else ()


@lru_cache(maxsize=128)
def _private(actor: Actor) -> Select[*tuple[Any, ...]]:
    coming = and_(Livestream.state == L.SCHEDULED, Livestream.starts_at > bindparam("late"))
    return (
        LIVESTREAMS.where(
            Livestream.visibility == Visibility.ORGANISATION,
            or_(Livestream.state == L.LIVE, coming),
            known_to(actor),
        )
        .order_by(*BY_START)
        .limit(PRIVATE_SHOWN)
    )
