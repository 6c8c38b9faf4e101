"""Who could host this? Four statements, however many hosts, hours and reservations there are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    cast,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from accounts.models import User
from catalog.enums import CredentialKind
from catalog.models import Host, HostLanguage, HostTopic
from catalog.queries.texts import as_text, words_of
from catalog.rules import may_teach
from scheduler.enums import Part, ReservationState
from scheduler.grid.queries import taken_spans
from scheduler.grid.rules import BUFFER
from scheduler.matching import rules
from scheduler.matching.rules import (
    Candidate,
    Fit,
    Hours,
    Nearly,
    Person,
    Stretch,
    Turn,
    Wish,
)
from scheduler.models import (
    DatedHours,
    PersonTime,
    Reservation,
    ReservedResource,
    WeeklyHours,
)
from scheduler.spans import Span, cells_of

MOST: Final = 50
MOST_NEARLY: Final = 5
LOOKED_AT: Final = 200
"""How many qualified hosts are looked at for who nearly could; those verified longest first."""
NO_ZONE: Final = "UTC"
"""Of who has not written any hours yet."""
WEST, EAST = timedelta(hours=12), timedelta(hours=14)
UNSURE: Final[tuple[ColumnElement[str], ...]] = tuple(
    literal_column(f"'{state}'") for state in (ReservationState.HELD, ReservationState.PENDING)
)
"""What is past in one of these states was never taught."""

Zones = Mapping[str, Sequence[Stretch]]


@dataclass(frozen=True, slots=True)
class Matches:
    """Who could host, in fair rotation, and who nearly could when those are few."""

    candidates: tuple[Candidate, ...]
    nearly: tuple[Nearly, ...] = ()


def who_could_host(
    session: Session, *, wish: Wish, now: datetime, limit: int = MOST, with_nearly: bool = False
) -> Matches:
    """Return who is verified, qualified, open and free; expired holds are in nobody's way."""
    zones = _zones(session, wish)
    fits = {
        person.host_id: (person, fit)
        for person in _people(session, wish, zones, now)
        if (fit := rules.first_fit(person, wish, zones[person.timezone], now=now))
    }
    turns = _turns(session, fits, now)
    candidates = tuple(
        _candidate(wish, *fits[one], turns.get(one, Turn()))
        for one in rules.in_turn(fits, turns)[:limit]
    )
    if not with_nearly or len(candidates) >= rules.ENOUGH:
        return Matches(candidates)
    return Matches(candidates, _nearly(session, wish, zones, set(fits), now))


def could_host_if_asked(session: Session, *, wish: Wish, host_id: str, now: datetime) -> bool:
    """Tell whether a host is verified, qualified and free, at hours that may be closed."""
    person = next(
        iter(_persons(session, _qualified(wish, now).where(Host.id == host_id), wish, now)), None
    )
    if person is None:
        return False
    local = rules.stretches(wish.window, person.timezone)
    fits = rules.first_fit(person, wish, local, now=now) is not None
    return fits or rules.hindrance(person, wish, local, now=now) == "closed"


def _nearly(
    session: Session, wish: Wish, zones: Zones, fitting: set[str], now: datetime
) -> tuple[Nearly, ...]:
    statement = _qualified(wish, now).order_by(Host.verified_until.desc(), Host.id)
    hindered = {
        person.host_id: (person, hindrance)
        for person in _persons(session, statement.limit(LOOKED_AT), wish, now)
        if person.host_id not in fitting
        and (hindrance := rules.hindrance(person, wish, zones[person.timezone], now=now))
    }
    turns = _turns(session, hindered, now)
    return tuple(
        Nearly(one, hindered[one][0].names, hindered[one][1], turns.get(one, Turn()))
        for one in rules.in_turn(hindered, turns)[:MOST_NEARLY]
    )


def _zones(session: Session, wish: Wish) -> Zones:
    """Return the window on the clocks of every zone in use."""
    names = session.scalars(select(PersonTime.timezone).distinct())
    return {name: rules.stretches(wish.window, name) for name in {NO_ZONE, *names}}


def _people(session: Session, wish: Wish, zones: Zones, now: datetime) -> Iterable[Person]:
    """Return the qualified who are open at some time of the window."""
    days = {one.day for local in zones.values() for one in local}
    opened = exists().where(WeeklyHours.person_id == Host.id, _touches(zones))
    dated = exists().where(DatedHours.person_id == Host.id, DatedHours.day.in_(days))
    return _persons(session, _qualified(wish, now).where(or_(opened, dated)), wish, now)


def _touches(zones: Zones) -> ColumnElement[bool]:
    """Tell whether weekly hours share time with the window; zones of equal clocks share a test."""
    alike: dict[tuple[tuple[int, int, int], ...], list[str]] = {}
    for name, local in zones.items():
        alike.setdefault(tuple(_weekly_parts(local)), []).append(name)
    return or_(
        false(),
        *(
            and_(
                PersonTime.timezone.in_(names),
                or_(
                    *(
                        and_(
                            WeeklyHours.weekday == weekday,
                            WeeklyHours.start_minute < end,
                            WeeklyHours.end_minute > start,
                        )
                        for weekday, start, end in parts
                    )
                ),
            )
            for parts, names in alike.items()
        ),
    )


