"""What else is about the same, by topics and words alone: never by what anybody watched."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, func, not_, or_, select
from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.enums import LivestreamState as L
from catalog.models import Livestream, LivestreamTopic
from catalog.queries import LivestreamView
from catalog.queries.programme import LATE
from catalog.queries.visibility import known_of_announced
from catalog.search.models import document
from catalog.search.queries.finding import distance, views_of
from catalog.search.rules.likeness import Likeness, likeness

SHOWN: Final = 4
LOOKED_AT: Final = 80
"""The nearest in time that share a topic, among which words decide."""


def related(
    session: Session, *, view: LivestreamView, actor: Actor, now: datetime
) -> tuple[LivestreamView, ...]:
    """Return up to four livestreams about the same that the actor may know of, the likest first."""
    slugs = [topic.slug for topic in view.topics]
    if not slugs:
        return ()
    own = next(iter(_rows(session, [view.id])), None)
    rows = _rows(session, _near(session, view, slugs, actor, now))
    mine = _of(own, slugs) if own else Likeness(view.language, slugs[0], frozenset(slugs))
    topics = _topics(session, [row.id for row in rows])
    ranked = sorted(
        rows, key=lambda row: likeness(mine, _of(row, topics.get(row.id, []))), reverse=True
    )
    return views_of(session, tuple(row.id for row in ranked[:SHOWN]))


def _near(
    session: Session, view: LivestreamView, slugs: list[str], actor: Actor, now: datetime
) -> list[str]:
    about = select(LivestreamTopic.livestream_id).where(LivestreamTopic.topic_slug.in_(slugs))
    late = and_(Livestream.state == L.SCHEDULED, Livestream.starts_at <= now - LATE)
    query = (
        select(Livestream.id)
        .where(
            Livestream.id.in_(about),
            Livestream.id != view.id,
            Livestream.state.in_((L.LIVE, L.SCHEDULED, L.PUBLISHED)),
            or_(Livestream.state != L.PUBLISHED, Livestream.withheld_at.is_(None)),
            not_(late),
            known_of_announced(actor),
        )
        .order_by(distance(session, now), Livestream.id)
        .limit(LOOKED_AT)
    )
    return list(session.scalars(query))


def _rows(session: Session, ids: list[str]) -> list[Any]:
    """Return the words of livestreams in the order of ``ids``; those not indexed yet have none."""
    plain = session.get_bind().dialect.name == "sqlite"
    title, often = (
        column if plain else func.array_to_string(func.tsvector_to_array(column), " ")
        for column in (document.c.title, document.c.often)
    )
    query = (
        select(Livestream.id, Livestream.language, title.label("title"), often.label("often"))
        .outerjoin(document, document.c.livestream_id == Livestream.id)
        .where(Livestream.id.in_(ids))
    )
    by_id = {row.id: row for row in session.execute(query)}
    return [by_id[one] for one in ids if one in by_id]


def _topics(session: Session, ids: list[str]) -> dict[str, list[str]]:
    query = select(LivestreamTopic.livestream_id, LivestreamTopic.topic_slug).where(
        LivestreamTopic.livestream_id.in_(ids)
    )
    found: dict[str, list[str]] = {}
    for livestream_id, slug in session.execute(query.order_by(LivestreamTopic.position)):
        found.setdefault(livestream_id, []).append(slug)
    return found


def _of(row: Any, slugs: Iterable[str]) -> Likeness:  # noqa: ANN401 -- a row of :func:`_rows`
    topics = list(slugs)
    return Likeness(
        row.language,
        topics[0] if topics else "",
        frozenset(topics),
        frozenset((row.title or "").split()),
        frozenset((row.often or "").split()),
    )
