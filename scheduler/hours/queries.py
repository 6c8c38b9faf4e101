"""Reads of the hours of one person, and of what their time is taken for."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import User
from catalog.models import Host, Livestream, LivestreamTopic
from scheduler.enums import ReservationState as R
from scheduler.grid.queries import busy_cells
from scheduler.hours.rules import expansion
from scheduler.hours.rules.hours import WEEKDAYS, Day, Hours
from scheduler.hours.rules.intervals import Interval, Intervals
from scheduler.models import (
    DatedHours,
    Duty,
    PersonTime,
    Reservation,
    ReservedResource,
    Slot,
    WeeklyHours,
)
from scheduler.spans import Span

SHOWN = (R.HELD, R.PENDING, R.CONFIRMED, R.USED)
LONGEST = timedelta(days=1)
"""Nothing that is reserved lasts longer."""


@dataclass(frozen=True, slots=True)
class Booking:
    """Something that takes time of a person; ``livestream_id`` where there is a page of it."""

    kind: str
    state: str
    span: Span
    livestream_id: str | None
    titles: Mapping[str, str]
    topic: str | None


def hours_of(session: Session, *, person_id: str, timezone: str = "UTC") -> Hours:
    """Return the hours of a person; nobody's are none, in ``timezone``. Three statements."""
    row = session.execute(
        select(
            PersonTime.timezone,
            PersonTime.buffer_before,
            PersonTime.buffer_after,
            PersonTime.version,
        ).where(PersonTime.person_id == person_id)
    ).one_or_none()
    if row is None:
        return Hours(timezone)
    return Hours(
        timezone=row.timezone,
        buffers=(row.buffer_before, row.buffer_after),
        weekly=_weekly(session, person_id),
        dated=_dated(session, person_id),
        version=row.version,
    )


def open_spans(session: Session, *, person_id: str, span: Span) -> tuple[Span, ...]:
    """Return when a person gives time, whether or not it is taken."""
    return expansion.open_spans(hours_of(session, person_id=person_id), span)


def free_spans(
    session: Session, *, person_id: str, span: Span, minutes: int, now: datetime
) -> tuple[Span, ...]:
    """Return when a person gives time that nothing has taken yet. Four statements.

    ``minutes`` is how long what shall be booked lasts. The person's buffers around it are kept
    free as well; they may lie outside of the hours, but not in time that is taken.
    """
    hours = hours_of(session, person_id=person_id)
    busy = busy_cells(session, resource_ids=[person_id], span=span.widened(*hours.buffers), now=now)
    return expansion.free_spans(
        expansion.open_spans(hours, span),
        busy,
        buffers=hours.buffers,
        minutes=minutes,
        earliest=now,
    )


def bookings_of(
    session: Session, *, person_id: str, span: Span, viewer_id: str | None, now: datetime
) -> tuple[Booking, ...]:
    """Return what takes time of a person within ``span``; a hold only to its holder."""
    topic = (
        select(LivestreamTopic.topic_slug)
        .where(LivestreamTopic.livestream_id == Livestream.id)
        .order_by(LivestreamTopic.position)
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Reservation.kind,
            Reservation.state,
            Reservation.starts_at,
            Reservation.ends_at,
            Livestream.id,
            func.coalesce(Livestream.titles, Slot.titles),
            topic,
        )
        .join(ReservedResource, ReservedResource.reservation_id == Reservation.id)
        .outerjoin(Duty, Duty.id == Reservation.subject_id)
        .outerjoin(Slot, Slot.id == Reservation.subject_id)
        .outerjoin(
            Livestream,
            Livestream.id == func.coalesce(Duty.livestream_id, Reservation.subject_id),
        )
        .where(ReservedResource.resource_id == person_id)
        .where(ReservedResource.starts_at > span.starts_at - LONGEST)
        .where(ReservedResource.starts_at < span.ends_at, Reservation.ends_at > span.starts_at)
        .where(Reservation.state.in_(SHOWN))
        .where(
            Reservation.expires_at.is_(None)
            | ((Reservation.expires_at > now) & (Reservation.holder_id == viewer_id))
        )
        .order_by(Reservation.starts_at, Reservation.id)
    )
    return tuple(
        Booking(kind, state, Span(start, end), livestream_id, titles or {}, slug)
        for kind, state, start, end, livestream_id, titles, slug in rows
    )


def name_of(session: Session, *, person_id: str) -> Mapping[str, str] | None:
    """Return how a person who gives time is called, by language; None: there is nobody."""
    row = session.execute(
        select(Host.names, User.display_name)
        .select_from(User)
        .outerjoin(Host, Host.id == User.id)
        .where(User.id == person_id)
    ).one_or_none()
    if row is None:
        return None
    names: Mapping[str, str] | None = row[0]
    return names or {"": row[1]}


def _weekly(session: Session, person_id: str) -> tuple[Intervals, ...]:
    found: dict[int, list[Interval]] = defaultdict(list)
    for weekday, start, end in session.execute(
        select(WeeklyHours.weekday, WeeklyHours.start_minute, WeeklyHours.end_minute)
        .where(WeeklyHours.person_id == person_id)
        .order_by(WeeklyHours.weekday, WeeklyHours.start_minute)
    ):
        found[weekday].append(Interval(start, end))
    return tuple(tuple(found[weekday]) for weekday in WEEKDAYS)


def _dated(session: Session, person_id: str) -> dict[date, Day]:
    found: dict[date, Day] = {}
    for day, start, end, note in session.execute(
        select(DatedHours.day, DatedHours.start_minute, DatedHours.end_minute, DatedHours.note)
        .where(DatedHours.person_id == person_id)
        .order_by(DatedHours.day, DatedHours.start_minute)
    ):
        before = found.get(day, Day())
        added = (Interval(start, end),) if start < end else ()
        found[day] = Day((*before.intervals, *added), note)
    return found