def _weekly_parts(local: Sequence[Stretch]) -> list[tuple[int, int, int]]:
    parts = sorted(
        (one.day.weekday(), one.minute, one.minute + one.count * rules.CELL_MINUTES)
        for one in local
    )
    return [
        (
            weekday,
            min(start for _day, start, _end in those),
            max(end for _day, _start, end in those),
        )
        for weekday, group in groupby(parts, key=lambda part: part[0])
        for those in [list(group)]
    ]


def _qualified(wish: Wish, now: datetime) -> Select[*tuple[Any, ...]]:
    kinds = [kind for kind in CredentialKind if may_teach(kind, wish.scope)]
    return (
        select(
            Host.id,
            func.coalesce(PersonTime.timezone, NO_ZONE),
            _weekly_text(wish),
            _dated_text(wish),
            func.coalesce(PersonTime.buffer_before, BUFFER),
            func.coalesce(PersonTime.buffer_after, BUFFER),
            Host.verified_until,
            as_text(Host.names),
        )
        .outerjoin(PersonTime, PersonTime.person_id == Host.id)
        .join(User, User.id == Host.id)
        .where(User.active, Host.verified_until > now, Host.credential_kind.in_(kinds))
        .where(Host.id.in_(_who_teach(wish)), Host.id.not_in(wish.without))
    )


def _who_teach(wish: Wish) -> Select[Any]:
    """Return the ids of who teaches all the topics in the language: few, so it is asked first."""
    statement = select(HostLanguage.host_id).where(HostLanguage.language == wish.language)
    for slug in wish.topics:
        topic = aliased(HostTopic)
        statement = statement.join(topic, topic.host_id == HostLanguage.host_id)
        statement = statement.where(topic.topic_slug == slug)
    return statement


def _weekly_text(wish: Wish) -> ColumnElement[str]:
    hours = _joined(WeeklyHours.weekday, WeeklyHours.start_minute, WeeklyHours.end_minute)
    of_host = select(hours).where(WeeklyHours.person_id == Host.id)
    weekdays = {day.weekday() for day in _days(wish)}
    return of_host.where(WeeklyHours.weekday.in_(weekdays)).scalar_subquery()


def _dated_text(wish: Wish) -> ColumnElement[str]:
    """Return the dated hours of the days that any zone could show in the window."""
    hours = _joined(DatedHours.day, DatedHours.start_minute, DatedHours.end_minute)
    of_host = select(hours).where(DatedHours.person_id == Host.id)
    return of_host.where(DatedHours.day.in_(_days(wish))).scalar_subquery()


def _days(wish: Wish) -> list[date]:
    """Return the days that clocks anywhere show in the window."""
    low, high = wish.first - WEST, wish.last + wish.length + EAST
    return [low.date() + timedelta(days=day) for day in range((high.date() - low.date()).days + 1)]


def _busy(session: Session, wish: Wish, now: datetime) -> dict[str, set[int]]:
    """Return the cells around the window that those who teach this have given away."""
    around = wish.window.widened(rules.WIDEST_BUFFER, rules.WIDEST_BUFFER)
    found: dict[str, set[int]] = {}
    statement = taken_spans(resource_ids=_who_teach(wish), span=around, now=now)
    for host_id, starts_at, ends_at, before, after in session.connection().execute(statement):
        cells = cells_of(Span(starts_at, ends_at).widened(before, after))
        found.setdefault(host_id, set()).update(cells)
    return found


def _joined(*columns: ColumnElement[Any] | Any) -> ColumnElement[str]:  # noqa: ANN401 -- attributes
    text: Any = cast(columns[0], Text)
    for column in columns[1:]:
        text = text + "," + cast(column, Text)
    joined: ColumnElement[str] = func.aggregate_strings(text, ";")
    return joined


def _persons(
    session: Session, statement: Select[*tuple[Any, ...]], wish: Wish, now: datetime
) -> Iterable[Person]:
    busy = _busy(session, wish, now)
    rows = session.connection().execute(statement)
    for host_id, zone, weekly, dated, before, after, until, names in rows:
        yield Person(
            host_id=host_id,
            timezone=zone,
            weekly=_grouped(weekly, int),
            dated=_grouped(dated, date.fromisoformat),
            busy=frozenset(busy.get(host_id, ())),
            buffers=(before, after),
            verified_until=until,
            names=words_of(names),
        )


def _grouped(text: str | None, key: Any) -> dict[Any, tuple[Hours, ...]]:  # noqa: ANN401 -- int or date
    found: dict[Any, tuple[Hours, ...]] = {}
    for entry in text.split(";") if text else ():
        day, start, end = entry.split(",")
        hours = Hours(int(start), int(end))
        found[key(day)] = (*found.get(key(day), ()), hours)
    return found


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


def _candidate(wish: Wish, person: Person, fit: Fit, turn: Turn) -> Candidate:
    return Candidate(
        host_id=person.host_id,
        names=person.names,
        span=fit.span,
        topics=wish.topics,
        language=wish.language,
        timezone=person.timezone,
        weekday=fit.weekday,
        hours=fit.hours,
        turn=turn,
    )
