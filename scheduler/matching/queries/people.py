"""The people behind a match: who is qualified, what is open of theirs, what is taken."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from accounts.models import User
from catalog.enums import CredentialKind
from catalog.models import Host, HostLanguage, HostTopic
from catalog.rules import may_teach
from scheduler.grid.queries import taken_spans
from scheduler.grid.rules import BUFFER
from scheduler.matching import rules
from scheduler.matching.rules import Hours, Person, Stretch, Wish
from scheduler.models import DatedHours, PersonTime, WeeklyHours
from scheduler.spans import Span, cells_of

NO_ZONE: Final = "UTC"
"""Of who has not written any hours yet."""
WEST, EAST = timedelta(hours=12), timedelta(hours=14)

Zones = Mapping[str, Sequence[Stretch]]
HoursOf = dict[str, dict[Any, tuple[Hours, ...]]]
"""Hours by person, then by weekday or by day."""


def zones_in_use(session: Session, wish: Wish) -> Zones:
    """Return the window on the clocks of every zone in use."""
    names = session.scalars(select(PersonTime.timezone).distinct())
    return {name: rules.stretches(wish.window, name) for name in {NO_ZONE, *names}}


def qualified(wish: Wish, now: datetime) -> Select[*tuple[Any, ...]]:
    """Return what selects everybody who may host this, open or not, free or not."""
    kinds = [kind for kind in CredentialKind if may_teach(kind, wish.scope)]
    return (
        select(
            Host.id,
            func.coalesce(PersonTime.timezone, NO_ZONE),
            func.coalesce(PersonTime.buffer_before, BUFFER),
            func.coalesce(PersonTime.buffer_after, BUFFER),
            Host.verified_until,
        )
        .outerjoin(PersonTime, PersonTime.person_id == Host.id)
        .join(User, User.id == Host.id)
        .where(User.active, Host.verified_until > now, Host.credential_kind.in_(kinds))
        .where(Host.id.in_(_who_teach(wish)), Host.id.not_in(wish.without))
    )


def qualified_and_open(wish: Wish, zones: Zones, now: datetime) -> Select[*tuple[Any, ...]]:
    """Return what selects the qualified who are open at some time of the window."""
    days = {one.day for local in zones.values() for one in local}
    opened = exists().where(WeeklyHours.person_id == Host.id, _touches(zones))
    dated = exists().where(DatedHours.person_id == Host.id, DatedHours.day.in_(days))
    return qualified(wish, now).where(or_(opened, dated))


def persons(
    session: Session,
    statement: Select[*tuple[Any, ...]],
    wish: Wish,
    zones: Zones,
    now: datetime,
) -> Iterator[Person]:
    """Yield who a statement of :func:`qualified` selects; hours and taken time are read at once.

    Statements of their own, and no text put together by host: the database joins whole sets.
    """
    weekly = _hours(
        session,
        wish,
        WeeklyHours.weekday,
        (PersonTime.person_id == WeeklyHours.person_id) & _touches(zones),
    )
    dated = _hours(session, wish, DatedHours.day, DatedHours.day.in_(_days(wish)))
    busy = _busy(session, wish, now)
    rows = session.connection().execute(statement).all()  # all at once: row by row is slow
    for host_id, zone, before, after, until in rows:
        yield Person(
            host_id=host_id,
            timezone=zone,
            weekly=weekly.get(host_id, {}),
            dated=dated.get(host_id, {}),
            busy=frozenset(busy.get(host_id, ())),
            buffers=(before, after),
            verified_until=until,
        )


def _hours(
    session: Session, wish: Wish, key: InstrumentedAttribute[Any], is_wanted: ColumnElement[bool]
) -> HoursOf:
    """Return the weekly or the dated hours of those who teach this."""
    table: Any = key.class_
    rows = (
        session.connection()
        .execute(
            select(table.person_id, key, table.start_minute, table.end_minute)
            .where(table.person_id.in_(_who_teach(wish)), is_wanted)
            .order_by(table.person_id, key, table.start_minute)
        )
        .all()
    )
    found: HoursOf = {}
    for person_id, day, start, end in rows:
        of_person = found.setdefault(person_id, {})
        of_person[day] = (*of_person.get(day, ()), Hours(start, end))
    return found


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


def _who_teach(wish: Wish) -> Select[Any]:
    """Return the ids of who teaches all the topics in the language: few, so it is asked first."""
    statement = select(HostLanguage.host_id).where(HostLanguage.language == wish.language)
    for slug in wish.topics:
        topic = aliased(HostTopic)
        statement = statement.join(topic, topic.host_id == HostLanguage.host_id)
        statement = statement.where(topic.topic_slug == slug)
    return statement


def _days(wish: Wish) -> list[date]:
    """Return the days that clocks anywhere show in the window."""
    low, high = wish.first - WEST, wish.last + wish.length + EAST
    return [low.date() + timedelta(days=day) for day in range((high.date() - low.date()).days + 1)]


def _busy(session: Session, wish: Wish, now: datetime) -> dict[str, set[int]]:
    """Return the cells around the window that those who teach this have given away."""
    around = wish.window.widened(rules.WIDEST_BUFFER, rules.WIDEST_BUFFER)
    near = cells_of(around)
    found: dict[str, set[int]] = {}
    statement = taken_spans(resource_ids=_who_teach(wish), span=around, now=now)
    rows = session.connection().execute(statement).all()
    for host_id, starts_at, ends_at, before, after in rows:
        cells = cells_of(Span(starts_at, ends_at).widened(before, after))
        within = range(max(cells.start, near.start), min(cells.stop, near.stop))
        found.setdefault(host_id, set()).update(within)
    return found
