"""What is known of the people whose time is asked for: as many queries for one date as for all."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.rules import Actor
from catalog.models import Host, Livestream
from catalog.rules import may_run
from scheduler.enums import ReservationKind
from scheduler.grid.queries import buffers_of
from scheduler.grid.rules import REACH
from scheduler.hours.queries import hours_of
from scheduler.hours.rules.expansion import open_spans
from scheduler.models import Cell, Reservation, ReservedResource
from scheduler.spans import Span, cells_of
from streams.planning.rules.dates import Asked, Blocker, Judged, Standing, judge

DAY = timedelta(days=1)
LONGEST_BUFFER = timedelta(hours=2)


def look_at_dates(
    session: Session, *, asked: Sequence[Asked], host_id: str, actor: Actor, now: datetime
) -> tuple[Judged, ...]:
    """Return the verdict on each date for this host; titles of others stay hidden from ``actor``.

    Livestreams named in ``asked`` are about to move: their own time stands in nobody's way.
    """
    standing = _standing(session, asked=asked, host_id=host_id, actor=actor, now=now)
    return judge(asked, standing, now)


def others_of(session: Session, *, livestream_ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return, per livestream, whose time it has reserved besides that of its host."""
    rows = session.execute(
        select(Reservation.subject_id, ReservedResource.resource_id)
        .join(ReservedResource, ReservedResource.reservation_id == Reservation.id)
        .where(
            Reservation.kind == ReservationKind.LIVESTREAM,
            Reservation.subject_id.in_(livestream_ids),
            ReservedResource.part != "host",
        )
        .order_by(Reservation.subject_id, ReservedResource.resource_id)
    )
    found: dict[str, tuple[str, ...]] = {}
    for subject_id, resource_id in rows:
        found[subject_id] = (*found.get(subject_id, ()), resource_id)
    return found


def _standing(
    session: Session, *, asked: Sequence[Asked], host_id: str, actor: Actor, now: datetime
) -> Standing:
    spans = [one.span for one in asked if one.span is not None]
    host = session.get(Host, host_id)
    return Standing(
        busy=_busy(session, asked=asked, around=_around(spans), actor=actor, now=now)
        if spans
        else {},
        buffers=buffers_of(session, person_id=host_id),
        verified_until=host.verified_until if host else None,
        hours=_hours(session, host_id, spans),
    )


def _hours(session: Session, host_id: str, spans: Sequence[Span]) -> tuple[Span, ...] | None:
    """Return when the host gives time on the days of ``spans``; None: they never said."""
    hours = hours_of(session, person_id=host_id)
    if hours.are_empty:
        return None
    days = (Span(one.starts_at - DAY, one.ends_at + DAY) for one in spans)
    return tuple(open_ for day in days for open_ in open_spans(hours, day))


def _around(spans: Sequence[Span]) -> Span:
    margin = REACH + LONGEST_BUFFER
    first, last = min(spans).starts_at, max(one.ends_at for one in spans)
    return Span(first - margin, last + margin)


def _busy(
    session: Session, *, asked: Sequence[Asked], around: Span, actor: Actor, now: datetime
) -> dict[str, dict[int, Blocker]]:
    cells = cells_of(around)
    moving = {one.livestream_id for one in asked}
    rows = session.execute(
        select(Cell.resource_id, Cell.number, Reservation.kind, Reservation.subject_id)
        .join(Reservation, Reservation.id == Cell.reservation_id)
        .where(Cell.resource_id.in_({name for one in asked for name in one.resources}))
        .where(Cell.number >= cells.start, Cell.number < cells.stop)
        .where(Reservation.expires_at.is_(None) | (Reservation.expires_at > now))
    ).all()
    taken = [
        (row.resource_id, row.number, row.subject_id if row.kind == "livestream" else "")
        for row in rows
        if row.kind != ReservationKind.LIVESTREAM or row.subject_id not in moving
    ]
    known = _known(session, {subject for _, _, subject in taken}, actor)
    found: dict[str, dict[int, Blocker]] = {}
    for resource_id, number, subject in taken:
        found.setdefault(resource_id, {})[number] = known.get(subject, Blocker())
    return found


def _known(session: Session, ids: Collection[str], actor: Actor) -> Mapping[str, Blocker]:
    """Return the livestreams among those in the way that ``actor`` runs."""
    rows = session.scalars(select(Livestream).where(Livestream.id.in_(ids)))
    return {one.id: Blocker(one.id, one.titles) for one in rows if may_run(one, actor)}
