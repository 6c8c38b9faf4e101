"""The queue of proposals, each with what an editor needs to decide, and reasons given before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.enums import LivestreamState
from catalog.models import Host, Livestream
from catalog.queries import LivestreamView
from catalog.queries.views import LIVESTREAMS, livestream_views
from catalog.rules import is_verified, may_teach
from scheduler.enums import ReservationKind
from scheduler.grid.rules import STANDING
from scheduler.models import Reservation, SentBack
from scheduler.slots.queries import Clash, clashes_of
from scheduler.spans import Span

SHOWN: Final = 200
MOST_OTHERS: Final = 3
STANDING_STATES: Final = (
    LivestreamState.PROPOSED,
    LivestreamState.SCHEDULED,
    LivestreamState.LIVE,
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed livestream; ``others`` are at the same time, by other hosts."""

    livestream: LivestreamView
    is_verified: bool
    is_in_scope: bool
    is_kept: bool
    """Its time is reserved for it."""
    is_over: bool
    clash: Clash | None
    others: tuple[LivestreamView, ...]
    returned: SentBack | None
    """What was said when it was sent back before."""

    @property
    def can_be_accepted(self) -> bool:
        """Whether scheduling it now would succeed."""
        free = self.is_kept or self.clash is None
        return self.is_verified and self.is_in_scope and free and not self.is_over


def proposals(session: Session, *, now: datetime) -> tuple[Proposal, ...]:
    """Return what hosts have proposed, the soonest first."""
    statement = LIVESTREAMS.where(Livestream.state == LivestreamState.PROPOSED)
    rows = session.execute(statement.order_by(Livestream.starts_at).limit(SHOWN)).all()
    views = livestream_views(session, rows)
    if not views:
        return ()
    kept, kinds = _kept(session, views), _kinds(session, views)
    others, returns = _programme_around(session, views), _returns(session, views)
    return tuple(
        Proposal(
            livestream=view,
            is_verified=is_verified(view.host.verified_until, now),
            is_in_scope=may_teach(kinds.get(view.host.id, ""), view.scope),
            is_kept=view.id in kept,
            is_over=view.ends_at <= now,
            clash=None if view.id in kept else _clash(session, view, now),
            others=_at_the_same_time(view, others),
            returned=returns.get(view.id),
        )
        for view in views
    )


def last_return(session: Session, *, livestream_id: str) -> SentBack | None:
    """Return why a livestream was sent back the last time."""
    newest = select(SentBack).where(SentBack.livestream_id == livestream_id)
    return session.scalar(newest.order_by(SentBack.at.desc()).limit(1))


def reason_of_return(session: Session, *, livestream_id: str, state: str) -> str:
    """Return why a draft was sent back to its host; nothing for what has moved on since."""
    if state != LivestreamState.DRAFT:
        return ""
    returned = last_return(session, livestream_id=livestream_id)
    return returned.reason if returned else ""


def _clash(session: Session, view: LivestreamView, now: datetime) -> Clash | None:
    """Return what the host does then; only few proposals have no time kept for them."""
    span = Span(view.starts_at, view.ends_at)
    return clashes_of(session, person_id=view.host.id, spans=[span], now=now).get(span)


def _kept(session: Session, views: Sequence[LivestreamView]) -> frozenset[str]:
    statement = select(Reservation.subject_id).where(
        Reservation.kind == ReservationKind.LIVESTREAM,
        Reservation.subject_id.in_([view.id for view in views]),
        Reservation.state.in_(STANDING),
    )
    return frozenset(session.scalars(statement))


def _kinds(session: Session, views: Sequence[LivestreamView]) -> dict[str, str]:
    hosts = [view.host.id for view in views]
    rows = session.execute(select(Host.id, Host.credential_kind).where(Host.id.in_(hosts)))
    return {host_id: kind for host_id, kind in rows}  # noqa: C416 -- a row is no pair to mypy


def _returns(session: Session, views: Sequence[LivestreamView]) -> dict[str, SentBack]:
    ids = [view.id for view in views]
    rows = session.scalars(
        select(SentBack).where(SentBack.livestream_id.in_(ids)).order_by(SentBack.at)
    )
    return {row.livestream_id: row for row in rows}  # the last one wins


def _programme_around(
    session: Session, views: Sequence[LivestreamView]
) -> tuple[LivestreamView, ...]:
    """Return what is proposed, scheduled or live between the first proposal and the last."""
    rows = session.execute(
        LIVESTREAMS.where(Livestream.state.in_(STANDING_STATES))
        .where(Livestream.starts_at < max(view.ends_at for view in views))
        .where(Livestream.ends_at > min(view.starts_at for view in views))
        .order_by(Livestream.starts_at)
    ).all()
    return livestream_views(session, rows)


def _at_the_same_time(
    view: LivestreamView, others: Sequence[LivestreamView]
) -> tuple[LivestreamView, ...]:
    span = Span(view.starts_at, view.ends_at)
    found = [
        other
        for other in others
        if other.id != view.id and span.overlaps(Span(other.starts_at, other.ends_at))
    ]
    return tuple(found[:MOST_OTHERS])
