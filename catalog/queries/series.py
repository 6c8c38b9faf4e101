"""Series, and which of their livestreams somebody may know of."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.enums import LivestreamState as L
from catalog.models import Livestream, Series, SeriesMember
from catalog.queries.belonging import is_about, is_for
from catalog.queries.views import LIVESTREAMS, LivestreamView, livestream_views
from catalog.queries.visibility import known_to
from catalog.rules import is_id
from core.errors import NotFound
from core.words import Words

MEMBERS_SHOWN = 100
SERIES_SHOWN = 4
IN_SERIES = (L.SCHEDULED, L.LIVE, L.ENDED, L.PUBLISHED)
"""A part that was called off or missed is no part to watch."""


@dataclass(frozen=True, slots=True)
class SeriesView:
    """A series; ``parts`` counts the livestreams of it that the asker may know of."""

    id: str
    titles: Words
    descriptions: Words
    is_example: bool
    updated_at: datetime
    parts: int


def list_series(
    session: Session, *, actor: Actor, topic: str = "", audience: str = ""
) -> tuple[SeriesView, ...]:
    """Return the series with a part that the actor may know of, the longest first.

    With ``topic``, a slug, or ``audience``: the first few that have a part about it or for them.
    """
    statement = _counted(actor).order_by(func.count().desc(), Series.id)
    members = select(SeriesMember.series_id).join(
        Livestream, Livestream.id == SeriesMember.livestream_id
    )
    if topic:
        statement = statement.where(Series.id.in_(members.where(is_about(topic))))
    if audience:
        statement = statement.where(Series.id.in_(members.where(is_for(audience))))
    if topic or audience:
        statement = statement.limit(SERIES_SHOWN)
    return tuple(_series_view(row) for row in session.execute(statement))


def one_series(session: Session, *, series_id: str, actor: Actor) -> SeriesView:
    """Return one series.

    Raises:
        NotFound: There is none, or the actor may know of no part of it.
    """
    statement = _counted(actor).where(Series.id == series_id)
    row = session.execute(statement).one_or_none() if is_id(series_id) else None
    if row is None:
        raise NotFound
    return _series_view(row)


def parts_of(
    session: Session, *, series_id: str, actor: Actor, limit: int = MEMBERS_SHOWN
) -> tuple[LivestreamView, ...]:
    """Return the livestreams of a series that the actor may know of, in its order."""
    statement = (
        LIVESTREAMS.where(
            SeriesMember.series_id == series_id, Livestream.state.in_(IN_SERIES), known_to(actor)
        )
        .order_by(SeriesMember.position, Livestream.starts_at, Livestream.id)
        .limit(limit)
    )
    return livestream_views(session, session.execute(statement).all())


def _counted(actor: Actor) -> Select[tuple[Series, int]]:
    return (
        select(*Series.__table__.c, func.count().label("parts"))
        .join(SeriesMember, SeriesMember.series_id == Series.id)
        .join(Livestream, Livestream.id == SeriesMember.livestream_id)
        .where(Livestream.state.in_(IN_SERIES), known_to(actor))
        .group_by(Series.id)
    )


def _series_view(row: Row[tuple[Series, int]]) -> SeriesView:
    found = row._mapping  # noqa: SLF001 -- SQLAlchemy's public name for it
    return SeriesView(**{name: found[name] for name in SeriesView.__slots__})
