"""Who could host this? A constant number of statements, however many hosts there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.orm import Session

from catalog.models import Host
from catalog.queries.texts import as_text, words_of
from core.words import Words
from scheduler.enums import Part, ReservationState
from scheduler.matching import rules
from scheduler.matching.queries.people import (
    Zones,
    persons,
    qualified,
    qualified_and_open,
    zones_in_use,
)
from scheduler.matching.rules import Candidate, Nearly, Person, Turn, Wish
from scheduler.models import Reservation, ReservedResource

MOST: Final = 50
MOST_NEARLY: Final = 5
LOOKED_AT: Final = 200
"""How many qualified hosts are looked at for who nearly could; those verified longest first."""
UNSURE: Final[tuple[ColumnElement[str], ...]] = tuple(
    literal_column(f"'{state}'") for state in (ReservationState.HELD, ReservationState.PENDING)
)
"""What is past in one of these states was never taught."""


@dataclass(frozen=True, slots=True)
class Matches:
    """Who could host, in fair rotation, and who nearly could when those are few."""

    candidates: tuple[Candidate, ...]
    nearly: tuple[Nearly, ...] = ()


def who_could_host(
    session: Session, *, wish: Wish, now: datetime, limit: int = MOST, with_nearly: bool = False
) -> Matches:
    """Return who is verified, qualified, open and free; expired holds are in nobody's way."""
    zones = zones_in_use(session, wish)
    fits = {
        person.host_id: (person, starts)
        for person in persons(session, qualified_and_open(wish, zones, now), wish, zones, now)
        if (starts := rules.starts_of(person, wish, zones[person.timezone], now=now))
    }
    turns = _turns(session, fits, now)
    chosen = rules.in_turn(fits, turns)[:limit]
    names = _names(session, chosen)
    candidates = tuple(
        _candidate(wish, zones, *fits[one], turns.get(one, Turn()), names[one]) for one in chosen
    )
    if not with_nearly or len(candidates) >= rules.ENOUGH:
        return Matches(candidates)
    return Matches(candidates, _nearly(session, wish, zones, set(fits), now))


def could_host_if_asked(session: Session, *, wish: Wish, host_id: str, now: datetime) -> bool:
    """Tell whether a host is verified, qualified and free, at hours that may be closed."""
    zones = zones_in_use(session, wish)
    statement = qualified(wish, now).where(Host.id == host_id)
    person = next(persons(session, statement, wish, zones, now), None)
    if person is None:
        return False
    local = zones[person.timezone]
    fits = rules.first_fit(person, wish, local, now=now) is not None
    return fits or rules.hindrance(person, wish, local, now=now) == "closed"


def _nearly(
    session: Session, wish: Wish, zones: Zones, fitting: set[str], now: datetime
) -> tuple[Nearly, ...]:
    statement = qualified(wish, now).order_by(Host.verified_until.desc(), Host.id)
    hindered = {
        person.host_id: hindrance
        for person in persons(session, statement.limit(LOOKED_AT), wish, zones, now)
        if person.host_id not in fitting
        and (hindrance := rules.hindrance(person, wish, zones[person.timezone], now=now))
    }
    turns = _turns(session, hindered, now)
    chosen = rules.in_turn(hindered, turns)[:MOST_NEARLY]
    names = _names(session, chosen)
    return tuple(Nearly(one, names[one], hindered[one], turns.get(one, Turn())) for one in chosen)


def _names(session: Session, host_ids: Sequence[str]) -> dict[str, Words]:
    """Return the names of the few who are shown."""
    rows = session.execute(select(Host.id, as_text(Host.names)).where(Host.id.in_(host_ids)))
    return {host_id: words_of(names) for host_id, names in rows}


def _turns(session: Session, host_ids: Iterable[str], now: datetime) -> dict[str, Turn]:
    """Return how often hosts taught of late and when last; one who never did is left out."""
    since = now - rules.RECENT
    # What never came about is left out by the few there are of it, and not by a join: PostgreSQL
    # would read all reservations to join a few thousand. A claim that was given up has none.
    unsure = select(Reservation.id).where(
        Reservation.state.in_(UNSURE), Reservation.starts_at < now
    )
    rows = session.execute(
        select(
            ReservedResource.resource_id,
            func.count().filter(ReservedResource.starts_at >= since),
            func.max(ReservedResource.starts_at),
        )
        .where(ReservedResource.resource_id.in_(list(host_ids)))
        .where(ReservedResource.starts_at < now, ReservedResource.part == Part.HOST)
        .where(ReservedResource.reservation_id.not_in(unsure))
        .group_by(ReservedResource.resource_id)
    )
    return {host_id: Turn(sessions, last) for host_id, sessions, last in rows}


def _candidate(
    wish: Wish, zones: Zones, person: Person, starts: int, turn: Turn, names: Words
) -> Candidate:
    fit = rules.fit_among(starts, person, wish, zones[person.timezone])
    return Candidate(
        host_id=person.host_id,
        names=names,
        span=fit.span,
        topics=wish.topics,
        language=wish.language,
        timezone=person.timezone,
        weekday=fit.weekday,
        hours=fit.hours,
        turn=turn,
    )
