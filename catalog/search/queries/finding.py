"""The livestreams that match, the best first; permission is asked of the livestreams themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, func, not_, select
from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.enums import LivestreamState as L
from catalog.models import Livestream
from catalog.queries import NO_FILTERS, Filters, LivestreamView, conditions_of
from catalog.queries.programme import LATE
from catalog.queries.views import LIVESTREAMS, livestream_views
from catalog.queries.visibility import known_of_announced
from catalog.search.enums import Length, When
from catalog.search.models import document
from catalog.search.queries.matching import matching
from catalog.search.rules.asking import Asked

SHORT, MEDIUM = 20, 45  # minutes
STATES: Final = {When.LIVE: L.LIVE, When.COMING: L.SCHEDULED, When.REPLAY: L.PUBLISHED}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a search is narrowed to; empty means everything."""

    filters: Filters = NO_FILTERS
    when: str = ""
    length: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what matches, and how many there are in all."""

    total: int = 0
    ids: tuple[str, ...] = ()


def find(
    session: Session,
    *,
    actor: Actor,
    asked: Asked,
    wanted: Wanted,
    now: datetime,
    every: bool = True,
    offset: int = 0,
    limit: int = 20,
) -> Found:
    """Return those that match and of which the actor may know, the best of them first.

    Equally good ones stand by how near they are in time: what is live, what comes soon and the
    newest replays before what is far away.
    """
    match = matching(session, asked, every=every)
    statement = (
        select(Livestream.id, func.count().over().label("total"))
        .join(document, document.c.livestream_id == Livestream.id)
        .where(match.condition, *_shown(session, actor, wanted, now))
        .order_by(match.score.desc(), distance(session, now), Livestream.id)
        .offset(offset)
        .limit(limit)
    )
    rows = session.execute(statement).all()
    return Found(rows[0].total if rows else 0, tuple(row.id for row in rows))


def views_of(session: Session, ids: tuple[str, ...]) -> tuple[LivestreamView, ...]:
    """Return the views of livestreams in this order."""
    rows = session.execute(LIVESTREAMS.where(Livestream.id.in_(ids))).all()
    by_id = {view.id: view for view in livestream_views(session, rows)}
    return tuple(by_id[one] for one in ids if one in by_id)


def _shown(
    session: Session, actor: Actor, wanted: Wanted, now: datetime
) -> Iterator[ColumnElement[bool]]:
    """Yield what a livestream must be: announced states alone, which an index answers."""
    states = [STATES[When(wanted.when)]] if wanted.when else [*STATES.values()]
    yield Livestream.state.in_(states)
    yield not_(and_(Livestream.state == L.SCHEDULED, Livestream.starts_at <= now - LATE))
    yield known_of_announced(actor)
    yield from conditions_of(wanted.filters)
    if wanted.length:
        yield _lasts(session, Length(wanted.length))


def _lasts(session: Session, length: Length) -> ColumnElement[bool]:
    begins = func.coalesce(Livestream.started_at, Livestream.starts_at)
    ends = func.coalesce(Livestream.ended_at, Livestream.ends_at)
    is_over = and_(Livestream.started_at.is_not(None), Livestream.ended_at.is_not(None))
    minutes = case(
        (is_over, _minutes(session, begins, ends)),
        else_=_minutes(session, Livestream.starts_at, Livestream.ends_at),
    )
    return {
        Length.SHORT: minutes <= SHORT,
        Length.MEDIUM: and_(minutes > SHORT, minutes <= MEDIUM),
        Length.LONG: minutes > MEDIUM,
    }[length]


def _minutes(session: Session, begins: Any, ends: Any) -> ColumnElement[Any]:  # noqa: ANN401 -- columns
    if session.get_bind().dialect.name == "sqlite":
        return func.round((func.julianday(ends) - func.julianday(begins)) * 1440)
    return func.round(func.extract("epoch", ends - begins) / 60)


def distance(session: Session, now: datetime) -> ColumnElement[Any]:
    """Return how far a start is from now, in the unit of the database."""
    if session.get_bind().dialect.name == "sqlite":
        text = now.replace(tzinfo=None).isoformat(" ")
        return func.abs(func.julianday(Livestream.starts_at) - func.julianday(text))
    return func.abs(func.extract("epoch", Livestream.starts_at - now))
