"""Who could moderate a livestream: everybody with the role, and what speaks against each."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from accounts.enums import Role
from accounts.models import User, user_roles
from catalog.models import Livestream, LivestreamTopic, Topic
from scheduler.duties.queries.duties import name_of_user
from scheduler.duties.queries.within_hours import within_hours
from scheduler.duties.rules import RECENT, STANDING, Candidate, in_turn
from scheduler.grid.rules import BUFFER
from scheduler.models import Cell, Duty, PersonTime, Reservation
from scheduler.spans import Span, cells_of

LONGEST_BUFFER: Final = 120  # minutes, as the table of personal times holds


def is_moderator(session: Session, *, person_id: str) -> bool:
    """Tell whether a person moderates and has an open account."""
    found = select(User.id).where(User.id == person_id, User.active, _has_role())
    return session.execute(found).one_or_none() is not None


def risks_of(session: Session, *, livestream_id: str) -> tuple[str, ...]:
    """Return the risks of the topics of a livestream."""
    about = LivestreamTopic.livestream_id == livestream_id
    joined = Topic.slug == LivestreamTopic.topic_slug
    return tuple(session.scalars(select(Topic.risk).join(LivestreamTopic, joined).where(about)))


def candidates_for(
    session: Session, *, livestream: Livestream, now: datetime, but: str | None = None
) -> list[Candidate]:
    """Return every moderator for a livestream: who can be chosen first, by fair rotation.

    ``but`` is a reservation that is about to be given back.
    """
    span = Span(livestream.starts_at, livestream.ends_at)
    people = _people(session)
    ids = [row.id for row in people]
    busy = _busy(session, ids, span.widened(LONGEST_BUFFER, LONGEST_BUFFER), now, but)
    open_to = within_hours(session, ids=ids, span=span)
    recent = _recent(session, livestream.starts_at)
    on_it = _on_duty(session, livestream.id)

    def against(row: Any) -> str:  # noqa: ANN401 -- a row
        taken = span.widened(row.buffer_before, row.buffer_after)
        if row.id == livestream.host_id:
            return "host"
        if row.id in on_it:
            return "assigned"
        if not busy[row.id].isdisjoint(cells_of(taken)):
            return "busy"
        return "" if open_to.get(row.id, True) else "hours"

    def candidate(row: Any) -> Candidate:  # noqa: ANN401 -- a row
        count, last_at = recent.get(row.id, (0, None))
        return Candidate(row.id, row.name, count, last_at, against(row), row.id in open_to)

    return in_turn([candidate(row) for row in people])


def _people(session: Session) -> Sequence[Any]:
    return session.execute(
        select(
            User.id,
            name_of_user().label("name"),
            func.coalesce(PersonTime.buffer_before, BUFFER).label("buffer_before"),
            func.coalesce(PersonTime.buffer_after, BUFFER).label("buffer_after"),
        )
        .outerjoin(PersonTime, PersonTime.person_id == User.id)
        .where(User.active, _has_role())
        .order_by(User.id)
    ).all()


def _has_role() -> Any:  # noqa: ANN401 -- an expression of SQL
    held = select(user_roles.c.user_id).where(user_roles.c.role_name == Role.MODERATOR.value)
    return User.id.in_(held)


def _busy(
    session: Session, ids: Sequence[str], span: Span, now: datetime, but: str | None
) -> Mapping[str, set[int]]:
    cells = cells_of(span)
    statement = (
        select(Cell.resource_id, Cell.number)
        .join(Reservation, Reservation.id == Cell.reservation_id)
        .where(Cell.resource_id.in_(ids))
        .where(Cell.number >= cells.start, Cell.number < cells.stop)
        .where(or_(Reservation.expires_at.is_(None), Reservation.expires_at > now))
    )
    if but is not None:
        statement = statement.where(Cell.reservation_id != but)
    found: defaultdict[str, set[int]] = defaultdict(set)
    for person_id, number in session.execute(statement):
        found[person_id].add(number)
    return found


def _recent(session: Session, around: datetime) -> dict[str, tuple[int, datetime]]:
    low, high = around - RECENT, around + RECENT
    rows = session.execute(
        select(Duty.moderator_id, func.count(), func.max(Livestream.starts_at))
        .join(Livestream, Livestream.id == Duty.livestream_id)
        .where(Duty.state.in_(STANDING))
        .where(Livestream.starts_at >= low, Livestream.starts_at <= high)
        .group_by(Duty.moderator_id)
    )
    return {person_id: (count, last) for person_id, count, last in rows}


def _on_duty(session: Session, livestream_id: str) -> frozenset[str]:
    standing = select(Duty.moderator_id).where(
        Duty.livestream_id == livestream_id, Duty.state.in_(STANDING)
    )
    return frozenset(session.scalars(standing))
