"""How many there are: what pages count is what the database holds."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, not_, select
from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.enums import Audience
from catalog.enums import LivestreamState as L
from catalog.models import Livestream, LivestreamAudience
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
    rows = session.connection().execute(_counted(actor, filters), {"late": now - LATE})
    counted = {row.state: row.number for row in rows}
    return Numbers(counted.get(L.LIVE, 0), counted.get(L.SCHEDULED, 0), counted.get(L.PUBLISHED, 0))


def audiences_with_talks(session: Session, *, actor: Actor, now: datetime) -> tuple[Audience, ...]:
    """Return the named audiences for whom there is something that the actor may know of."""
    row = session.connection().execute(_some(actor), {"late": now - LATE}).one()
    return tuple(audience for audience, found in zip(NAMED, row, strict=True) if found)


@lru_cache(maxsize=128)
def _counted(actor: Actor, filters: Filters) -> Select[str, int]:
    """Return the statement of the numbers; it is kept, as building it costs more than asking."""
    return (
        select(Livestream.state, func.count().label("number"))
        .where(_is_listed(), known_of_announced(actor), *conditions_of(filters, counting=True))
        .group_by(Livestream.state)
    )


@lru_cache(maxsize=128)
def _some(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Return the statement that looks for one talk per audience.

    It names the tables side by side, so that a database goes from the audience to its talks and
    ends at the first that may be shown; of a list of ids SQLite would make all of it beforehand.
    """
    theirs = Livestream.id == LivestreamAudience.livestream_id
    shown = and_(theirs, _is_listed(), known_of_announced(actor))
    return select(
        *(
            exists().where(LivestreamAudience.audience == audience, shown).label(audience)
            for audience in NAMED
        )
    )


def _is_listed() -> ColumnElement[bool]:
    """Return the condition that a list has it: every state named here is an announced one."""
    late = and_(Livestream.state == L.SCHEDULED, Livestream.starts_at <= bindparam("late"))
    return and_(Livestream.state.in_((L.LIVE, L.SCHEDULED, L.PUBLISHED)), not_(late))
