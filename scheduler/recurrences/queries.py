"""Reads of recurrences and of the livestreams that they made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models import Livestream, LivestreamTopic, SeriesMember
from scheduler.enums import Frequency
from scheduler.models import Occurrence, Recurrence
from scheduler.recurrences.rules import Rule, Terms


@dataclass(frozen=True, slots=True)
class Member:
    """One livestream of a recurrence; ``original`` is the wall time that the rule once meant."""

    livestream: Livestream
    recurrence_id: str
    original: datetime
    is_changed: bool
    position: int
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Which of how many in its series a livestream is, from 1."""

    series_id: str
    number: int
    of: int


def terms_of(recurrence: Recurrence) -> Terms:
    """Return what a recurrence means, by its row."""
    return Terms(_rule_of(recurrence), recurrence.minutes, recurrence.host_id)


def _rule_of(recurrence: Recurrence) -> Rule:
    return Rule(
        frequency=Frequency(recurrence.frequency),
        every=recurrence.every,
        weekday=recurrence.weekday,
        nth=recurrence.nth,
        clock=time.fromisoformat(recurrence.local_time),
        timezone=recurrence.timezone,
        starts_on=recurrence.starts_on,
        times=recurrence.times,
    )


def recurrence_of(session: Session, *, livestream_id: str) -> Recurrence | None:
    """Return the recurrence that made a livestream."""
    return session.scalar(
        select(Recurrence)
        .join(Occurrence, Occurrence.recurrence_id == Recurrence.id)
        .where(Occurrence.livestream_id == livestream_id)
    )


def recurrences_of(session: Session, *, series_id: str) -> Sequence[Recurrence]:
    """Return the recurrences of a series, by their first day."""
    return session.scalars(
        select(Recurrence)
        .where(Recurrence.series_id == series_id)
        .order_by(Recurrence.starts_on, Recurrence.id)
    ).all()


def members_of(session: Session, *, recurrence_ids: Sequence[str]) -> tuple[Member, ...]:
    """Return the livestreams of recurrences in the order in which the rules meant them."""
    rows = session.execute(
        select(Livestream, Occurrence, SeriesMember.position)
        .join(Occurrence, Occurrence.livestream_id == Livestream.id)
        .outerjoin(SeriesMember, SeriesMember.livestream_id == Livestream.id)
        .where(Occurrence.recurrence_id.in_(recurrence_ids))
        .order_by(Occurrence.original_local_start, Livestream.id)
    ).all()
    topics = _topics_of(session, [row[0].id for row in rows])
    return tuple(
        Member(
            livestream=livestream,
            recurrence_id=occurrence.recurrence_id,
            original=datetime.fromisoformat(occurrence.original_local_start),
            is_changed=occurrence.is_changed,
            position=position or 0,
            topics=topics.get(livestream.id, ()),
        )
        for livestream, occurrence, position in rows
    )


def size_of(session: Session, *, recurrence_id: str) -> int:
    """Return how many livestreams follow a rule."""
    counted = select(func.count()).select_from(Occurrence)
    return session.scalar(counted.where(Occurrence.recurrence_id == recurrence_id)) or 0


def place_of(session: Session, *, livestream_id: str) -> Place | None:
    """Return where a livestream made by a rule stands in its series."""
    own = (
        select(SeriesMember.series_id)
        .join(Occurrence, Occurrence.livestream_id == SeriesMember.livestream_id)
        .where(SeriesMember.livestream_id == livestream_id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(SeriesMember.series_id, SeriesMember.livestream_id)
        .where(SeriesMember.series_id == own)
        .order_by(SeriesMember.position, SeriesMember.livestream_id)
    ).all()
    ids = [row.livestream_id for row in rows]
    return Place(rows[0].series_id, ids.index(livestream_id) + 1, len(ids)) if rows else None


def _topics_of(session: Session, livestream_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for livestream_id, slug in session.execute(
        select(LivestreamTopic.livestream_id, LivestreamTopic.topic_slug)
        .where(LivestreamTopic.livestream_id.in_(livestream_ids))
        .order_by(LivestreamTopic.livestream_id, LivestreamTopic.position)
    ):
        found[livestream_id] = (*found.get(livestream_id, ()), slug)
    return found
