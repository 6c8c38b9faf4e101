"""How many there are: what pages count is what the database holds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, func, not_, select
from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.enums import Audience
from catalog.enums import LivestreamState as L
from catalog.models import Livestream
from catalog.queries.belonging import is_for
from catalog.queries.filters import NO_FILTERS, Filters, conditions_of
from catalog.queries.programme import LATE
from catalog.queries.visibility import known_of_announced

NAMED: Final = tuple(audience for audience in Audience if audience is not Audience.PUBLIC)
"""The audiences that have to be named; everything else is for everybody."""


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
        .where(_is_listed(now), known_of_announced(actor), *conditions_of(filters, counting=True))
        .group_by(Livestream.state)
    )
    counted = dict(session.execute(statement).all())
    return Numbers(counted.get(L.LIVE, 0), counted.get(L.SCHEDULED, 0), counted.get(L.PUBLISHED, 0))


def audiences_with_talks(session: Session, *, actor: Actor, now: datetime) -> tuple[Audience, ...]:
    """Return the named audiences for whom there is something that the actor may know of."""
    some = [
        exists()
        .where(is_for(audience, counting=True), _is_listed(now), known_of_announced(actor))
        .label(audience)
        for audience in NAMED
    ]
    row = session.execute(select(*some)).one()
    return tuple(audience for audience, found in zip(NAMED, row, strict=True) if found)


def _is_listed(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a list has it: every state named here is an announced one."""
    late = and_(Livestream.state == L.SCHEDULED, Livestream.starts_at <= now - LATE)
    return and_(Livestream.state.in_((L.LIVE, L.SCHEDULED, L.PUBLISHED)), not_(late))
