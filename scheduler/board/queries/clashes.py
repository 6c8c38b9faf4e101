"""Why livestreams have no time: what their hosts do then, for all of them in five statements."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from catalog.models import Livestream
from catalog.queries.texts import as_text, words_of
from scheduler.board.queries.conditions import is_reserved
from scheduler.board.rules.clashes import Clash, Rival, clash_of
from scheduler.board.rules.problems import TAKES_TIME, Entry
from scheduler.enums import ReservationKind
from scheduler.grid.rules import BUFFER, REACH, STANDING
from scheduler.models import Cell, Duty, PersonTime, Reservation, ReservedResource
from scheduler.spans import Span, cells_of

LONGEST_BUFFER = 120  # minutes, as the table of personal times holds


def clashes_of(session: Session, *, entries: Sequence[Entry], now: datetime) -> Mapping[str, Clash]:
    """Return for each of these livestreams without their time what is in the way."""
    if not entries:
        return {}
    hosts = sorted({entry.host_id for entry in entries})
    spans = {entry.id: span_of(entry) for entry in entries}
    around = Span(
        min(span.starts_at for span in spans.values()) - REACH,
        max(span.ends_at for span in spans.values()) + REACH,
    ).widened(LONGEST_BUFFER, LONGEST_BUFFER)
    buffers = _buffers(session, hosts)
    rivals = _rivals(session, hosts, around, buffers, now)
    busy = _busy(session, hosts, around, now)
    return {
        entry.id: clash_of(
            spans[entry.id],
            buffers=_of(buffers, entry.host_id),
            rivals=[one for one in rivals[entry.host_id] if one.subject_id != entry.id],
            busy=busy[entry.host_id],
            now=now,
        )
        for entry in entries
    }


def span_of(entry: Entry) -> Span:
    """Return the time of an entry."""
    return Span(datetime.fromtimestamp(entry.starts, UTC), datetime.fromtimestamp(entry.ends, UTC))


def _of(buffers: Mapping[str, tuple[int, int]], host_id: str) -> tuple[int, int]:
    return buffers.get(host_id, (BUFFER, BUFFER))


def _buffers(session: Session, hosts: Sequence[str]) -> dict[str, tuple[int, int]]:
    rows = session.execute(
        select(PersonTime.person_id, PersonTime.buffer_before, PersonTime.buffer_after).where(
            PersonTime.person_id.in_(hosts)
        )
    )
    return {person_id: (before, after) for person_id, before, after in rows}


def _busy(
    session: Session, hosts: Sequence[str], around: Span, now: datetime
) -> Mapping[str, set[int]]:
    cells = cells_of(around)
    found: defaultdict[str, set[int]] = defaultdict(set)
    for person_id, number in session.execute(
        select(Cell.resource_id, Cell.number)
        .join(Reservation, Reservation.id == Cell.reservation_id)
        .where(Cell.resource_id.in_(hosts))
        .where(Cell.number >= cells.start, Cell.number < cells.stop)
        .where(_stands(now))
    ):
        found[person_id].add(number)
    return found


def _rivals(
    session: Session,
    hosts: Sequence[str],
    around: Span,
    buffers: Mapping[str, tuple[int, int]],
    now: datetime,
) -> Mapping[str, list[Rival]]:
    """Return by host what has its time, and what should have it and has none either."""
    found: defaultdict[str, list[Rival]] = defaultdict(list)
    for row in _reserved(session, hosts, around, now):
        span = Span(row.starts_at, row.ends_at)
        taken = span.widened(row.buffer_before, row.buffer_after)
        titles = words_of(row.titles) if row.titles else {}
        subject_id = row.livestream_id or row.subject_id
        found[row.resource_id].append(Rival(subject_id, row.kind, titles, span, taken))
    for row in _unreserved(session, hosts, around, now):
        span = Span(row.starts_at, row.ends_at)
        taken = span.widened(*_of(buffers, row.host_id))
        kind = ReservationKind.LIVESTREAM
        found[row.host_id].append(Rival(row.id, kind, words_of(row.titles), span, taken))
    return found


def _reserved(session: Session, hosts: Sequence[str], around: Span, now: datetime) -> Iterable[Any]:
    livestream_id = func.coalesce(Duty.livestream_id, Reservation.subject_id)
    return session.execute(
        select(
            ReservedResource.resource_id,
            Reservation.kind,
            Reservation.subject_id,
            Reservation.starts_at,
            Reservation.ends_at,
            Reservation.buffer_before,
            Reservation.buffer_after,
            as_text(Livestream.titles),
            Livestream.id.label("livestream_id"),
        )
        .join(Reservation, Reservation.id == ReservedResource.reservation_id)
        .outerjoin(Duty, Duty.id == Reservation.subject_id)
        .outerjoin(Livestream, Livestream.id == livestream_id)
        .where(ReservedResource.resource_id.in_(hosts))
        .where(ReservedResource.starts_at >= around.starts_at)
        .where(ReservedResource.starts_at < around.ends_at)
        .where(Reservation.state.in_(STANDING), _stands(now))
    )


def _unreserved(
    session: Session, hosts: Sequence[str], around: Span, now: datetime
) -> Iterable[Any]:
    return session.execute(
        select(
            Livestream.id,
            Livestream.host_id,
            Livestream.starts_at,
            Livestream.ends_at,
            as_text(Livestream.titles),
        )
        .where(Livestream.host_id.in_(hosts), Livestream.state.in_(TAKES_TIME))
        .where(Livestream.starts_at >= around.starts_at, Livestream.starts_at < around.ends_at)
        .where(Livestream.ends_at > now, ~is_reserved())
    )


def _stands(now: datetime) -> Any:  # noqa: ANN401 -- an expression of SQL
    return or_(Reservation.expires_at.is_(None), Reservation.expires_at > now)
