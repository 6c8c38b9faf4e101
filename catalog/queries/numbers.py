"""How many there are: what pages count is what the database holds."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.enums import LivestreamState as L
from catalog.models import Livestream, LivestreamAudience
from catalog.queries.filters import NO_FILTERS, Filters, conditions_of
from catalog.queries.programme import LATE
from catalog.queries.visibility import known_to


@dataclass(frozen=True, slots=True)
class Numbers:
    """Livestreams on air, those that come, and replays."""

    live: int = 0
    coming: int = 0
    replays: int = 0


def numbers_of(
    session: Session, *, actor: Actor, now: datetime, filters: Filters = NO_FILTERS
) -> Numbers:
    """Count what the actor may know of; one query."""
    statement = (
        select(Livestream.state, func.count())
        .where(*conditions_of(filters), known_to(actor), _is_listed(now))
        .group_by(Livestream.state)
    )
    counted = dict(session.execute(statement).tuples().all())
    return Numbers(counted.get(L.LIVE, 0), counted.get(L.SCHEDULED, 0), counted.get(L.PUBLISHED, 0))


def numbers_by_audience(session: Session, *, actor: Actor, now: datetime) -> dict[str, int]:
    """Count, for each audience that is named somewhere, what comes, is on air or is a replay."""
    statement = (
        select(LivestreamAudience.audience, func.count())
        .join(Livestream, Livestream.id == LivestreamAudience.livestream_id)
        .where(known_to(actor), _is_listed(now))
        .group_by(LivestreamAudience.audience)
    )
    return dict(session.execute(statement).tuples().all())


def _is_listed(now: datetime) -> ColumnElement[bool]:
    coming = (Livestream.state == L.SCHEDULED) & (Livestream.starts_at > now - LATE)
    return or_(Livestream.state.in_((L.LIVE, L.PUBLISHED)), coming)
