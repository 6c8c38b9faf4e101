"""Reads of follows: what somebody follows, what of it is new, and who is to be told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from accounts.notices.models import Recipient
from accounts.rules import Actor
from catalog.enums import LivestreamState as L
from catalog.follows.models import COLUMNS, Follow
from catalog.follows.rules import VISIT, Subject
from catalog.models import Host, Livestream, LivestreamTopic, Series, SeriesMember, Topic
from catalog.queries.views import LIVESTREAMS, LivestreamView, livestream_views
from catalog.queries.visibility import known_to
from core.words import Words

NEWS_SHOWN: Final = 48
COMING_SHOWN: Final = 12
AHEAD: Final = (L.SCHEDULED, L.LIVE)


@dataclass(frozen=True, slots=True)
class Following:
    """One thing that somebody follows, with its names."""

    id: str
    subject: Subject
    names: Words
    since: datetime
    visited_at: datetime
    seen_at: datetime


class Follower(NamedTuple):
    """Somebody who may be told, and what she chose."""

    recipient_id: str
    choices: Mapping[str, str]


def followed_by(session: Session, *, user_id: str) -> Sequence[Following]:
    """Return everything that somebody follows, the newest first."""
    rows = session.execute(
        select(Follow, Topic.names, Series.titles, Host.names)
        .outerjoin(Topic, Topic.slug == Follow.topic_slug)
        .outerjoin(Series, Series.id == Follow.series_id)
        .outerjoin(Host, Host.id == Follow.host_id)
        .where(Follow.user_id == user_id)
        .order_by(Follow.since.desc(), Follow.id)
    )
    return [_following(follow, *names) for follow, *names in rows]


def follow_of(session: Session, *, user_id: str, subject: Subject) -> Follow | None:
    """Return by which row somebody follows something."""
    return session.scalar(
        select(Follow).where(Follow.user_id == user_id, COLUMNS[subject.kind] == subject.id)
    )


def number_of(session: Session, *, user_id: str) -> int:
    """Return how much somebody follows."""
    mine = select(func.count()).select_from(Follow).where(Follow.user_id == user_id)
    return session.scalars(mine).one()


def news_for(session: Session, *, actor: Actor, now: datetime) -> tuple[LivestreamView, ...]:
    """Return what was scheduled or released since the actor was last here, by start; each once."""
    announced = and_(_lies_ahead(now), _is_followed_by(actor, Livestream.announced_at, now=now))
    released = and_(
        Livestream.state == L.PUBLISHED, _is_followed_by(actor, Livestream.published_at, now=now)
    )
    return _views(session, actor, or_(announced, released), NEWS_SHOWN)


def coming_for(session: Session, *, actor: Actor, now: datetime) -> tuple[LivestreamView, ...]:
    """Return what comes next of all that the actor follows."""
    ahead = and_(_lies_ahead(now), _is_followed_by(actor, now=now))
    return _views(session, actor, ahead, COMING_SHOWN)


def is_followed(session: Session, *, livestream_id: str, by: str | None = None) -> bool:
    """Tell whether somebody follows what a livestream belongs to: anybody, or ``by`` an id."""
    found = _follows_of(livestream_id)
    if by is not None:
        found = found.where(Follow.user_id == by)
    return session.scalar(found.limit(1)) is not None


def followers_after(
    session: Session, *, livestream_id: str, since: datetime, cursor: str, limit: int
) -> Sequence[Follower]:
    """Return who follows what a livestream belongs to and followed it then already.

    By the id of the recipient, after ``cursor``. Who never chose anything is left out: mails are
    off for them.
    """
    followers = _follows_of(livestream_id).where(Follow.since <= since)
    rows = session.execute(
        select(Recipient.id, Recipient.choices)
        .where(Recipient.user_id.in_(followers), Recipient.id > cursor)
        .order_by(Recipient.id)
        .limit(limit)
    )
    return [Follower(row.id, row.choices) for row in rows]


def _follows_of(livestream_id: str) -> Select[str]:
    belonging = select(Follow.user_id).join(Livestream, _concerns())
    return belonging.where(Livestream.id == livestream_id)


def _following(
    follow: Follow, topic: Words | None, series: Words | None, host: Words | None
) -> Following:
    names = topic or series or host or {}
    return Following(
        follow.id, follow.subject, names, follow.since, follow.visited_at, follow.seen_at
    )


def _views(
    session: Session, actor: Actor, which: ColumnElement[bool], limit: int
) -> tuple[LivestreamView, ...]:
    by_start = (Livestream.starts_at, Livestream.id)
    found = LIVESTREAMS.where(known_to(actor), which).order_by(*by_start).limit(limit)
    return livestream_views(session, session.execute(found).all())


def _lies_ahead(now: datetime) -> ColumnElement[bool]:
    return and_(Livestream.state.in_(AHEAD), Livestream.ends_at > now)


def _is_followed_by(
    actor: Actor, moment: InstrumentedAttribute[datetime | None] | None = None, *, now: datetime
) -> ColumnElement[bool]:
    """Return the condition that the actor follows it; with a ``moment``, one she has not seen."""
    mine = select(Follow.id).where(Follow.user_id == actor.user_id, _concerns())
    if moment is not None:
        mine = mine.where(moment > _seen_until(now))
    return exists(mine.correlate(Livestream))


def _seen_until(now: datetime) -> ColumnElement[datetime]:
    """Return :func:`catalog.follows.rules.seen_until` in SQL; a test holds the two together."""
    return case((Follow.visited_at <= now - VISIT, Follow.visited_at), else_=Follow.seen_at)


def _concerns() -> ColumnElement[bool]:
    """Return the condition that a follow is of what a livestream belongs to."""
    about = select(LivestreamTopic.livestream_id).where(
        LivestreamTopic.livestream_id == Livestream.id,
        LivestreamTopic.topic_slug == Follow.topic_slug,
    )
    part = select(SeriesMember.livestream_id).where(
        SeriesMember.livestream_id == Livestream.id, SeriesMember.series_id == Follow.series_id
    )
    return or_(
        exists(about.correlate(Livestream, Follow)),
        exists(part.correlate(Livestream, Follow)),
        Follow.host_id == Livestream.host_id,
    )
